"""Runs a question file through search and answers, and puts the figures together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

from rag.answer.compose import Answerer
from rag.evaluate.answer_metrics import AnswerFigures, CitedText, score_answers
from rag.evaluate.questions import Question
from rag.evaluate.search_metrics import Ranked, SearchFigures, mean_figures, score_search
from rag.types import Answer

DEPTH = 20
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
    rows: dict[str, list[SearchFigures]] = {}
    answers: dict[str, Sequence[CitedText] | None] = {}
    for question in questions:
        hits = answerer.retriever.search(question.query, DEPTH).hits
        answers[question.id] = cited(answerer.ask(question.query))
        if question.answerable:
            figures = score_search(question, [Ranked(hit.place.file, hit.text) for hit in hits])
            for group in ("all", question.type):
                rows.setdefault(group, []).append(figures)
        tick()
    return {
        "search": {group: {"n": len(f), **_named(mean_figures(f))} for group, f in rows.items()},
        "answers": {"n": len(questions), **_answer_figures(score_answers(questions, answers, _sources(answerer)))},
    }


def cited(answer: Answer) -> list[CitedText] | None:
    """The quotations of an answer with their files; None for a refusal."""
    if not answer.answered:
        return None
    files = {c.n: c.place.file for c in answer.citations}
    return [CitedText(q.text, files[q.citation]) for point in answer.points for q in point.quotes]


def _named(figures: SearchFigures) -> dict[str, float]:
    return {NAMES[key]: round(value, 4) for key, value in asdict(figures).items()}


def _answer_figures(figures: AnswerFigures) -> dict[str, float | None]:
    values = {**asdict(figures), "balanced": figures.balanced}
    return {key: None if value is None else round(value, 4) for key, value in values.items()}


def _sources(answerer: Answerer) -> dict[str, str]:
    """Texts of the UTF-8 text files of the archive: the ones against which a quotation can be checked by anyone."""
    archive = answerer.retriever.archive
    return {
        source.display: archive.source_text(source.id)
        for source in archive.sources()
        if source.format == "txt" and (source.encoding or "").lower().replace("-", "").startswith(("utf8", "ascii"))
    }
