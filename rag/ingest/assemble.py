"""Puts the text of one speech together from source spans, and accounts for every character left over."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from rag.ingest.joining import Paragraph, glue
from rag.ingest.lines import Line
from rag.text.normalize import CJK
from rag.text.sentences import trim
from rag.text.words import Analyzer
from rag.types import Piece, Removal, Span

WHITE_SPACE = "white space"
STRAY_SPACE = "stray space inside a word"
_GAP = re.compile(f"(?<=[{CJK}])[ \u3000\xa0\t]{{1,2}}(?=[{CJK}])")


@dataclass(frozen=True)
class Assembled:
    """``text`` with the pieces that map it to the source, and the span of each paragraph in it."""

    text: str
    pieces: tuple[Piece, ...]
    paragraphs: tuple[Span, ...]


def assemble(source: str, groups: Sequence[Paragraph], analyzer: Analyzer) -> Assembled:
    """Joins paragraphs (lists of source spans) into one text, one line a paragraph."""
    chunks: list[str] = []
    pieces: list[Piece] = []
    spans: list[Span] = []
    length = 0
    for group in groups:
        parts = [part for span in _trimmed(source, group) for part in _without_stray_spaces(source, span, analyzer)]
        if not parts:
            continue
        if chunks:
            chunks.append("\n")
            length += 1
        begin = length
        for n, part in enumerate(parts):
            if n and (space := glue(source, parts[n - 1], part)):
                chunks.append(space)
                length += len(space)
            pieces.append(Piece(length, part.start, part.end - part.start))
            chunks.append(source[part.start : part.end])
            length += part.end - part.start
        spans.append(Span(begin, length))
    return Assembled("".join(chunks), tuple(_merged(pieces)), tuple(spans))


def _trimmed(source: str, group: Paragraph) -> list[Span]:
    """The spans of a paragraph without white space at its ends."""
    spans = list(group)
    if spans:
        spans[0] = Span(trim(source, *spans[0]).start, spans[0].end)
        spans[-1] = Span(spans[-1].start, trim(source, *spans[-1]).end)
    return spans


def _merged(pieces: Iterable[Piece]) -> list[Piece]:
    """Pieces that touch in both texts become one."""
    out: list[Piece] = []
    for piece in pieces:
        last = out[-1] if out else None
        if last and last.start + last.length == piece.start and last.source + last.length == piece.source:
            out[-1] = Piece(last.start, last.source, last.length + piece.length)
        else:
            out.append(piece)
    return out


def _without_stray_spaces(source: str, span: Span, analyzer: Analyzer) -> list[Span]:
    """Cuts out single spaces that stand inside a dictionary word («科学 发展观»)."""
    out: list[Span] = []
    at = span.start
    for gap in _GAP.finditer(source, span.start, span.end):
        if _inside_word(source[max(at, gap.start() - 4) : gap.start()], source[gap.end() : gap.end() + 4], analyzer):
            out.append(Span(at, gap.start()))
            at = gap.end()
    out.append(Span(at, span.end))
    return [s for s in out if s.end > s.start]


def _inside_word(left: str, right: str, analyzer: Analyzer) -> bool:
    at = 0
    for word in analyzer.cut(left + right):
        if at < len(left) < at + len(word):
            return True
        at += len(word)
    return False


def removals(source: str, pieces: Iterable[Piece], lines: Sequence[Line], reasons: Mapping[int, str]) -> list[Removal]:
    """Everything that no piece covers, with the reason for each stretch.

    ``reasons`` gives the reason for whole lines by index; white space and the marks of a line have reasons of their own.

    Raises:
        ValueError: a character that is no white space would be lost without a reason. That is a bug in cleaning.
    """
    explained = _explained(lines, reasons)
    out: list[Removal] = []
    cursor = at = 0
    for kept in [*sorted(Span(p.source, p.source + p.length) for p in pieces), Span(len(source), len(source))]:
        if kept.start < at:
            raise ValueError(f"source characters {kept.start}..{at} are used twice")
        while cursor < len(explained) and explained[cursor].end <= at:
            cursor += 1
        for known in _overlapping(explained, cursor, Span(at, kept.start)):
            _add(out, source, Removal(at, known.start, _space_reason(source, at, known.start)))
            _add(out, source, known)
            at = known.end
        _add(out, source, Removal(at, kept.start, _space_reason(source, at, kept.start)))
        at = kept.end
    return out


def _explained(lines: Sequence[Line], reasons: Mapping[int, str]) -> list[Removal]:
    """Marks and whole lines that cleaning takes out, in order."""
    out: list[Removal] = []
    for line in lines:
        if line.index not in reasons or line.blank:
            out += line.marks
            continue
        out += [mark for mark in line.marks if mark.start < line.start]
        out.append(Removal(line.start, line.end, reasons[line.index]))
        out += [mark for mark in line.marks if mark.start >= line.end]
    return out


def _overlapping(explained: Sequence[Removal], cursor: int, gap: Span) -> Iterator[Removal]:
    """The explained stretches from ``cursor`` on that lie in a gap, cut to it."""
    while cursor < len(explained) and explained[cursor].start < gap.end:
        start, end, reason = explained[cursor]
        yield Removal(max(start, gap.start), min(end, gap.end), reason)
        cursor += 1


def _space_reason(source: str, start: int, end: int) -> str:
    before, after = source[start - 1 : start], source[end : end + 1]
    if not source[start:end].strip(" \u3000\xa0\t") and re.match(f"[{CJK}]", before) and re.match(f"[{CJK}]", after):
        return STRAY_SPACE
    return WHITE_SPACE


def _add(out: list[Removal], source: str, removal: Removal) -> None:
    if removal.end <= removal.start:
        return
    if removal.reason in (WHITE_SPACE, STRAY_SPACE) and _visible(source[removal.start : removal.end]):
        raise ValueError(
            f"characters {removal.start}..{removal.end} would be lost: {source[removal.start : removal.end]!r}"
        )
    if out and out[-1].reason == removal.reason and out[-1].end == removal.start:
        out[-1] = Removal(out[-1].start, removal.end, removal.reason)
    else:
        out.append(removal)


_VISIBLE = re.compile("[^\\s\u200b\u200c\u200d\u2060\ufeff\u00ad\u180e\x00]")


def _visible(text: str) -> bool:
    return bool(_VISIBLE.search(text))


def to_source(pieces: Sequence[Piece], offset: int) -> int:
    """Source offset of a speech offset; an inserted character maps to where the next piece begins."""
    n = bisect_right(pieces, offset, key=lambda piece: piece.start) - 1
    if n < 0:
        return pieces[0].source
    piece = pieces[n]
    inside = offset - piece.start
    if inside < piece.length:
        return piece.source + inside
    return pieces[n + 1].source if n + 1 < len(pieces) else piece.source + piece.length
