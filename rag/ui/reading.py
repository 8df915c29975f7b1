"""A speech as the data that the reader component shows: paragraphs of marked segments, outline, flags, pages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from rag.archive.rows import SpeechRow
from rag.i18n import gettext as _
from rag.ingest.damage import (
    BROKEN_SERIES,
    GLUED,
    MISREAD,
    PLACEHOLDER,
    SCRUBBED,
    STRAY_SPACE,
    TRUNCATED,
)
from rag.text.sentences import sentences, trim
from rag.types import Flag, Section, Span
from rag.ui import citing, telling
from rag.ui.marking import Mark, segments, word_marks

View = dict[str, Any]
HEAD = 8  # lines in which the title, the speaker and the date of a speech can stand
SERIOUS = (TRUNCATED, MISREAD, SCRUBBED, PLACEHOLDER, BROKEN_SERIES)


def flag_name(kind: str) -> str:
    """What a reader sees of a kind of flag."""
    names = {
        TRUNCATED: _("结尾疑被截断"),
        MISREAD: _("疑似错字"),
        SCRUBBED: _("疑有文字被抹去"),
        PLACEHOLDER: _("占位符"),
        STRAY_SPACE: _("多余空格"),
        GLUED: _("标题与正文相连，已分行"),
        BROKEN_SERIES: _("编号不连续"),
    }
    return names.get(kind, kind)


def paragraphs(
    speech: SpeechRow, target: Span | None, words: Sequence[str], near: Iterable[Span], pages: Sequence[tuple[int, int]]
) -> list[View]:
    """The speech line by line: {"at", "kind", "segs"}, each segment with the number of the sentence it belongs to.

    ``target`` is the cited sentence, ``near`` are further hits, ``pages`` the starts of pages.
    """
    text = speech.text
    marks = [Mark(a, b, "near") for a, b in near if (a, b) != target] + word_marks(text, words)
    marks += [Mark(target.start, target.end, "target")] if target else []
    marks += [_flag_mark(flag, len(text)) for flag in speech.flags if flag.kind != GLUED]
    marks += [Mark(s.start, s.heading_end, "heading") for s in speech.sections if s.kind != "inline"]
    marks += [Mark(offset, offset + 1, f"page{number}") for offset, number in pages]
    marks += [Mark(a, b, f"s{n}") for n, (a, b) in enumerate(sentences(text), 1)]
    headings = {s.start: s for s in speech.sections if s.kind != "inline"}
    out: list[View] = []
    for line in lines(text):
        inside = [m for m in marks if m.start < line.end and m.end > line.start]
        kind = _kind(speech, line, headings.get(line.start), len(out))
        out.append({"at": line.start, "kind": kind, "segs": [_tidy(s) for s in segments(text, *line, inside)]})
    return out


def lines(text: str) -> list[Span]:
    """The lines of a text that hold anything, without the white space at their ends."""
    out, at = [], 0
    for line in text.split("\n"):
        span = trim(text, at, at + len(line))
        if span.end > span.start:
            out.append(span)
        at += len(line) + 1
    return out


def outline(speech: SpeechRow) -> list[View]:
    """The outline without the points that stand inside paragraphs."""
    return [
        {"at": s.start, "end": s.end, "level": s.level, "text": citing.section_name(s)}
        for s in speech.sections
        if s.kind != "inline"
    ]


def flag_summary(speech: SpeechRow) -> list[View]:
    """One entry a kind of flag: its name with the count, and where the first one stands."""
    counts = Counter(flag.kind for flag in speech.flags)
    first = {flag.kind: flag.start for flag in reversed(speech.flags)}
    return [
        {"text": flag_name(kind) + (f" {n}" if n > 1 else ""), "at": first[kind]} for kind, n in counts.most_common()
    ]


def _flag_mark(flag: Flag, length: int) -> Mark:
    end = max(flag.end, flag.start + 1)
    return Mark(min(flag.start, length - 1), min(end, length), f"flag-{flag.kind}", telling.told(flag.note) or flag_name(flag.kind))


def _kind(speech: SpeechRow, line: Span, section: Section | None, n: int) -> str:
    if section and section.heading_end >= line.end:
        return f"head{min(section.level, 5)}"
    text = speech.text[line.start : line.end]
    if n == 0 and len(text) <= 80 and text[-1] not in "。！？；，":
        return "title"
    body = speech.sections[0].start if speech.sections else 1 << 30
    return "front" if n < HEAD and line.start < body and len(text) <= 40 and text[-1] not in "。！？；，" else "body"


def _tidy(segment: dict[str, Any]) -> View:
    """Takes sentence and page out of the classes, where the component needs them as numbers."""
    classes = segment.pop("c", "").split()
    out: View = dict(segment)
    for one in classes:
        if one.startswith("page"):
            out["p"] = int(one[4:])
        elif one[0] == "s" and one[1:].isdecimal():
            out["s"] = int(one[1:])
    kept = [one for one in classes if not one.startswith("page") and not (one[0] == "s" and one[1:].isdecimal())]
    return out | ({"c": " ".join(kept)} if kept else {})
