"""Patterns of wording: «以*为抓手», «既要*又要*», and parallel structure of n members («排比3»).

A star stands for 1 to `GAP` characters that do not leave the sentence; at the pattern's end it takes the rest of its
clause. Width, quotation marks and white space do not matter. Clauses that a semicolon divides are one sentence here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from rag.errors import UsageError
from rag.text.normalize import CJK, matching_copy, normalize
from rag.text.sentences import sentences
from rag.types import Span

GAP = 20
MAX_PATTERN = 100
MIN_MEMBERS, MAX_MEMBERS = 2, 20
_STAR = re.compile(r"[*＊]+")
_CLAUSE_END = "，。；！？…,;!?"
_SEMICOLON = re.compile(r"[；;][”’」』）)]*$")
_PARALLEL = re.compile(r"排比\s*[（(]?(\d{1,2})?[）)]?")
# In normalised text, where widths are one.
_ENDS = ",.;!?:，。；！？…、\"')）"
_ORDINAL = re.compile(
    "^(?:第[一二三四五六七八九十]+[个条件张点步]?|[一二三四五六七八九十]是|其[一二三四五六]|[(]?[一二三四五六七八九十0-9]+[)、])[,、]?"
)
_RUN = re.compile(f"[{CJK}]{{2,}}")
_UNITS = (re.compile(r"[，。；！？…,;!?]+[”’」』）)]*"), re.compile(r"[。；！？…;!?]+[”’」』）)]*"))


@dataclass(frozen=True)
class Pattern:
    """``expression`` is matched against normalised sentences; each of ``needed`` stands in whatever it matches."""

    text: str
    expression: re.Pattern[str]
    needed: tuple[str, ...]


class Match(NamedTuple):
    """What a pattern met, and the sentence (or the run of them) in which it stands. ``members`` is 0 but for parallels."""

    span: Span
    sentence: Span
    members: int = 0


def compile_pattern(text: str) -> Pattern:
    """Reads a pattern with stars.

    Raises:
        UsageError: it is too long, or has nothing but stars and punctuation.
    """
    if len(text) > MAX_PATTERN:
        raise UsageError("句式过长（{n} 字，最多 {most} 字），请缩短。", n=len(text), most=MAX_PATTERN)
    parts = [normalize(part) for part in _STAR.split(text.strip())]
    if not any(part.strip(_CLAUSE_END + ".、:") for part in parts):
        raise UsageError("句式「{text}」里没有可找的字。请写成「以*为抓手」这样，* 代表任意几个字。", text=text)
    gap, rest = f".{{1,{GAP}}}?", f"[^{_CLAUSE_END}]{{1,{GAP}}}"
    middle = gap.join(re.escape(part) for part in parts if part)
    expression = (rest if not parts[0] else "") + middle + (rest if not parts[-1] else "")
    needed = tuple(run for part in parts for run in _RUN.findall(part))
    return Pattern(text, re.compile(expression), needed)


def is_pattern(text: str) -> bool:
    """Whether a text is a pattern rather than a request in words."""
    return _STAR.search(text) is not None


def asked_members(text: str) -> int | None:
    """The least number of members where a text asks for parallels («排比», «排比4»), else None."""
    found = _PARALLEL.fullmatch(text.strip())
    return int(found[1] or 3) if found else None


def matches(pattern: Pattern, text: str, start: int, end: int) -> Iterator[Match]:
    """Every match in ``text[start:end]``, from left to right, none overlapping another of the same sentence."""
    for sentence in full_sentences(text, start, end):
        copy = matching_copy(text[sentence.start : sentence.end])
        for found in pattern.expression.finditer(copy.text):
            a, b = copy.original(found.start(), found.end())
            yield Match(Span(sentence.start + a, sentence.start + b), sentence)


def full_sentences(text: str, start: int, end: int) -> list[Span]:
    """Sentences of ``text[start:end]``, with clauses that only a semicolon divides joined again."""
    out: list[Span] = []
    for span in sentences(text, start, end):
        joins = (
            out and _SEMICOLON.search(text, out[-1].start, out[-1].end) and "\n" not in text[out[-1].end : span.start]
        )
        if joins:
            out[-1] = Span(out[-1].start, span.end)
        else:
            out.append(span)
    return out


# Parallels


def parallels(text: str, start: int, end: int, least: int) -> list[Match]:
    """Longest runs of at least ``least`` consecutive members built alike, within each line of ``text[start:end]``.

    Members are clauses, or what semicolons and full stops divide; of runs that overlap the one with more members stays.
    """
    found: list[Match] = []
    at = start
    for line in text[start:end].split("\n"):
        for divider in _UNITS:
            units = _divided(text, at, at + len(line), divider)
            for first, last in parallel_runs([normalize(text[a:b]) for a, b in units], least):
                span = Span(units[first].start, units[last].end)
                found.append(Match(span, _around(text, span, at, at + len(line)), last - first + 1))
        at += len(line) + 1
    kept: list[Match] = []
    for match in sorted(found, key=lambda m: (-m.members, m.span)):
        if not any(match.span.start < k.span.end and k.span.start < match.span.end for k in kept):
            kept.append(match)
    return sorted(kept)


def check_members(least: int) -> None:
    """Raises:
    UsageError: there are no parallels of so many members.
    """
    if not MIN_MEMBERS <= least <= MAX_MEMBERS:
        raise UsageError(
            "排比的项数应在 {first} 到 {last} 之间，收到 {n}。", first=MIN_MEMBERS, last=MAX_MEMBERS, n=least
        )


def parallel_runs(units: Sequence[str], least: int) -> list[tuple[int, int]]:
    """(first, last) of the longest runs in which each unit is built like the next one."""
    runs: list[tuple[int, int]] = []
    first = 0
    for n in range(1, len(units) + 1):
        if n == len(units) or not alike(units[n - 1], units[n]):
            if n - first >= least:
                runs.append((first, n - 1))
            first = n
    return runs


def alike(a: str, b: str) -> bool:
    """Whether two normalised units are built alike, though not the same: by their openings or by their places.

    By openings: the first two characters are the same, or the first one is and, in order, three others or a quarter of
    the shorter unit. By places: about equal lengths, and at least two characters and a third of them in the same place,
    counted from the front or from the end. The numbering of a list («第一，») makes nothing alike.
    """
    one, other = sorted((_ORDINAL.sub("", unit, count=1).rstrip(_ENDS) for unit in (a, b)), key=len)
    if len(one) < 3 or one == other or len(other) > 3 * len(one):
        return False
    if one[0] == other[0] and (one[1] == other[1] or _in_order(one, other) >= max(4, len(one) / 4)):
        return True
    if len(other) - len(one) > 1:
        return False
    return any(
        sum(x == y for x, y in zip(x_units, y_units, strict=False)) >= max(2, len(one) / 3)
        for x_units, y_units in ((one, other), (one[::-1], other[::-1]))
    )


def _in_order(a: str, b: str) -> int:
    """Length of the longest common subsequence."""
    row = [0] * (len(b) + 1)
    for x in a:
        before = row
        row = [0]
        for n, y in enumerate(b):
            row.append(before[n] + 1 if x == y else max(before[n + 1], row[n]))
    return row[-1]


def _divided(text: str, start: int, end: int, divider: re.Pattern[str]) -> list[Span]:
    """The units of a line, each with the mark that ends it and without white space around it."""
    cuts = [m.end() for m in divider.finditer(text, start, end)]
    units, at = [], start
    for cut in [*cuts, end]:
        while at < cut and text[at].isspace():
            at += 1
        if at < cut:
            units.append(Span(at, cut))
        at = cut
    return units


def _around(text: str, span: Span, start: int, end: int) -> Span:
    """The whole sentences that a span touches."""
    touched = [s for s in full_sentences(text, start, end) if s.start < span.end and span.start < s.end]
    return Span(min(span.start, touched[0].start), max(span.end, touched[-1].end)) if touched else span
