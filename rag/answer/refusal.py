"""Whether the archive supports an answer at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rag.answer.kinds import Kind, asked_kinds
from rag.answer.pool import Sentence

NO_EVIDENCE = "档案中没有找到直接依据"


@dataclass(frozen=True)
class Threshold:
    """When an answer is given.

    ``best`` is the least score of the best sentence, ``passage`` the least cosine of the best passage. A question for
    a fact needs a sentence that states one of the kind asked for, with at least ``fact`` of the best sentence's score;
    where it asks for several, each needs ``other_facts``.
    """

    best: float = 0.6
    passage: float = 0.2
    fact: float = 0.87
    other_facts: float = 0.7


def supported(question: str, pool: Sequence[Sentence], threshold: Threshold) -> bool:
    """Whether the pool (best first) answers the question."""
    if not pool or pool[0].score < threshold.best:
        return False
    if max(s.candidate.parts["passage"] for s in pool[:5]) < threshold.passage:
        return False
    nearness = [_stated_at(kind, pool) for kind in asked_kinds(question)]
    return not nearness or (max(nearness) >= threshold.fact and min(nearness) >= threshold.other_facts)


def _stated_at(kind: Kind, pool: Sequence[Sentence]) -> float:
    """Score of the best sentence that states a fact of the kind, as a share of the best sentence's; 0 for none."""
    return next((s.score / pool[0].score for s in pool if kind.stated.search(s.text)), 0.0)
