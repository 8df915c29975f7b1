"""A source text taken apart into speeches and removals."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from pathlib import PurePath

from rag.errors import ReadError
from rag.ingest.assemble import Assembled, assemble, removals, to_source
from rag.ingest.damage import TRUNCATED, find_damage
from rag.ingest.furniture import find_furniture
from rag.ingest.joining import Paragraph, free_glued_headings, paragraphs, wrap_width
from rag.ingest.lines import Line, split_lines
from rag.ingest.marks import is_salutation, is_title
from rag.ingest.metadata import Hints, find_metadata, read_front
from rag.ingest.nature import nature_notes
from rag.ingest.outline import outline
from rag.ingest.passages import passages
from rag.ingest.splitting import Part, split_speeches
from rag.text.normalize import skeleton
from rag.text.words import Analyzer
from rag.types import Document, Flag, Removal, SourceText, Span, Speech

REPEATED_TITLE = "repeated title"
MIN_TITLE = 5
MAX_HEAD = 10


def take_apart(source: SourceText, name: str, analyzer: Analyzer) -> Document:
    """Cleans and splits a source text.

    ``name`` is the file's name. The pieces of the speeches and the removals together cover the source exactly once.

    Raises:
        ReadError: nothing is left after cleaning (reason "no-text").
    """
    lines = split_lines(source)
    reasons = find_furniture(source, lines)
    content = [line for line in lines if not line.blank and line.index not in reasons]
    split = split_speeches(content)
    reasons |= split.removed
    parts = [(part, _without_repeats(part, split.titles, reasons)) for part in split.parts]
    margin = wrap_width(content)
    blanks = _after_blank(lines, reasons)
    speeches = tuple(
        _speech(source, part, kept, margin, blanks, PurePath(name).stem, analyzer) for part, kept in parts if kept
    )
    if not speeches:
        raise ReadError("no-text", "清理之后没有正文，请检查文件内容。")
    pieces = [piece for speech in speeches for piece in speech.pieces]
    kept_lines = {line.index: line for part in split.parts for line in part.lines}
    lines = [kept_lines.get(line.index, line) for line in lines]
    removed: Sequence[Removal] = removals(source.text, pieces, lines, reasons)
    return Document(source, speeches, tuple(removed), (*source.notes, *split.notes, *nature_notes(source.text), *_notes(speeches)))


def _without_repeats(part: Part, collection_titles: Sequence[str], reasons: dict[int, str]) -> list[Line]:
    """The part's lines without second copies of its title or of the collection's."""
    seen = {skeleton(title) for title in collection_titles}
    head = part.lines[: next((n for n, line in enumerate(part.lines[:MAX_HEAD]) if is_salutation(line.text)), 1)]
    own = {line.key for line in head if _may_repeat(line)}
    kept: list[Line] = []
    for line in part.lines:
        if line.key in seen and len(line.key) >= MIN_TITLE:
            reasons[line.index] = REPEATED_TITLE
            continue
        if line.key in own:
            seen.add(line.key)
        kept.append(line)
    return kept


def _may_repeat(line: Line) -> bool:
    """Whether a line at the head may be a title of which a second copy is no text. The first line of prose is none."""
    prose = "，" in line.text or line.text[-1] in "。！!；;"
    return len(line.key) >= MIN_TITLE and len(line.text) <= 60 and (is_title(line.text) or not prose)


def _after_blank(lines: Sequence[Line], reasons: dict[int, str]) -> frozenset[int]:
    """Indices of content lines that a blank line on the same page separates from the content before them."""
    out: set[int] = set()
    blank = content = False
    page = -1
    for line in lines:
        if line.page != page:
            blank, content, page = False, False, line.page
        if line.blank:
            blank = content
        elif line.index not in reasons:
            if blank:
                out.add(line.index)
            blank, content = False, True
    return frozenset(out)


def _speech(
    source: SourceText,
    part: Part,
    lines: Sequence[Line],
    margin: int | None,
    blanks: frozenset[int],
    stem: str,
    analyzer: Analyzer,
) -> Speech:
    groups: list[Paragraph] = []
    freed: list[int] = []
    for group in paragraphs(lines, margin, blanks):
        split = free_glued_headings(source.text, group)
        groups += split
        freed += [g[0].start for g in split[1:]]
    body = assemble(source.text, groups, analyzer)
    front = read_front(body.text, body.paragraphs)
    member = f"篇{part.member.number}" if part.member else ""
    hints = Hints(stem, source.title or "", part.collection, member, part.own_title)
    text_paragraphs = [span for span in body.paragraphs if span.start >= front.body_start]
    nodes = outline(body.text, text_paragraphs, _format_headings(source, body))
    metadata = find_metadata(body.text, body.paragraphs, front, nodes, hints, analyzer)
    starts = set(freed)
    glued = [span.start for span in body.paragraphs if to_source(body.pieces, span.start) in starts]
    flags = find_damage(body.text, body.paragraphs, glued)
    return Speech(
        body.text,
        body.pieces,
        metadata,
        tuple(nodes),
        tuple(passages(body.text, text_paragraphs or body.paragraphs, nodes)),
        tuple(flags),
    )


def _format_headings(source: SourceText, body: Assembled) -> list[Span]:
    if not source.headings:
        return []
    starts = [heading.start for heading in source.headings]
    found: list[Span] = []
    for span in body.paragraphs:
        at = to_source(body.pieces, span.start)
        n = bisect_right(starts, at) - 1  # in Markdown, the heading's marks come before its text
        if n >= 0 and at < source.headings[n].end:
            found.append(span)
    return found


def _notes(speeches: Sequence[Speech]) -> list[str]:
    cut = [speech.title for speech in speeches if any(flag.kind == TRUNCATED for flag in speech.flags)]
    return [f"《{title}》结尾疑被截断" for title in cut]


def flag_counts(flags: Sequence[Flag]) -> dict[str, int]:
    """How often each kind of flag occurs."""
    counts: dict[str, int] = {}
    for flag in flags:
        counts[flag.kind] = counts.get(flag.kind, 0) + 1
    return counts
