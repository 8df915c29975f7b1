"""Where in its speech and in its file an offset stands: outline and page."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from rag.archive.rows import SpeechRow
from rag.types import Section


def section_path(speech: SpeechRow, at: int) -> list[Section]:
    """The outline nodes that an offset stands under, outermost first; points inside a paragraph are left out."""
    return [s for s in speech.sections if s.start <= at < s.end and s.kind != "inline"]


def section_name(section: Section) -> str:
    return f"{section.label}{section.heading}"


def page_starts(speech: SpeechRow, pages: Sequence[int]) -> list[tuple[int, int]]:
    """(offset in the speech, page number) for each page that the speech touches, in order.

    ``pages`` are the offsets in the source at which its pages start.
    """
    found: dict[int, int] = {}
    for start, source, length in speech.pieces:
        first, last = bisect_right(pages, source), bisect_right(pages, source + length - 1)
        for page in range(first, last + 1):
            found.setdefault(page, start + max(0, pages[page - 1] - source) if page else start)
    return sorted((offset, page) for page, offset in found.items() if page)


def page_at(starts: Sequence[tuple[int, int]], offset: int) -> int | None:
    """The page on which an offset stands, given `page_starts`."""
    n = bisect_right(starts, (offset, 1 << 30))
    return starts[n - 1][1] if n else None
