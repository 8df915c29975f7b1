"""python -m benchmarks.encoder [--passages N] [--rounds N] [--out TABLE.md]"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.encoder.untrained import untrained
from benchmarks.page import command_line, page, put
from benchmarks.quality.__main__ import quiet
from rag import config
from rag.evaluate.questions import read_questions
from rag.evaluate.report import Table
from rag.evaluate.report_markdown import markdown_table

QUERIES = 40
ROWS = (
    ("ready", "from start to the first vector", "s"),
    ("rate", "passages", "characters/s"),
    ("p50", "a question, p50", "ms"),
    ("p95", "a question, p95", "ms"),
    ("memory", "peak memory of the process", "MB"),
    ("size", "on disk", "MB"),
)


def main(arguments: Sequence[str] | None = None) -> int:
    options = parser().parse_args(arguments)
    quiet()
    texts = passages(options.passages)
    with tempfile.TemporaryDirectory(prefix="yanju-bench-") as name:
        folder = Path(name)
        models = {"ours": config.MODELS / config.SHIPPED_MODEL, "peer": untrained(folder, texts)}
        queries = [one.query for one in read_questions(config.ROOT / "data" / "eval" / "questions.jsonl")][:QUERIES]
        (folder / "passages.json").write_text(json.dumps(texts), encoding="utf-8")
        (folder / "queries.json").write_text(json.dumps(queries), encoding="utf-8")
        # Taken in turns, so that whatever else the machine does meets both.
        rounds = [{who: measured(model, folder) for who, model in models.items()} for _ in range(options.rounds)]
    put(report(rounds, texts, command_line("benchmarks.encoder", arguments)), options.out)
    return 0


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(prog="python -m benchmarks.encoder", description="What the encoder costs to run.")
    top.add_argument("--passages", type=int, default=400, metavar="N", help="passages to encode (default 400)")
    top.add_argument("--rounds", type=int, default=3, metavar="N", help="processes of each (default 3)")
    top.add_argument("--out", metavar="TABLE.md")
    return top


def passages(count: int) -> list[str]:
    """Passages of 250 characters of the sample speeches."""
    read = (path.read_bytes().decode("utf-8", "ignore") for path in sorted((config.ROOT / "data" / "speeches").glob("*.txt")))
    cut = [text[at : at + 250] for text in read for at in range(0, len(text), 250)]
    return cut[:count]


def measured(model: Path, folder: Path) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.encoder.subject", model, folder / "passages.json", folder / "queries.json"]
    done = subprocess.run(command, cwd=config.ROOT, capture_output=True, text=True, check=True)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def report(rounds: Sequence[Mapping[str, Mapping[str, float]]], texts: Sequence[str], command: str) -> str:
    rows = []
    for key, what, unit in ROWS:
        ours, peer = (statistics.median(one[who][key] for one in rounds) for who in ("ours", "peer"))
        rows.append((what, unit, shown(ours), shown(peer), shown(ours / peer)))
    head = ("measurement", "unit", "yanju-static", "bge-small-zh-v1.5's shape, random weights", "ratio")
    about = (
        f"{len(texts)} passages, {sum(map(len, texts)):,} characters; medians of {len(rounds)} processes of each, "
        f"taken in turns; {os.cpu_count()} cores. Random weights cost what trained ones cost, and find nothing."
    )
    table = markdown_table(Table("", head, tuple(rows)))
    return page("What the encoder costs to run", command, [about, "", *table])


def shown(value: float) -> str:
    """Three significant digits."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


if __name__ == "__main__":
    sys.exit(main())
