"""Figures question by question: what means, and comparisons of means, are made of."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.evaluate.answer_metrics import AnswerFigures, CitedText, score_answers
from rag.evaluate.questions import Question
from rag.evaluate.run import NAMES
from rag.evaluate.runs import Run
from rag.evaluate.search_metrics import score_search

Floats = NDArray[np.floating[Any]]
ANSWERED, REFUSED, BALANCED = "answered", "refused", "balanced"


@dataclass(frozen=True)
class Column:
    """One figure of one run: a value for each question, NaN where the figure says nothing about the question.

    Precision, say, is NaN where a run refuses, so two runs may have it for different questions.
    """

    values: Floats

    def mean(self) -> float:
        """The figure; NaN when it says nothing about any question."""
        known = self.values[~np.isnan(self.values)]
        return float(known.mean()) if len(known) else math.nan

    def means(self, counts: Floats) -> Floats:
        """The figure over each of several samples: ``counts[r, q]`` is how often sample r has question q."""
        known = ~np.isnan(self.values)
        weight = counts @ known.astype(np.float64)
        total = counts @ np.where(known, self.values, 0.0)
        return np.divide(total, weight, out=np.full(len(counts), math.nan), where=weight > 0)


def columns(questions: Sequence[Question], run: Run) -> dict[str, Column]:
    """Columns by figure, in the order of the reference scorers, of what the run has: passages, answers or both.

    ``exact`` is not among them: it is a property of quotations, not of questions.
    """
    rows = [_row(question, run) for question in questions]
    names = [
        *(NAMES.values() if run.passages is not None else ()),
        *(_answer_names() if run.answers is not None else ()),
    ]
    return {name: Column(np.array([row.get(name, math.nan) for row in rows], dtype=np.float64)) for name in names}


def _answer_names() -> list[str]:
    return [field.name for field in fields(AnswerFigures) if field.name != "exact"]


def _row(question: Question, run: Run) -> dict[str, float]:
    row: dict[str, float] = {}
    if run.passages is not None and question.answerable:
        found = asdict(score_search(question, run.passages_of(question)))
        row |= {NAMES[key]: value for key, value in found.items()}
    if run.answers is not None:
        row |= answer_row(question, run.answer_of(question))
    return row


def answer_row(question: Question, quotes: Sequence[CitedText] | None) -> dict[str, float]:
    """The figures of one answer, those that apply to the question and to what was answered."""
    answers: Mapping[str, Sequence[CitedText] | None] = {question.id: quotes}
    found = asdict(score_answers([question], answers, {}))
    return {name: value for name, value in found.items() if value is not None}
