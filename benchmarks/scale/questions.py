"""Questions on the material's themes in everyday words, keywords and English; and filters to ask some of them under."""

from __future__ import annotations

import json
import random
from pathlib import Path

from benchmarks.scale.speeches import MATERIAL
from rag.types import Filters

FILTERS = (
    Filters(years=(2015, 2019)),
    Filters(years=(2024, 2024)),
    Filters(speaker=("章",), years=(2010, 2022)),
    Filters(genre=("讲话",), years=(2006, 2007)),
)


def questions(count: int, folder: Path = MATERIAL, seed: int = 5) -> list[str]:
    """Different questions, evenly drawn from ``pairs_*.jsonl``."""
    found = [
        question
        for path in sorted(folder.glob("pairs_*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
        for question in json.loads(line)["q"]
    ]
    distinct = list(dict.fromkeys(found))
    random.Random(seed).shuffle(distinct)
    return distinct[:count]
