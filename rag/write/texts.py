"""The archive's speeches as plain texts to compare, and the places of what is found in them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from rag.archive.places import page_at, page_starts, section_name, section_path
from rag.archive.reader import Archive
from rag.archive.rows import SpeechRow
from rag.types import Place, Span
from rag.write.stream import Stream, stream_of


@dataclass(frozen=True)
class SpeechText:
    """One speech without its outline and marks. ``unit`` is its organisation, else its place."""

    id: int
    speech_id: str
    title: str
    file: str
    year: int | None
    date: str | None
    unit: str | None
    content_hash: str
    text: str

    @cached_property
    def stream(self) -> Stream:
        return stream_of(self.text)


def speech_texts(archive: Archive) -> Iterator[SpeechText]:
    """All speeches in the order of their files."""
    shown = archive.display_names()
    rows = archive.db.execute(
        "SELECT p.id, p.speech_id, p.title, p.source, p.year, p.date, coalesce(p.organisation, p.place), p.content_hash,"
        " p.text FROM speeches p JOIN sources s ON s.id = p.source ORDER BY s.name, s.path, p.ordinal"
    )
    for row in rows:
        yield SpeechText(row[0], row[1], row[2], shown[row[3]], *row[4:])


class Places:
    """Names places in an archive's speeches, each of which is read once."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._speeches: dict[str, SpeechRow] = {}
        self._pages: dict[str, list[tuple[int, int]]] = {}

    def speech(self, speech_id: str) -> SpeechRow:
        """One speech.

        Raises:
            UsageError: there is none with this id.
        """
        if speech_id not in self._speeches:
            self._speeches[speech_id] = self._archive.speech(speech_id)
        return self._speeches[speech_id]

    def place(self, speech_id: str, span: Span) -> Place:
        """Where a span of a speech stands."""
        speech = self.speech(speech_id)
        if speech_id not in self._pages:
            self._pages[speech_id] = page_starts(speech, self._archive.source_pages(speech.source_id))
        section = tuple(section_name(one) for one in section_path(speech, span.start))
        page = page_at(self._pages[speech_id], span.start)
        return Place(speech_id, speech.title, speech.file, speech.year, section, span.start, span.end, page)
