"""Lines of a source text, each with the offsets of its content."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.text.normalize import SPACE, skeleton
from rag.types import SourceText, Span

_NARROW = re.compile("[\x00-\u2e7f]+")
_BREAK = re.compile("\r\n|[\n\r\f\v\x1c-\x1e\x85\u2028\u2029]")
# For str.strip, which takes linear time where a pattern anchored at the end would not. All white space is below U+FFFF.
_BLANK = "\x00" + "".join(char for char in map(chr, range(0x10000)) if SPACE.match(char))
_MARKUP = re.compile(r"(?:#{1,6}\s+|>\s?|[-*+]\s+(?=\S)|(?:-{3,}|\*{3,}|={3,}|_{3,})\s*$)+")


@dataclass(frozen=True)
class Line:
    """``source[start:end]`` is the line's content without surrounding white space; ``indent`` its leading width.

    ``page`` counts from 0. ``markup`` is the span of Markdown marks before the content. An empty line has
    ``start == end``.
    """

    index: int
    start: int
    end: int
    text: str
    indent: int
    page: int
    markup: Span | None = None

    @property
    def blank(self) -> bool:
        return self.start == self.end

    @property
    def key(self) -> str:
        """The line for comparison with others: letters, digits and CJK only."""
        return skeleton(self.text)


def split_lines(source: SourceText) -> list[Line]:
    """Every line of the source in order. Their contents, the white space between them, and in Markdown the marks
    before them (#, >, list bullets) are the whole text."""
    markdown = source.format == "md"
    text = source.text
    lines: list[Line] = []
    at = page = 0
    breaks = [*((m.start(), m.end(), m.group()) for m in _BREAK.finditer(text)), (len(text), len(text), "")]
    for stop, after, mark in breaks:
        raw = text[at:stop]
        bare = raw.lstrip(_BLANK)
        start = stop - len(bare)
        end = start + len(bare.rstrip(_BLANK))
        markup = _MARKUP.match(text, start, end) if markdown else None
        marks = Span(*markup.span()) if markup else None
        start = marks.end if marks else start
        lines.append(Line(len(lines), start, end, text[start:end], _width(text[at:start]), page, marks))
        at = after
        page += mark == "\f"
    return lines


def _width(blank: str) -> int:
    """Width of leading white space in half-width columns."""
    return sum(2 if char == "\u3000" else 4 if char == "\t" else 1 for char in blank if char != "\ufeff")


def display_width(text: str) -> int:
    """Width of a text in half-width columns."""
    return 2 * len(text) - sum(map(len, _NARROW.findall(text)))
