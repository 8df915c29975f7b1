"""Whether the archive supports an answer at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rag.answer.pool import Sentence

NO_EVIDENCE = "档案中没有找到直接依据"


@dataclass(frozen=True)
class Threshold:
    """The least score of the best sentence with which an answer is given."""

    best: float = 0.8


def supported(pool: Sequence[Sentence], threshold: Threshold) -> bool:
    """Whether the best sentence is close enough to the question."""
    return bool(pool) and pool[0].score >= threshold.best
