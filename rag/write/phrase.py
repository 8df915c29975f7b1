"""A piece of wording to take over: its words, what they do in their speech, and everywhere they stand."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rag.answer.verify import verified
from rag.archive.rows import PassageRow
from rag.errors import BrokenQuoteError, CitationError, UsageError
from rag.functions.labels import LABELS, SentenceFunction
from rag.search.retriever import Retriever
from rag.types import Place, Span

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Phrase:
    """``place`` is where ``text`` stands; ``core`` is the sentence that was looked for, without neighbours that it needs.

    ``context`` is the same place widened for reading, with its words in ``wide``. ``match`` is what a pattern met;
    ``also`` are the other places of the same words, near-identical ones included. ``function`` is None while the archive
    does not know the functions of its sentences.
    """

    rank: int
    score: float
    text: str
    function: SentenceFunction | None
    place: Place
    core: Span
    context: Place
    wide: str
    also: tuple[Place, ...] = ()
    match: Span | None = None

    @property
    def speeches(self) -> int:
        """Number of speeches that use it."""
        return len({place.speech_id for place in (self.place, *self.also)})


@dataclass(frozen=True)
class Phrases:
    """What was found. ``speeches`` counts those that use any of it; ``occurrences`` all places, shown or not.

    ``notices`` is what the reader must be told, one sentence each.
    """

    phrases: tuple[Phrase, ...]
    speeches: int
    occurrences: int
    notices: tuple[str, ...] = ()


def check_functions(labels: Iterable[str]) -> None:
    """Raises:
    UsageError: one of the labels is none of the twelve functions.
    """
    for label in labels:
        if label not in LABELS:
            raise UsageError("没有「{label}」这种句子功能。可选：{labels}。", label=label, labels="、".join(LABELS))


def function_at(row: PassageRow, offset: int) -> SentenceFunction | None:
    """The function of the sentence of a passage in which an offset of the speech lies."""
    numbers = (n for n, span in enumerate(row.sentences) if span.start <= offset < span.end)
    n = next(numbers, None)
    return row.functions[n] if n is not None and row.functions else None


def sound(retriever: Retriever, speech_row: int, *spans: Span) -> Span | None:
    """The first of the spans of a speech that is a quotation in its source as a whole; None when none of them is."""
    speech = retriever.speech(speech_row)
    source = retriever.archive.source_text(speech.source_id)
    for span in spans:
        try:
            verified(speech, span, source)
        except BrokenQuoteError:
            continue
        except CitationError as error:
            log.error("%s", error)
            continue
        return span
    return None


def distinct(places: Sequence[Place], shown: Place) -> tuple[Place, ...]:
    """The places in order, without those that overlap the one that is shown or an earlier one."""
    out: list[Place] = []
    for place in places:
        if not any(overlap(place, other) for other in (shown, *out)):
            out.append(place)
    return tuple(out)


def overlap(a: Place, b: Place) -> bool:
    """Whether two places share any character."""
    return a.speech_id == b.speech_id and a.start < b.end and b.start < a.end
