"""Paragraphs from lines: hard-wrapped lines are joined again, glued headings set free."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from rag.ingest.lines import Line, display_width
from rag.ingest.marks import heading_label, is_salutation, is_title, is_wrapped_title
from rag.types import Span

Paragraph = list[Span]  # source spans whose concatenation is the paragraph

_TERMINAL = re.compile(r"[。！？!?：:；;…][”’」』）)\"]*$")
_LATIN_EDGE = re.compile(r"[A-Za-z0-9,.;:!?)\"']$")
_GLUED = re.compile(r"(?<=[。！？!?；;”])\s*(?=[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[）)])")
MAX_WRAP = 130


def wrap_width(lines: Sequence[Line]) -> int | None:
    """The column at which the lines of a hard-wrapped text end, or None if the text is not hard-wrapped.

    A text counts as wrapped when most lines end within two characters of one margin no wider than
    `MAX_WRAP` half-width columns and a good part of those end in the middle of a sentence.
    """
    widths = sorted(line.indent + display_width(line.text) for line in lines)
    if len(widths) < 5:
        return None
    margin = widths[int(0.95 * (len(widths) - 1))]
    if not 24 <= margin <= MAX_WRAP or widths[-1] > margin * 1.3:
        return None
    full = [line for line in lines if line.indent + display_width(line.text) >= margin - 5]
    open_ended = [line for line in full if not _TERMINAL.search(line.text)]
    if len(full) < 0.4 * len(lines) or len(open_ended) < 0.3 * len(full):
        return None
    return margin


def is_open_ended(line: Line, margin: int) -> bool:
    """Whether a line reaches the margin in the middle of a sentence."""
    return line.indent + display_width(line.text) >= margin - 6 and not _TERMINAL.search(line.text)


def paragraphs(lines: Sequence[Line], margin: int | None, blanks: frozenset[int]) -> list[Paragraph]:
    """Groups content lines into paragraphs. ``blanks`` holds the indices of lines that follow a blank line."""
    indented = sum(line.indent >= 2 for line in lines) > max(1, 0.05 * len(lines))
    out: list[Paragraph] = []
    previous: Line | None = None
    for line in lines:
        if previous and _continues(previous, line, margin, indented, blanks):
            out[-1] += line.spans
        else:
            out.append(line.spans)
        previous = line
    return out


def _continues(a: Line, b: Line, margin: int | None, indented: bool, blanks: frozenset[int]) -> bool:
    if b.index == a.index + 1 and is_wrapped_title(a.text, b.text):
        return True
    if margin is None or b.index in blanks or a.indent + display_width(a.text) < margin - 6:
        return False
    if is_salutation(a.text) or is_title(a.text) or is_salutation(b.text):
        return False
    if indented and b.indent >= 2 and b.indent > a.indent:
        return False
    if heading_label(b.text) and (_TERMINAL.search(a.text) or heading_label(a.text)):
        return False
    return (indented and b.indent < 2 <= max(a.indent, 2)) or not _TERMINAL.search(a.text)


def glue(text: str, left: Span, right: Span) -> str:
    """What stands between two joined lines: nothing in Chinese, a space between Latin words."""
    a, b = text[left.start : left.end], text[right.start : right.end]
    apart = any(map(str.isspace, text[left.end : right.start]))
    return " " if apart and _LATIN_EDGE.search(a) and re.match(r"[A-Za-z(\"']", b) else ""


def free_glued_headings(text: str, paragraph: Paragraph) -> list[Paragraph]:
    """Splits a paragraph before a heading that follows a full stop without a line break («…指正。一、首先…»)."""
    if any(text[a.end : b.start].strip("*_") for a, b in pairwise(paragraph)):
        return [paragraph]  # of several lines
    out: list[Paragraph] = [[]]
    for start, end in paragraph:
        cuts = [m.end() for m in _GLUED.finditer(text, start, end) if start < m.end() < paragraph[-1].end - 4]
        first, *others = pairwise([start, *cuts, end])
        out[-1].append(Span(*first))
        out += [[Span(*other)] for other in others]
    return out
