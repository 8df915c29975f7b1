"""Places of the archive to show: their words, and what citing them takes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rag.archive.places import page_at, page_starts, section_name, section_path
from rag.archive.reader import Archive
from rag.archive.rows import SpeechRow
from rag.errors import ArchiveError
from rag.explore.themes import Theme, ThemePassage
from rag.text.normalize import skeleton
from rag.types import Place


@dataclass(frozen=True)
class Located:
    """``text`` is what stands at ``place``; ``copies`` are the places that say the same."""

    place: Place
    text: str
    copies: tuple[Place, ...] = ()


class Locator:
    """Spans of one speech as places to cite."""

    def __init__(self, speech: SpeechRow, pages: Sequence[int]) -> None:
        self._speech = speech
        self._starts = page_starts(speech, pages)

    @classmethod
    def of(cls, archive: Archive, speech: SpeechRow) -> Locator:
        return cls(speech, archive.source_pages(speech.source_id))

    def place(self, start: int, end: int) -> Place:
        one = self._speech
        path = tuple(section_name(section) for section in section_path(one, start))
        return Place(one.speech_id, one.title, one.file, one.year, path, start, end, page_at(self._starts, start))

    def __call__(self, start: int, end: int) -> Located:
        return Located(self.place(start, end), self._speech.text[start:end])


def representative(archive: Archive, theme: Theme, limit: int) -> list[Located]:
    """The passages that stand for a theme, each speech's nearest first; those that repeat another are put to it.

    Raises:
        ArchiveError: the archive has changed since its themes were found.
    """
    looked_at = 4 * limit
    groups = _grouped(archive, theme.representative(looked_at))
    while len(groups) < limit and looked_at < len(theme.passages):
        looked_at *= 4
        groups = _grouped(archive, theme.representative(looked_at))
    return [Located(first.place, first.text, tuple(one.place for one in rest)) for first, *rest in groups[:limit]]


def _grouped(archive: Archive, passages: Sequence[ThemePassage]) -> list[list[Located]]:
    """The passages in their order, those that say the same together."""
    speeches = {one.speech_id: one for one in speeches_named(archive, [one.speech_id for one in passages])}
    groups: dict[str, list[Located]] = {}
    for one in passages:
        if one.speech_id not in speeches:
            raise ArchiveError("档案刚刚有改动，请重试。")
        found = Locator.of(archive, speeches[one.speech_id])(one.start, one.end)
        groups.setdefault(skeleton(found.text), []).append(found)
    return list(groups.values())


def speeches_named(archive: Archive, speech_ids: Iterable[str]) -> list[SpeechRow]:
    """The speeches of these public ids that the archive has."""
    rows = dict(archive.db.execute("SELECT speech_id, id FROM speeches"))
    return archive.speeches({rows[one] for one in speech_ids if one in rows})


def in_batches(archive: Archive, rows: Iterable[int], size: int = 200) -> Iterator[Sequence[SpeechRow]]:
    """Speeches with their texts, a few at a time, by row id."""
    ordered = sorted(set(rows))
    for at in range(0, len(ordered), size):
        yield archive.speeches(ordered[at : at + size])
