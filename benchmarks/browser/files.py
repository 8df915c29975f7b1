"""Generated files to upload: the lines of the sources' plain texts, each file in an order of its own."""

from __future__ import annotations

import random
from pathlib import Path

LINES = 40


def written(folder: Path, sources: Path, count: int) -> list[Path]:
    """So many text files of about `LINES` paragraphs. The same for the same sources."""
    folder.mkdir(parents=True)
    lines = [
        line
        for path in sorted([*sources.glob("*.txt"), *sources.glob("*.md")])
        for line in path.read_text(encoding="utf-8", errors="ignore").splitlines()
        if len(line) > 40
    ]
    chance = random.Random(count)
    paths = []
    for n in range(1, count + 1):
        path = folder / f"生成的讲话{n:03}.txt"
        body = "\n".join(chance.sample(lines, min(LINES, len(lines))))
        path.write_text(f"在第{n}次工作会议上的讲话\n同志们：\n{body}\n", encoding="utf-8")
        paths.append(path)
    return paths
