"""The full citation of a quotation, as an exported document prints it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.archive.places import page_at, page_starts, section_name, section_path
from rag.archive.reader import Archive
from rag.archive.rows import SpeechRow

SAMPLE = "示例（虚构）"
PATH_MARK = " › "


@dataclass(frozen=True)
class FullCitation:
    """Everything that says where a quotation comes from; empty where it is unknown. ``page`` counts from 1."""

    title: str
    organisation: str
    speaker: str
    post: str
    date: str
    part: str
    page: int | None
    file: str
    sample: bool

    @property
    def line(self) -> str:
        """All that is known, in one line."""
        organisation = "" if self.organisation in self.post else self.organisation
        who = " ".join(part for part in (organisation, self.post, self.speaker) if part)
        page = f"第{self.page}页" if self.page else ""
        mark = SAMPLE if self.sample else ""
        parts = (f"《{self.title}》", who, self.date, self.part, page, f"来源文件：{self.file}", mark)
        return "，".join(part for part in parts if part)


def full_citation(archive: Archive, speech: SpeechRow, offset: int, *, sample: bool) -> FullCitation:
    """The citation of what stands at an offset of a speech."""
    starts = page_starts(speech, archive.source_pages(speech.source_id))
    return FullCitation(
        speech.title,
        _value(speech, "organisation"),
        _value(speech, "speaker"),
        _value(speech, "post"),
        chinese_date(speech),
        PATH_MARK.join(section_name(section) for section in section_path(speech, offset)),
        page_at(starts, offset),
        speech.file,
        sample,
    )


def chinese_date(speech: SpeechRow) -> str:
    """The date as far as it is known: «2019年3月5日», «2019年3月», «2019年», or nothing."""
    match = re.fullmatch(r"(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?", _value(speech, "date"))
    if not match:
        return f"{speech.year}年" if speech.year else ""
    year, month, day = match.groups()
    return f"{year}年" + (f"{int(month)}月" if month else "") + (f"{int(day)}日" if month and day else "")


def _value(speech: SpeechRow, field: str) -> str:
    value = speech.metadata[field].value
    return "" if value is None else str(value)
