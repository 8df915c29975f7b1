"""Sentence boundaries in Chinese (and plain English) prose."""

from __future__ import annotations

import re

from rag.types import Span

_CLOSERS = "”’」』）)】〕》>\"'"
_END = re.compile(rf"(?:[。！？!?…]+|\.{{3,}}|(?<=[A-Za-z0-9)\"])\.(?=\s+[A-Z\"(]|\s*$))[{re.escape(_CLOSERS)}]*")
_CLAUSE = re.compile(rf"[；;][{re.escape(_CLOSERS)}]*")
_SOFT = re.compile(r"[，,、：:]")
# Words in which the character that scanners put for a full stop is genuine.
_TRUE_YAO = re.compile("遥(?=[远控感望想测相看祝]|遥)|(?<=[逍之迢路遥])遥")
MISREAD_STOP = "遥"

# A short quotation within a sentence that goes on after it: «…“谁来干？怎么干？”的问题».
_QUOTED = re.compile("“[^“”]{1,80}”(?=[的之等，,、；;：:“])")

MIN_CLAUSE = 15
MAX_SENTENCE = 350


def misread_stops(text: str) -> list[int]:
    """Offsets of 「遥」 that stands for 「。」: damage that one family of PDF fonts leaves behind."""
    if MISREAD_STOP not in text:
        return []
    genuine = {m.start() for m in _TRUE_YAO.finditer(text)}
    return [m.start() for m in re.finditer(MISREAD_STOP, text) if m.start() not in genuine]


def sentences(text: str, start: int = 0, end: int | None = None) -> list[Span]:
    """Sentences of ``text[start:end]`` as spans into ``text``, without surrounding white space.

    A line break always ends a sentence. A semicolon does where both sides are long enough to stand alone. A full stop
    within a short quotation does not where the sentence goes on behind it.
    No sentence is longer than `MAX_SENTENCE` characters: longer ones are cut at commas, at last anywhere.
    """
    end = len(text) if end is None else end
    spans: list[Span] = []
    at = start
    while at < end:
        stop = text.find("\n", at, end)
        stop = end if stop < 0 else stop
        spans += _in_line(text, at, stop)
        at = stop + 1
    return spans


def _in_line(text: str, start: int, end: int) -> list[Span]:
    cuts = {m.end() for m in _END.finditer(text, start, end)}
    cuts.update(start + i + 1 for i in misread_stops(text[start:end]))
    for quoted in _QUOTED.finditer(text, start, end) if cuts else ():
        cuts.difference_update(range(quoted.start() + 1, quoted.end() + 1))
    offsets = sorted({*cuts, end})
    spans: list[Span] = []
    at = start
    for cut in offsets:
        for piece in _clauses(text, at, cut):
            trimmed = trim(text, *piece)
            if trimmed.end > trimmed.start:
                spans += _bounded(text, trimmed)
        at = cut
    return spans


def _clauses(text: str, start: int, end: int) -> list[Span]:
    out: list[Span] = []
    at = start
    for match in _CLAUSE.finditer(text, start, end):
        if match.end() - at >= MIN_CLAUSE and end - match.end() >= MIN_CLAUSE:
            out.append(Span(at, match.end()))
            at = match.end()
    if at < end:
        out.append(Span(at, end))
    return out


def _bounded(text: str, span: Span) -> list[Span]:
    out: list[Span] = []
    at = span.start
    while span.end - at > MAX_SENTENCE:
        soft = [m.end() for m in _SOFT.finditer(text, at + MAX_SENTENCE // 2, at + MAX_SENTENCE)]
        cut = soft[-1] if soft else at + MAX_SENTENCE
        out.append(trim(text, at, cut))
        at = cut
    out.append(trim(text, at, span.end))
    return [s for s in out if s.end > s.start]


def trim(text: str, start: int, end: int) -> Span:
    """The span without the white space at its ends."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end)
