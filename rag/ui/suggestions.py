"""Questions to begin with, made of headings that stand in the archive."""

from __future__ import annotations

import re

import streamlit as st

from rag.archive.reader import Archive
from rag.i18n import current
from rag.i18n import gettext as _
from rag.types import Filters, Section

MANY = 6
LOOKED_AT = 60
_PLAIN = re.compile(r"[\u4e00-\u9fff]{6,14}")
_DULL = re.compile(
    r"同志们|各位|体会|几点|几个|几句|这个|还有|什么|哪里|年来|怎么|谢谢|指导思想|总体要求|工作回顾|主要(?:工作|任务)|存在|问题|不足|下一步|今年|去年|我|第[一二三四五六七八九十]"
)


def suggested(archive: Archive, generation: int) -> list[str]:
    """Up to `MANY` questions, each from another speech, the same for one state of the archive."""
    return _suggested(archive, str(archive.folder), generation, current())


@st.cache_data(show_spinner=False, max_entries=16)
def _suggested(_archive: Archive, folder: str, generation: int, language: str) -> list[str]:
    rows = sorted(_archive.matching_speeches(Filters()))
    looked_at = _archive.speeches(rows[:: max(1, len(rows) // LOOKED_AT)])
    headings = [heading for speech in looked_at if (heading := _best_heading(speech.sections))]
    step = max(1, len(headings) // MANY)
    chosen = list(dict.fromkeys(headings[::step]))[:MANY]
    return [_("关于{topic}，是怎么讲的？").format(topic=heading) for heading in chosen]


def _best_heading(sections: tuple[Section, ...]) -> str:
    """The shortest heading of the upper levels that reads like a subject, empty when there is none."""
    fit = [s.heading for s in sections if s.level <= 3 and _PLAIN.fullmatch(s.heading) and not _DULL.search(s.heading)]
    return min(fit, key=len, default="")
