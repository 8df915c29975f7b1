"""When the archive counts as silent: the refusal threshold of an encoder, and the allowance for requests for wording.

The threshold is the least nearness (`rag.answer.refusal`) of an answer. It is the one with the largest mean of the share of
answerable questions that are answered and of unanswerable ones that are refused, among those that answer at least
`LEAST_ANSWERED`; the lowest of equal ones. The questions are those of the sample archive, never the evaluation's.

A request for wording is farther from its answer than other questions are, as it speaks of figures of speech. The allowance is
the difference between the nearness that nine in ten found answers reach, for other questions and for such requests, over
written queries that the encoder has not seen.
"""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from rag.answer.compose import AnswerSettings
from rag.answer.pool import sentence_pool
from rag.answer.refusal import Threshold, nearness, supported
from rag.encoder.load import load_encoder
from rag.evaluate.questions import Question, read_questions
from rag.evaluate.search_metrics import covers
from rag.pipeline.run import Ingester
from rag.search.intent import PHRASE, read_intent
from rag.session import Session
from rag.types import Filters
from training.errors import TrainingError
from training.mix import archive_of
from training.written import load_written

LEAST_ANSWERED = 0.85
FOUND_WITHIN = 3
REACHED_BY_ALL_BUT = 0.1
FEWEST = 30
THRESHOLDS = np.round(np.arange(0.1, 0.7, 0.01), 2)


@dataclass(frozen=True)
class RefusalFit:
    """``answered`` and ``refused`` are shares of the sample archive's questions; ``queries`` counts the written ones."""

    least_nearness: float
    wording_allowance: float
    answered: float
    refused: float
    queries: int

    def as_json(self) -> dict[str, Any]:
        """What is stored beside the encoder."""
        about = (
            f"sample archive's questions: {self.answered:.3f} answered, {self.refused:.3f} refused; allowance: {self.queries} "
            f"found written queries that the encoder has not seen; python -m training refusal"
        )
        return {"least_nearness": self.least_nearness, "wording_allowance": self.wording_allowance, "fitted_on": about}


def fit_refusal(encoder: Path, data: Path, unseen: Path, questions: Path, sources: Path) -> RefusalFit:
    """Fits both on ``unseen`` (written pairs) and on ``questions`` about the files of ``sources``.

    Raises:
        TrainingError: too few written queries are found, or the questions are not of both kinds.
    """
    with tempfile.TemporaryDirectory() as folder:
        wording, others = _found_nearness(encoder, data, unseen, Path(folder))
    if min(len(wording), len(others)) < FEWEST:
        raise TrainingError(
            f"{unseen}: {len(wording)} requests for wording and {len(others)} other queries are found, {FEWEST} of each are needed"
        )
    allowance = max(0.0, round(float(np.quantile(others, REACHED_BY_ALL_BUT) - np.quantile(wording, REACHED_BY_ALL_BUT)), 2))
    asked = read_questions(questions)
    if len({bool(question.evidence) for question in asked}) < 2:
        raise TrainingError(f"{questions} needs answerable and unanswerable questions")
    with tempfile.TemporaryDirectory() as folder:
        reached = _reached(encoder, asked, sources, Path(folder) / "archive", allowance)
    answerable = [bool(question.evidence) for question in asked]
    threshold, answered, refused = best_threshold(answerable, reached)
    return RefusalFit(threshold, allowance, answered, refused, len(wording) + len(others))


def best_threshold(answerable: Sequence[bool], reached: Sequence[float]) -> tuple[float, float, float]:
    """(threshold, share answered, share refused) by the rule above. ``reached``: the highest threshold that answers.

    Raises:
        TrainingError: no threshold answers enough.
    """
    truth, score = np.array(answerable), np.array(reached)
    found = [
        (float(t), float(np.mean(score[truth] >= t)), float(np.mean(score[~truth] < t))) for t in THRESHOLDS
    ]
    enough = [one for one in found if one[1] >= LEAST_ANSWERED]
    if not enough:
        raise TrainingError(f"no threshold answers {LEAST_ANSWERED:.0%} of the answerable questions")
    return max(enough, key=lambda one: (round(one[1] + one[2], 9), -one[0]))


def _found_nearness(encoder: Path, data: Path, unseen: Path, folder: Path) -> tuple[list[float], list[float]]:
    """Nearness of the written queries whose passage is among the first, those for wording and the others."""
    asked = load_written(unseen)
    retriever = archive_of([*load_written(data), *asked], folder, encoder).retriever
    wording: list[float] = []
    others: list[float] = []
    for row in asked:
        for query in row.queries:
            ranked = retriever.rank(retriever.read(query), Filters())
            if any(covers(retriever.text(candidate.row), row.passage) for candidate in ranked[:FOUND_WITHIN]):
                (wording if read_intent(query) == PHRASE else others).append(nearness(ranked))
    return wording, others


def _reached(
    encoder: Path, asked: Sequence[Question], sources: Path, folder: Path, allowance: float
) -> list[float]:
    """For each question the highest threshold at which it is answered; 0 where it never is."""
    loaded = load_encoder(str(encoder))
    Ingester.open(folder, loaded).ingest_paths([sources])
    retriever = Session.open(folder, loaded).retriever
    out = []
    for question in asked:
        ranked = retriever.rank(retriever.read(question.query), Filters())
        able = supported(question.query, ranked, sentence_pool(retriever, ranked[: AnswerSettings().passages]), Threshold())
        more = allowance if read_intent(question.query) == PHRASE else 0.0
        out.append(nearness(ranked) + more if able else 0.0)
    return out
