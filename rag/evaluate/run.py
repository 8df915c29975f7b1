"""Runs a question file through search and answers, and puts the figures together."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from rag.answer.compose import Answerer
from rag.evaluate.answer_metrics import AnswerFigures, score_answers
from rag.evaluate.questions import Question
from rag.evaluate.runs import Run, collect
from rag.evaluate.search_metrics import SearchFigures, mean_figures, score_search

ALL = "all"
NAMES = {
    "ndcg": "ndcg@10",
    "mrr": "mrr@10",
    "hit_1": "hit@1",
    "hit_5": "hit@5",
    "recall": "recall@10",
    "recall_2000c": "recall@2000c",
}


def evaluate(
    questions: Sequence[Question], answerer: Answerer, tick: Callable[[], None] = lambda: None
) -> dict[str, Any]:
    """{"search": {"all": {…}, type: {…}}, "answers": {…}} with the names and rounding of the reference scorers."""
    return figures_of(questions, collect(questions, answerer, tick), source_texts(answerer))


def figures_of(questions: Sequence[Question], run: Run, sources: Mapping[str, str]) -> dict[str, Any]:
    """The same figures of a run that is already there; ``sources`` gives the texts to check quotations against."""
    answers = score_answers(questions, run.answers or {}, sources)
    return {
        "search": search_figures(questions, run),
        "answers": {"n": len(questions), **answer_figures(answers)},
    }


def search_figures(questions: Sequence[Question], run: Run) -> dict[str, dict[str, float]]:
    """Means over the answerable questions by type, ``all`` first."""
    rows: dict[str, list[SearchFigures]] = {}
    for question in questions:
        if question.answerable:
            figures = score_search(question, run.passages_of(question))
            for group in (ALL, question.type):
                rows.setdefault(group, []).append(figures)
    return {group: {"n": len(f), **named(mean_figures(f))} for group, f in rows.items()}


def named(figures: SearchFigures) -> dict[str, float]:
    return {NAMES[key]: round(value, 4) for key, value in asdict(figures).items()}


def answer_figures(figures: AnswerFigures) -> dict[str, float | None]:
    rounded = AnswerFigures(*(None if value is None else round(value, 4) for value in asdict(figures).values()))
    balanced = rounded.balanced  # the reference takes the mean of the rounded figures, and rounds it again
    return {**asdict(rounded), "balanced": None if balanced is None else round(balanced, 4)}


def source_texts(answerer: Answerer) -> dict[str, str]:
    """Texts of the UTF-8 text files of the archive: the ones against which a quotation can be checked by anyone."""
    archive = answerer.retriever.archive
    return {
        source.display: archive.source_text(source.id)
        for source in archive.sources()
        if source.format == "txt" and (source.encoding or "").lower().replace("-", "").startswith(("utf8", "ascii"))
    }
