"""The outline of a speech: 第一部分 → 一、 → （一） → 1. → （1） → 一是."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace

from rag.ingest.marks import LEVELS, Label, heading_label, inline_label, is_salutation
from rag.text.sentences import sentences, trim
from rag.types import Section, Span

MAX_HEADING = 60
MAX_LEAD = 45
_LEAD_END = re.compile(r"[。！？!?；;：:]")
_GAP = re.compile(r"(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff][^\s]{14,})")
_TRAILING = "。；;，,：:"


@dataclass
class _Open:
    kind: str
    number: int
    index: int


def outline(text: str, paragraphs: Sequence[Span], format_headings: Sequence[Span] = ()) -> list[Section]:
    """Nodes of the outline in document order.

    ``format_headings`` are spans of paragraphs that the file format itself marks as headings.
    A label's place in the tree follows from its series, not from its kind alone: when 「一、」 comes again
    directly below 「一、」 it opens a nested series, and 「二、」 goes to the series that expects a second member.
    """
    found: list[Section] = []
    stack: list[_Open] = []
    marked = {span.start for span in format_headings}
    for span in paragraphs:
        label = heading_label(text, span.start)
        if label is not None:
            heading_end = heading_span(text, span, label.length)
        elif span.start in marked and span.end - span.start <= MAX_HEADING:
            label, heading_end = Label("format", 0, 0), span.end
        else:
            _inline_points(text, span, found, stack)
            continue
        _close(stack, label)
        _append(found, stack, text, Span(span.start, heading_end), label)
        if heading_end < span.end:
            _inline_points(text, Span(heading_end, span.end), found, stack)
    return _with_ends(found, len(text))


def heading_span(text: str, paragraph: Span, label_length: int) -> int:
    """Where the heading that opens a paragraph ends: the whole short paragraph, or its lead sentence or clause."""
    start, end = paragraph
    body = start + label_length
    gap = _GAP.search(text, body + 4, min(end, body + MAX_LEAD))
    if gap and text[end - 1] in "。！？!?":
        return gap.start()
    first_stop = re.search(r"[。！？!?]", text[body:end])
    if end - start <= MAX_HEADING and (first_stop is None or body + first_stop.end() >= end):
        return end
    lead = _LEAD_END.search(text, body + 2, min(end, body + MAX_LEAD))
    if lead:
        return lead.end()
    comma = re.search(r"[，,]", text[body + 4 : min(end, body + MAX_LEAD)])
    return body + 4 + comma.end() if comma else min(end, body + MAX_LEAD)


def _close(stack: list[_Open], label: Label) -> None:
    """Pops the stack to the parent of a new heading."""
    for depth in range(len(stack) - 1, -1, -1):
        if stack[depth].kind == label.kind and stack[depth].number + 1 == label.number:
            del stack[depth:]
            return
    same = [d for d, entry in enumerate(stack) if entry.kind == label.kind]
    if not same:
        level = LEVELS[label.kind]
        while stack and LEVELS[stack[-1].kind] >= level:
            stack.pop()
    elif label.number != 1 or stack[-1].kind != label.kind or len(same) > 1:
        del stack[same[-1] :]


def _append(found: list[Section], stack: list[_Open], text: str, span: Span, label: Label) -> None:
    parent = stack[-1].index if stack else None
    level = LEVELS[label.kind]
    if parent is not None:
        level = max(level, found[parent].level + 1)
    mark = text[span.start : span.start + label.length].strip()
    heading = text[span.start + label.length : span.end].strip().rstrip(_TRAILING).strip()
    found.append(Section(label.kind, level, mark, heading, span.start, span.end, span.end, parent))
    stack.append(_Open(label.kind, label.number, len(found) - 1))


def _inline_points(text: str, paragraph: Span, found: list[Section], stack: list[_Open]) -> None:
    """Points that sentences of a paragraph open (一是, 其二, 首先); a lone one is no list and is left alone."""
    if is_salutation(text[paragraph.start : paragraph.end]):
        return
    for sentence in sentences(text, *paragraph):
        label = inline_label(text, sentence.start)
        if label is None:
            continue
        _close_inline(stack, label)
        _append(found, stack, text, Span(sentence.start, _point_end(text, sentence, label)), label)


def _close_inline(stack: list[_Open], label: Label) -> None:
    inline = [d for d, entry in enumerate(stack) if entry.kind == "inline"]
    if inline:
        del stack[inline[0] :]


def _point_end(text: str, sentence: Span, label: Label) -> int:
    body = sentence.start + label.length
    stop = re.search(r"[，,。；;：:！!]", text[body + 2 : min(sentence.end, body + MAX_LEAD)])
    return body + 2 + stop.end() if stop else min(sentence.end, body + MAX_LEAD)


def _with_ends(found: list[Section], length: int) -> list[Section]:
    """Gives every node its end: where the next node that is not below it begins."""
    ends = [length] * len(found)
    open_nodes: list[int] = []
    for n, node in enumerate(found):
        while open_nodes and open_nodes[-1] != node.parent:
            ends[open_nodes.pop()] = node.start
        open_nodes.append(n)
    return [replace(node, end=end) for node, end in zip(found, ends, strict=True)]


def path_at(nodes: Sequence[Section], offset: int) -> tuple[int, ...]:
    """Indices of the line-level nodes (no inline points) that contain an offset, outermost first."""
    path: list[int] = []
    n: int | None = bisect_right(nodes, offset, key=lambda node: node.start) - 1
    while n is not None and n >= 0:
        if offset < nodes[n].end and nodes[n].kind != "inline":
            path.append(n)
        n = nodes[n].parent
    return tuple(reversed(path))


def shown(node: Section) -> str:
    """A node as the reader sees it: label and heading."""
    return trim_heading(f"{node.label}{node.heading}")


def trim_heading(text: str, limit: int = 48) -> str:
    span = trim(text, 0, len(text))
    text = text[span.start : span.end]
    return text if len(text) <= limit else text[: limit - 1] + "…"
