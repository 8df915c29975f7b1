"""How a place in a speech is named: its line of citation, its part, its page."""

from __future__ import annotations

import re

from rag.archive.places import page_at as page_at
from rag.archive.places import page_starts as page_starts
from rag.archive.places import section_name, section_path
from rag.archive.rows import SpeechRow
from rag.i18n import gettext as _
from rag.text.sentences import sentences
from rag.types import Span

PATH_MARK = " › "


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


def neighbours(text: str, span: Span, window: int = 240) -> tuple[str, str]:
    """The sentences right before and right after a span, within its surroundings."""
    before = sentences(text, max(0, span.start - window), span.start)
    after = sentences(text, span.end, min(len(text), span.end + window))
    return (
        text[before[-1].start : before[-1].end] if before else "",
        text[after[0].start : after[0].end] if after else "",
    )
