"""What a speech says in its own words: its headings and the sentence that opens each part, at their offsets."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from rag.archive.rows import SpeechRow
from rag.ingest.marks import is_salutation
from rag.text.sentences import sentences, trim
from rag.types import Section, Span

_T = TypeVar("_T")
MOST = 8
SHORTEST = 12  # a shorter sentence says too little to stand for a part
_COURTESY = re.compile(
    "^(?:各位|同志们|大家好|尊敬的|首先，?(?:我)?(?:代表|向)|今天，?很高兴|谢谢)|(?:表示|致以)[^。]{0,12}(?:感谢|祝贺|问候|敬意|欢迎)"
)


@dataclass(frozen=True)
class SummaryPoint:
    """A part of a speech: its heading (None where it has none) and its lead sentence, both spans of the speech."""

    heading: Span | None
    lead: Span | None


def summarise(speech: SpeechRow, most: int = MOST) -> list[SummaryPoint]:
    """The parts of the highest level that has several, each with its opening sentence; without headings, the opening
    sentences of paragraphs, evenly spread. Nothing of it is worded anew."""
    parts = _parts(speech.sections)
    if not parts:
        leads = [lead for line in _lines(speech.text) if (lead := _lead(speech.text, line))]
        return [SummaryPoint(None, lead) for lead in _spread(leads, most)]
    points = []
    for section in _spread(parts, most):
        heading = trim(speech.text, section.start, section.heading_end)
        points.append(SummaryPoint(heading, _first(speech, section)))
    return points


def _parts(sections: Sequence[Section]) -> list[Section]:
    outlined = [s for s in sections if s.kind != "inline" and s.heading]
    for level in sorted({s.level for s in outlined}):
        found = [s for s in outlined if s.level == level]
        if len(found) > 1:
            return found
    return outlined


def _first(speech: SpeechRow, section: Section) -> Span | None:
    """The first sentence below a heading that is none itself and says enough."""
    headings = [(s.start, s.heading_end) for s in speech.sections if s.kind != "inline"]
    for line in _lines(speech.text, section.heading_end, section.end):
        inside = [b for a, b in headings if a <= line.start < b]
        if lead := _lead(speech.text, Span(max([line.start, *inside]), line.end)):
            return lead
    return None


def _lead(text: str, line: Span) -> Span | None:
    """The first sentence of a line that is neither a form of address nor a courtesy."""
    for span in sentences(text, *line):
        said = text[span.start : span.end]
        if len(said) >= SHORTEST and said[-1] in "。！？；”" and not is_salutation(said) and not _COURTESY.search(said):
            return span
    return None


def _lines(text: str, start: int = 0, end: int | None = None) -> list[Span]:
    end = len(text) if end is None else end
    out, at = [], start
    while at < end:
        stop = text.find("\n", at, end)
        stop = end if stop < 0 else stop
        out.append(Span(at, stop))
        at = stop + 1
    return out


def _spread(items: Sequence[_T], most: int) -> list[_T]:
    """At most so many items, evenly spaced, the first always."""
    if len(items) <= most:
        return list(items)
    return [items[n * len(items) // most] for n in range(most)]
