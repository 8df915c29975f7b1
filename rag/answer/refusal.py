"""Whether the archive supports an answer at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rag.answer.kinds import Kind, asked_kinds
from rag.answer.pool import Sentence
from rag.search.intent import PHRASE, read_intent
from rag.search.scoring import Candidate

NO_EVIDENCE = "档案中没有找到直接依据"
TOP = 3
FIELD, SPREAD = 100, 0.03
FEW, TYPICAL = 30, 2.5  # among so few passages standing out tells nothing: then what is usual where there is an answer


@dataclass(frozen=True)
class Threshold:
    """When an answer is given.

    ``passage`` is the least `nearness`; it belongs to one encoder and is fitted on the sample archive's questions, never
    on the evaluation's. None for an encoder without such a fit. A request for wording is met ``wording`` farther away:
    its words are not those of what it asks for («打比方»), and nothing false is said by showing the nearest. A question
    for a fact needs a sentence that states one of the kind asked for, with at least ``fact`` of the best sentence's score;
    where it asks for several, each needs ``other_facts``.
    """

    passage: float | None = None
    wording: float = 0.0
    fact: float = 0.87
    other_facts: float = 0.7


def supported(question: str, ranked: Sequence[Candidate], pool: Sequence[Sentence], threshold: Threshold) -> bool:
    """Whether the ranked passages and their sentences (both best first) answer the question."""
    if not pool:
        return False
    if threshold.passage is not None and nearness(ranked) < threshold.passage - _allowed(question, threshold):
        return False
    stated = [_stated_at(kind, pool) for kind in asked_kinds(question)]
    return not stated or (max(stated) >= threshold.fact and min(stated) >= threshold.other_facts)


def _allowed(question: str, threshold: Threshold) -> float:
    return threshold.wording if read_intent(question) == PHRASE else 0.0


def nearness(ranked: Sequence[Candidate]) -> float:
    """Mean cosine of the best three passages, plus a little for how far the first stands out.

    That is its distance from the mean of the first hundred, in their standard deviations: where the archive is silent
    on a subject near its own, many passages are about equally near.
    """
    cosines = np.array([candidate.parts["passage"] for candidate in ranked[:FIELD]])
    if not len(cosines):
        return 0.0
    spread = float(cosines.std())
    few = len(cosines) < FEW or spread < 1e-6
    out = TYPICAL if few else (float(cosines[0]) - float(cosines.mean())) / spread
    return float(cosines[:TOP].mean()) + SPREAD * out


def _stated_at(kind: Kind, pool: Sequence[Sentence]) -> float:
    """Score of the best sentence that states a fact of the kind, as a share of the best sentence's; 0 for none."""
    return next((s.score / pool[0].score for s in pool if kind.stated.search(s.text)), 0.0)
