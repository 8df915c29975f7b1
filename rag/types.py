"""The data that flows through the package: frozen dataclasses, in the order in which they come to be.

All offsets count Unicode code points and are half-open: ``text[start:end]``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple


class Span(NamedTuple):
    """A half-open range of characters."""

    start: int
    end: int


@dataclass(frozen=True)
class SourceText:
    """What a reader makes of one file: its whole text, nothing cleaned away.

    ``pages`` holds the offset at which each page starts (empty where the format has no pages);
    consecutive pages are joined by one form feed. ``generated`` marks characters that the file shows
    but does not store, such as the numbers Word makes. ``boilerplate`` marks what the reader's
    extractor takes for furniture (navigation, footers). ``headings`` are spans of lines that the format
    itself marks as headings.
    """

    text: str
    format: str
    pages: tuple[int, ...] = ()
    generated: tuple[Span, ...] = ()
    boilerplate: tuple[Span, ...] = ()
    headings: tuple[Span, ...] = ()
    title: str | None = None
    encoding: str | None = None
    notes: tuple[str, ...] = ()


class Removal(NamedTuple):
    """Characters of the source that stand in no speech, and why."""

    start: int
    end: int
    reason: str


class Piece(NamedTuple):
    """``length`` characters at ``start`` in the speech come from ``source`` in the source text.

    Speech characters that no piece covers were inserted by cleaning and are always white space.
    """

    start: int
    source: int
    length: int


@dataclass(frozen=True)
class Found:
    """One metadata value: what, where it was read (a human-readable locator), how sure (0 to 1)."""

    value: str | int | None
    where: str = ""
    confidence: float = 0.0


class Flag(NamedTuple):
    """Damage or a peculiarity at ``text[start:end]`` of a speech (0, 0 when it concerns the whole)."""

    kind: str
    start: int
    end: int
    note: str


@dataclass(frozen=True)
class Section:
    """A node of the outline. ``kind`` is the kind of its label (see `rag.ingest.marks.LEVELS`).

    ``start`` is where its heading begins, ``end`` where the next node that is not below it does.
    """

    kind: str
    level: int
    label: str
    heading: str
    start: int
    heading_end: int
    end: int
    parent: int | None


@dataclass(frozen=True)
class Passage:
    """A run of whole sentences under one heading: ``speech.text[start:end]``."""

    start: int
    end: int
    section: tuple[str, ...]
    sentences: tuple[Span, ...]


@dataclass(frozen=True)
class Speech:
    """One cleaned speech with everything that ingestion finds out about it.

    ``metadata`` has the keys title, occasion, speaker, post, organisation, place, date, year, genre and language.
    """

    text: str
    pieces: tuple[Piece, ...]
    metadata: Mapping[str, Found]
    sections: tuple[Section, ...]
    passages: tuple[Passage, ...]
    flags: tuple[Flag, ...] = ()

    @property
    def title(self) -> str:
        return str(self.metadata["title"].value)


@dataclass(frozen=True)
class Document:
    """One source file, taken apart: ``speeches`` and ``removals`` cover its text exactly once."""

    source: SourceText
    speeches: tuple[Speech, ...]
    removals: tuple[Removal, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Filters:
    """What a search is limited to. Empty means no limit.

    ``function``: passages with a sentence of any of these functions (`rag.functions.labels.LABELS`).
    """

    years: tuple[int, int] | None = None
    speaker: tuple[str, ...] = ()
    organisation: tuple[str, ...] = ()
    place: tuple[str, ...] = ()
    genre: tuple[str, ...] = ()
    speech_ids: tuple[str, ...] = ()
    contains: str = ""
    function: tuple[str, ...] = ()

    @property
    def active(self) -> bool:
        return self != Filters()


@dataclass(frozen=True)
class Place:
    """Where a quotation stands: enough to print a citation and to open it."""

    speech_id: str
    title: str
    file: str
    year: int | None
    section: tuple[str, ...]
    start: int
    end: int
    page: int | None


@dataclass(frozen=True)
class Hit:
    """One search result. ``scores`` keeps the parts of the mix; ``best`` is the sentence that matched best."""

    rank: int
    score: float
    passage_id: int
    place: Place
    text: str
    best: Span
    scores: Mapping[str, float] = field(default_factory=dict)
    duplicates: tuple[Place, ...] = ()


@dataclass(frozen=True)
class Quote:
    """A verbatim sentence (or run of sentences) with the numbers of its citations."""

    text: str
    citation: int
    start: int
    end: int
    also: tuple[int, ...] = ()


@dataclass(frozen=True)
class Point:
    """Quotes that make one point, under a heading taken from the text."""

    heading: str
    quotes: tuple[Quote, ...]


@dataclass(frozen=True)
class Citation:
    """A numbered source of an answer."""

    n: int
    place: Place


@dataclass(frozen=True)
class Answer:
    """An extractive answer. ``nearest`` is filled when nothing in the archive supports one."""

    question: str
    answered: bool
    points: tuple[Point, ...]
    citations: tuple[Citation, ...]
    speeches_found: int
    nearest: tuple[Hit, ...] = ()
    more: tuple[Hit, ...] = ()
    notices: tuple[str, ...] = ()

    @property
    def quotes(self) -> int:
        return sum(len(point.quotes) for point in self.points)

    @property
    def speeches_cited(self) -> int:
        return len({citation.place.speech_id for citation in self.citations})
