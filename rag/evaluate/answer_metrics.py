"""Figures of cited answers: exactness, precision, recall, and whether it was right to answer."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from rag.evaluate.questions import Evidence, Question
from rag.text.normalize import squash

LONG_ENOUGH = 24
SHORTEST = 10
COUNTED = 8


@dataclass(frozen=True)
class CitedText:
    """A quotation of an answer and the file it is cited from."""

    text: str
    file: str


@dataclass(frozen=True)
class AnswerFigures:
    """Means over questions; None where nothing was there to be averaged."""

    exact: float | None
    precision: float | None
    recall: float | None
    answered: float | None
    refused: float | None
    chars: float | None

    @property
    def balanced(self) -> float | None:
        if self.answered is None or self.refused is None:
            return None
        return (self.answered + self.refused) / 2


def overlaps(a: str, b: str) -> bool:
    """Whether two texts share 60 % of the shorter one, or 24 characters. Fewer than 10 characters overlap nothing."""
    short, long = sorted((squash(a), squash(b)), key=len)
    if len(short) < SHORTEST:
        return False
    need = min(LONG_ENOUGH, math.ceil(0.6 * len(short)))
    return any(short[i : i + need] in long for i in range(len(short) - need + 1))


def score_answers(
    questions: Sequence[Question], answers: Mapping[str, Sequence[CitedText] | None], sources: Mapping[str, str]
) -> AnswerFigures:
    """Figures of answers by question id (None for a refusal); ``sources`` gives the texts of files to check against."""
    bare = {name: re.sub(r"\s+", "", text) for name, text in sources.items()}
    exact: list[float] = []
    precision: list[float] = []
    recall: list[float] = []
    answered: list[float] = []
    refused: list[float] = []
    chars: list[float] = []
    for question in questions:
        quotes = answers.get(question.id) or []
        exact += [float(re.sub(r"\s+", "", q.text) in bare[q.file]) for q in quotes if q.file in bare]
        if not question.answerable:
            refused.append(float(not quotes))
            continue
        answered.append(float(bool(quotes)))
        if quotes:
            precision.append(fmean(float(any(hits(q, e) for e in question.evidence)) for q in quotes))
            chars.append(float(sum(len(q.text) for q in quotes)))
        core = [e for e in question.evidence if e.grade == 2]
        if core:
            recall.append(min(1.0, sum(any(hits(q, e) for q in quotes) for e in core) / min(COUNTED, len(core))))
    return AnswerFigures(*(fmean(xs) if xs else None for xs in (exact, precision, recall, answered, refused, chars)))


def hits(quote: CitedText, evidence: Evidence) -> bool:
    """Whether a quotation is (part of) a piece of evidence."""
    return quote.file == evidence.file and overlaps(quote.text, evidence.quote)
