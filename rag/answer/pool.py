"""The sentences an answer can be made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rag.answer.leaning import Neighbours
from rag.archive.rows import SpeechRow
from rag.encoder.base import Vectors
from rag.ingest.marks import heading_label, is_salutation, is_title
from rag.search.retriever import Retriever
from rag.search.scoring import Candidate
from rag.text.normalize import squash
from rag.types import Span

MIN_QUOTE = 10
PASSAGE_WEIGHT = 0.6
COVERAGE_WEIGHT = 0.6


@dataclass(frozen=True)
class Sentence:
    """A sentence (or a run of them that belongs together) as a possible quotation."""

    candidate: Candidate
    speech: SpeechRow
    span: Span
    score: float
    vector: Vectors

    @property
    def text(self) -> str:
        return self.speech.text[self.span.start : self.span.end]

    @property
    def beside(self) -> Neighbours:
        """The sentences of its passage."""
        return Neighbours(self.speech.text, self.candidate.row.sentences, self.candidate.row.section)

    @property
    def is_heading(self) -> bool:
        """Whether it is but the heading of the next sentence."""
        return self.beside.is_heading(self.candidate.row.sentences.index(self.span))


def sentence_pool(retriever: Retriever, ranked: Sequence[Candidate]) -> list[Sentence]:
    """Quotable sentences of ranked passages, best first.

    A sentence's score is its cosine to the question, `COVERAGE_WEIGHT` of how well it meets the question's words, and
    `PASSAGE_WEIGHT` of its passage's rank score.
    """
    pool: list[Sentence] = []
    for candidate in ranked:
        speech = retriever.speech(candidate.row.speech)
        for n, span in enumerate(candidate.row.sentences):
            if quotable(speech.text[span.start : span.end]):
                score = (
                    float(candidate.sentence_scores[n])
                    + COVERAGE_WEIGHT * float(candidate.sentence_coverage[n])
                    + PASSAGE_WEIGHT * candidate.score
                )
                pool.append(Sentence(candidate, speech, span, score, candidate.row.sentence_vectors[n]))
    return sorted(pool, key=lambda s: (-s.score, s.speech.id, s.span))


def quotable(text: str) -> bool:
    """Whether a sentence says something: no bare title or heading, salutation or fragment."""
    if len(squash(text)) < MIN_QUOTE or len(text) > 400 or is_salutation(text) or is_title(text.lstrip("—–- 　")):
        return False
    ends = text[-1] in "。！？!?；;…”）)" or len(squash(text)) >= 16
    return ends and not (heading_label(text) is not None and text[-1] not in "。！？!?；;" and len(text) < 40)


def with_context(sentence: Sentence, scores: Mapping[Span, float], longest: int, share: float) -> Span:
    """The span to quote: widened where the sentence cannot stand alone, and over neighbours that answer as well.

    ``scores`` gives the scores of the speech's sentences by span; a neighbour joins when it has ``share`` of the
    sentence's own and stands in the same paragraph. The span stays within its passage and ``longest`` characters.
    """
    spans = sentence.candidate.row.sentences
    text = sentence.speech.text
    at = spans.index(sentence.span)
    beside = sentence.beside

    def fits(a: int, b: int) -> bool:
        return a >= 0 and b < len(spans) and spans[b].end - spans[a].start <= longest

    def whole(a: int, b: int) -> tuple[int, int]:
        while (beside.needs_before(a) or beside.open_quotation(a, b) < 0) and fits(a - 1, b):
            a -= 1
        while (beside.needs_after(b) or beside.open_quotation(a, b) > 0) and fits(a, b + 1):
            b += 1
        while b > at and beside.is_half(b):
            b -= 1
        return a, b

    head = beside.table_head(at)
    first, last = whole(head if fits(head, at) else at, at)
    while True:
        options = []
        if fits(first - 1, last) and "\n" not in text[spans[first - 1].end : spans[first].start]:
            options.append((scores.get(spans[first - 1], -1.0), first - 1, last))
        if fits(first, last + 1) and "\n" not in text[spans[last].end : spans[last + 1].start]:
            options.append((scores.get(spans[last + 1], -1.0), first, last + 1))
        if not options or max(options)[0] < share * sentence.score:
            first, last = whole(first, last)
            return Span(spans[first].start, spans[last].end)
        _, first, last = max(options)
