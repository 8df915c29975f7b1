"""The shapes of the answers, for the OpenAPI document. A test holds them equal to what is sent.

Offsets count Unicode code points in the cleaned speech and are half-open: ``text == speech.text[start:end]``.
"""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Shape(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Span(Shape):
    start: int
    end: int


class Duplicate(Span):
    speech_id: str
    file: str


class Place(Span):
    """Where a text stands. ``page`` counts from 1 and is null for formats without pages."""

    speech_id: str
    title: str
    file: str
    year: int | None
    section: list[str]
    page: int | None


class Hit(Place):
    rank: int
    score: float
    text: str
    best: Span
    duplicates: list[Duplicate]


class Citation(Place):
    n: int


class Quote(Span):
    """``citation`` and ``also`` are numbers of citations; the offsets are those of ``citation``."""

    text: str
    citation: int
    also: list[int]


class Point(Shape):
    heading: str
    quotes: list[Quote]


class Coverage(Shape):
    speeches_found: int
    speeches_cited: int
    quotes: int


class Answer(Shape):
    """``nearest`` is filled where ``answered`` is false."""

    question: str
    answered: bool
    points: list[Point]
    citations: list[Citation]
    coverage: Coverage
    nearest: list[Hit]
    notices: list[str]


class Wide(Span):
    text: str


class Elsewhere(Duplicate):
    title: str


class Phrase(Place):
    """``text`` is the sentence with the neighbours that it needs, ``sentence`` where it stands itself, ``context`` wider.

    ``function`` and ``confidence`` are null while the archive does not know the functions of its sentences.
    """

    rank: int
    score: float
    text: str
    function: str | None
    confidence: float | None
    sentence: Span
    match: Span | None
    context: Wide
    speeches: int
    also: list[Elsewhere]


class Speech(Shape):
    speech_id: str
    title: str
    file: str
    part: int
    year: int | None
    speaker: str | None
    genre: str | None
    chars: int
    flags: list[str]
    duplicates: list[str]


class Found(Shape):
    """A value, where it was read, and how sure (0 to 1)."""

    value: str | int | None
    where: str
    confidence: float


class Section(Span):
    level: int
    label: str
    heading: str


class Flag(Span):
    kind: str
    note: str


class SpeechDetail(Speech):
    metadata: dict[str, Found]
    outline: list[Section]
    flags_at: list[Flag]
    text: str


class Health(Shape):
    status: str
    version: str
    sample: bool
    generation: int
    speeches: int
