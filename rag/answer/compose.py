"""From a question to an answer: select, verify, group, cite."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace

from rag.answer.grouping import Quoted, grouped
from rag.answer.pool import Sentence, sentence_pool
from rag.answer.refusal import NO_EVIDENCE, Threshold, supported
from rag.answer.select import Pick, Plan, plan_for, select
from rag.answer.verify import verified
from rag.answer.years import years_notice
from rag.errors import BrokenQuoteError, CitationError
from rag.search.duplicates import near_duplicate, shingles
from rag.search.intent import read_intent
from rag.search.retriever import Retriever
from rag.types import Answer, Citation, Filters, Place, Point, Quote, Span

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class AnswerSettings:
    """What surrounds the quotations, and when there are none.

    ``threshold`` overrides the one that belongs to the encoder, ``plan`` the one that the question suggests.
    """

    passages: int = 40
    nearest: int = 5
    more: int = 12
    threshold: Threshold | None = None
    plan: Plan | None = None


class Answerer:
    """Answers questions from one archive."""

    def __init__(self, retriever: Retriever, settings: AnswerSettings | None = None) -> None:
        self.retriever = retriever
        self.settings = settings or AnswerSettings()
        fitted = retriever.encoder.calibration
        self.threshold = self.settings.threshold or Threshold(fitted.least_nearness, fitted.wording_allowance)

    def ask(self, question: str, filters: Filters | None = None, expand: bool = True) -> Answer:
        """An answer made of verbatim quotations, or a refusal with the nearest passages.

        Raises:
            UsageError: the question is empty.
        """
        with self.retriever.archive.snapshot():
            return self._ask(question, filters or Filters(), expand)

    def _ask(self, question: str, filters: Filters, expand: bool) -> Answer:
        query = self.retriever.read(question, expand)
        ranked = self.retriever.rank(query, filters)
        results = self.retriever.present(query, ranked, max(self.settings.more, self.settings.nearest), filters)
        pool = sentence_pool(self.retriever, ranked[: self.settings.passages])
        notices = results.notices
        plan = self.settings.plan or plan_for(question)
        quoted = self._quote(pool, plan) if supported(question, ranked, pool, self.threshold) else []
        if not quoted:
            return Answer(
                question, False, (), (), 0, results.hits[: self.settings.nearest], (), (NO_EVIDENCE, *notices)
            )
        points, citations = _cite(grouped(quoted, read_intent(question)))
        found = {s.speech.id for s in pool if s.score >= plan.cut * pool[0].score}
        told = years_notice(question, points, {citation.n: citation.place for citation in citations})
        return Answer(question, True, points, citations, len(found), (), results.hits, (*notices, *filter(None, [told])))

    def _quote(self, pool: Sequence[Sentence], plan: Plan) -> list[Quoted]:
        """Selected quotations; the same words said elsewhere become further citations of the first."""
        quoted: list[Quoted] = []
        for chosen in select(pool, plan):
            pick, text = self._sound(chosen)
            if text is None:
                continue
            own = shingles(text)
            twin = next((n for n, q in enumerate(quoted) if near_duplicate(shingles(q.text), own)), None)
            if twin is None:
                quoted.append(Quoted(pick, text))
            else:
                quoted[twin] = replace(quoted[twin], also=(*quoted[twin].also, pick))
        return [replace(q, also=(*q.also, *self._repeats(q, pool))) for q in quoted]

    def _repeats(self, quoted: Quoted, pool: Sequence[Sentence]) -> list[Pick]:
        """Where other speeches say the quoted words again."""
        known = {quoted.pick.sentence.speech.id, *(p.sentence.speech.id for p in quoted.also)}
        length = quoted.pick.span.end - quoted.pick.span.start
        offset = quoted.pick.sentence.span.start - quoted.pick.span.start
        own = shingles(quoted.text)
        out: list[Pick] = []
        for sentence in pool:
            if sentence.speech.id in known or float(sentence.vector @ quoted.pick.sentence.vector) < 0.95:
                continue
            start = max(0, sentence.span.start - offset)
            pick = Pick(sentence, Span(start, min(len(sentence.speech.text), start + length)))
            text = self._verified(pick)
            if text and near_duplicate(own, shingles(text)):
                known.add(sentence.speech.id)
                out.append(pick)
        return out

    def _sound(self, pick: Pick) -> tuple[Pick, str | None]:
        """The pick with its verified text, or its bare sentence where the widened span is broken in the source.

        A heading alone is no quotation.
        """
        text = self._verified(pick)
        if text is None and pick.span != pick.sentence.span and not pick.sentence.is_heading:
            pick = Pick(pick.sentence, pick.sentence.span)
            text = self._verified(pick)
        return pick, text

    def _verified(self, pick: Pick) -> str | None:
        speech = pick.sentence.speech
        try:
            return verified(speech, pick.span, self.retriever.archive.source_text(speech.source_id))
        except BrokenQuoteError:
            return None
        except CitationError as error:
            log.error("%s", error)
            return None


def _cite(groups: Sequence[tuple[str, list[Quoted]]]) -> tuple[tuple[Point, ...], tuple[Citation, ...]]:
    """Points with numbered citations, one number a place."""
    numbers: dict[tuple[int, Span], int] = {}
    citations: list[Citation] = []

    def number(pick: Pick) -> int:
        key = (pick.sentence.speech.id, pick.span)
        if key not in numbers:
            numbers[key] = len(numbers) + 1
            citations.append(Citation(numbers[key], _place(pick)))
        return numbers[key]

    points = []
    for heading, group in groups:
        quotes = []
        for q in group:
            n = number(q.pick)
            quotes.append(Quote(q.text, n, q.pick.span.start, q.pick.span.end, tuple(number(p) for p in q.also)))
        points.append(Point(heading, tuple(quotes)))
    return tuple(points), tuple(citations)


def _place(pick: Pick) -> Place:
    row, speech = pick.sentence.candidate.row, pick.sentence.speech
    return Place(
        speech.speech_id, speech.title, speech.file, speech.year, row.section, pick.span.start, pick.span.end, row.page
    )
