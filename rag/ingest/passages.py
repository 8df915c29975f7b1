"""Passages: runs of whole sentences under one heading, long enough to understand and short enough to quote."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from rag.ingest.outline import path_at, shown
from rag.text.sentences import sentences
from rag.types import Passage, Section, Span

TARGET = 260
MAX_LENGTH = 380
MIN_LENGTH = 110


@dataclass
class _Building:
    sentences: list[Span] = field(default_factory=list)
    path: tuple[int, ...] = ()

    def length_with(self, sentence: Span) -> int:
        return sentence.end - self.sentences[0].start if self.sentences else sentence.end - sentence.start


def passages(text: str, paragraphs: Sequence[Span], nodes: Sequence[Section]) -> list[Passage]:
    """Cuts paragraphs into passages of `MIN_LENGTH` to `MAX_LENGTH` characters that follow the outline.

    A passage ends with its section, at a paragraph's end once it is long enough, or before it grows past
    `TARGET`. A heading never stands alone: it opens the passage that follows it.
    """
    done: list[Passage] = []
    current = _Building()
    for paragraph in paragraphs:
        path = path_at(nodes, paragraph.start)
        if current.sentences and _must_break(current, path, nodes, paragraph):
            done.append(_finish(text, current, nodes))
            current = _Building()
        pieces = sentences(text, *paragraph)
        for n, sentence in enumerate(pieces):
            rest = paragraph.end - sentence.start
            if current.sentences and _is_full(current, sentence, rest, n):
                done.append(_finish(text, current, nodes))
                current = _Building()
            if not current.sentences or len(path) > len(current.path):
                current.path = path
            current.sentences.append(sentence)
    if current.sentences:
        done.append(_finish(text, current, nodes))
    return _join_short(text, done)


def _must_break(current: _Building, path: tuple[int, ...], nodes: Sequence[Section], paragraph: Span) -> bool:
    size = current.sentences[-1].end - current.sentences[0].start
    if path != current.path and not (len(path) > len(current.path) and size < MIN_LENGTH):
        heading_only = bool(current.path) and nodes[current.path[-1]].heading_end >= current.sentences[-1].end
        return not (heading_only and path[: len(current.path)] == current.path)
    return size >= MIN_LENGTH and size + (paragraph.end - paragraph.start) > TARGET


def _is_full(current: _Building, sentence: Span, rest: int, position: int) -> bool:
    grown = current.length_with(sentence)
    if grown > MAX_LENGTH:
        return True
    size = current.sentences[-1].end - current.sentences[0].start
    # Half of what is left of a paragraph goes into each of two passages rather than a full one and a stump.
    if size + rest <= MAX_LENGTH and position:
        return False
    return grown > TARGET and size >= MIN_LENGTH


def _finish(text: str, current: _Building, nodes: Sequence[Section]) -> Passage:
    start, end = current.sentences[0].start, current.sentences[-1].end
    return Passage(start, end, tuple(shown(nodes[n]) for n in current.path), tuple(current.sentences))


def _join_short(text: str, found: list[Passage]) -> list[Passage]:
    """Joins a stump to its neighbour in the same section where the two fit into one passage."""
    out: list[Passage] = []
    for passage in found:
        last = out[-1] if out else None
        short = passage.end - passage.start < MIN_LENGTH or (last and last.end - last.start < MIN_LENGTH)
        if last and short and last.section == passage.section and passage.end - last.start <= MAX_LENGTH:
            out[-1] = Passage(last.start, passage.end, last.section, last.sentences + passage.sentences)
        else:
            out.append(passage)
    return out
