"""How a place in a speech is named: its line of citation, its part, its page."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

from rag.archive.rows import SpeechRow
from rag.i18n import gettext as _
from rag.text.sentences import sentences
from rag.types import Section, Span

PATH_MARK = " › "


def section_path(speech: SpeechRow, at: int) -> list[Section]:
    """The outline nodes that an offset stands under, outermost first; points inside a paragraph are left out."""
    return [s for s in speech.sections if s.start <= at < s.end and s.kind != "inline"]


def section_name(section: Section) -> str:
    return f"{section.label}{section.heading}"


def date_text(speech: SpeechRow) -> str:
    """The date as far as it is known, empty where it is not."""
    date = speech.metadata["date"].value
    match = re.fullmatch(r"(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?", str(date)) if date else None
    if not match:
        return _("{year}年").format(year=speech.year) if speech.year else ""
    year, month, day = (int(part) if part else None for part in match.groups())
    if month and day:
        return _("{year}年{month}月{day}日").format(year=year, month=month, day=day)
    return (_("{year}年{month}月") if month else _("{year}年")).format(year=year, month=month)


def speaker_text(speech: SpeechRow) -> str:
    return str(speech.metadata["speaker"].value or "")


def byline(speech: SpeechRow) -> str:
    """Speaker and date, whichever are known."""
    return " · ".join(part for part in (speaker_text(speech), date_text(speech)) if part)


def citation(speech: SpeechRow, start: int, page: int | None = None, *, sample: bool = False) -> str:
    """The line to cite: title, speaker, date, part, page; of a sample speech, that it is invented."""
    path = section_path(speech, start)
    parts = [
        f"《{speech.title}》",
        speaker_text(speech),
        date_text(speech),
        section_name(path[0]) if path else "",
        page_text(page),
        _("示例（虚构）") if sample else "",
    ]
    return "，".join(part for part in parts if part)


def page_text(page: int | None) -> str:
    return _("第{page}页").format(page=page) if page else ""


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


def neighbours(text: str, span: Span, window: int = 240) -> tuple[str, str]:
    """The sentences right before and right after a span, within its surroundings."""
    before = sentences(text, max(0, span.start - window), span.start)
    after = sentences(text, span.end, min(len(text), span.end + window))
    return (
        text[before[-1].start : before[-1].end] if before else "",
        text[after[0].start : after[0].end] if after else "",
    )
