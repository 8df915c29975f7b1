"""Lines of a source text, each with the offsets of its content."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from rag.ingest.emphasis import emphasis_marks
from rag.text.normalize import SPACE, skeleton
from rag.types import Removal, SourceText, Span

MARKUP = "markup"

_NARROW = re.compile("[\x00-\u2e7f]+")
_BREAK = re.compile("\r\n|[\n\r\f\v\x1c-\x1e\x85\u2028\u2029]")
# For str.strip, which takes linear time where a pattern anchored at the end would not. All white space is below U+FFFF.
_BLANK = "\x00" + "".join(char for char in map(chr, range(0x10000)) if SPACE.match(char))
_MARKUP = re.compile(r"(?:#{1,6}\s+|>\s?|[-*+]\s+(?=\S)|(?:-{3,}|\*{3,}|={3,}|_{3,})\s*$)+")


@dataclass(frozen=True)
class Line:
    """``source[start:end]`` is the line's content without surrounding white space; ``indent`` its leading width.

    ``marks`` are stretches before, in and behind the content that are no part of it, in order and each with its reason:
    ``text`` is ``source[start:end]`` without them. ``page`` counts from 0. An empty line has ``start == end``.
    """

    index: int
    start: int
    end: int
    text: str
    indent: int
    page: int
    marks: tuple[Removal, ...] = ()

    @property
    def spans(self) -> list[Span]:
        """The stretches of the source that make up ``text``."""
        out: list[Span] = []
        at = self.start
        for mark in self.marks:
            out.append(Span(at, min(mark.start, self.end)))
            at = max(at, mark.end)
        out.append(Span(at, self.end))
        return [span for span in out if span.end > span.start]

    def without(self, length: int, reason: str) -> Line:
        """The line without the first ``length`` characters of its text."""
        taken: list[Removal] = []
        left = length
        for start, end in self.spans:
            stop = min(end, start + left)
            taken += [Removal(start, stop, reason)] if stop > start else []
            left -= stop - start
        return replace(self, text=self.text[length:], marks=tuple(sorted([*self.marks, *taken])))

    @property
    def blank(self) -> bool:
        return self.start == self.end

    @property
    def key(self) -> str:
        """The line for comparison with others: letters, digits and CJK only."""
        return skeleton(self.text)


def split_lines(source: SourceText) -> list[Line]:
    """Every line of the source in order. Their contents, the white space between them, and in Markdown the marks
    (``#``, ``>``, list bullets, ``**``) are the whole text."""
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
        line = Line(len(lines), start, end, text[start:end], _width(text[at:start]), page)
        lines.append(_without_block_marks(line) if markdown else line)
        at = after
        page += mark == "\f"
    return _without_emphasis(lines) if markdown else lines


def _without_block_marks(line: Line) -> Line:
    """Markdown's marks before the content of a line, and the closing ones of a heading («## 一、认识 ##»)."""
    match = _MARKUP.match(line.text)
    if not match:
        return line
    start = line.start + match.end()
    text = line.text[match.end() :]
    marks = [Removal(line.start, start, MARKUP)]
    bare = text.rstrip("#")
    if "#" in match.group() and bare != text and SPACE.match(bare[-1:]):
        marks.append(Removal(start + len(bare), line.end, MARKUP))
        text = bare.rstrip(_BLANK)
    indent = line.indent + _width(match.group())
    return replace(line, start=start, end=start + len(text), text=text, indent=indent, marks=tuple(marks))


def _without_emphasis(lines: Sequence[Line]) -> list[Line]:
    out: list[Line] = []
    for line, spans in zip(lines, emphasis_marks([line.text for line in lines]), strict=True):
        marks = tuple(Removal(line.start + a, line.start + b, MARKUP) for a, b in spans)
        bare = "".join(line.text[b:c] for (_, b), (c, _) in pairwise([(0, 0), *spans, (len(line.text), 0)]))
        out.append(replace(line, text=bare, marks=tuple(sorted([*line.marks, *marks]))) if marks else line)
    return out


def _width(blank: str) -> int:
    """Width of leading white space in half-width columns."""
    return sum(2 if char == "\u3000" else 4 if char == "\t" else 1 for char in blank if char != "\ufeff")


def display_width(text: str) -> int:
    """Width of a text in half-width columns."""
    return 2 * len(text) - sum(map(len, _NARROW.findall(text)))
