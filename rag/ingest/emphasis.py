"""Markdown's ``**`` and ``__``: which of them are emphasis, and which stand for a name or a figure left out («**市», «20__年»).

A mask that is taken for emphasis would be cut out of a speech, and «**年» would read as «年». So one line on which the
asterisks cannot be emphasis, or look like masks, keeps those of the whole file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from rag.text.normalize import CJK
from rag.types import Span

_STARS = re.compile(r"\*{2,}")
_RULE = re.compile(r"[*\s]*")
# «__» beside a letter, a digit or a Chinese character is a blank to be filled in (CommonMark says the same).
_LOW_LINES = re.compile(r"(?<!_)__(?!_)")
_WORD = re.compile(r"\w")
_MASKED = re.compile(
    r"[年月日号时省市县区州旗镇乡村名个人户万亿元岁次届%]|街道|社区|公司|集团|同志|书记|主席|主任|部长|局长"
)
_LETTER = re.compile(f"[0-9A-Za-z{CJK}]")
_NO_START = "，。、；：！？）”》…,;:!?)"
_NO_END = "、（“《("


def emphasis_marks(lines: Sequence[str]) -> list[tuple[Span, ...]]:
    """For each line of a Markdown file the spans of the marks of emphasis, in order. A lone ``*`` is never one."""
    stars = [list(_STARS.finditer(line)) if not _RULE.fullmatch(line) else [] for line in lines]
    if not all(_emphasise(line, runs) for line, runs in zip(lines, stars, strict=True)):
        return [()] * len(lines)
    return [
        tuple(sorted([*(Span(*run.span()) for run in runs), *_low_lines(line)]))
        for line, runs in zip(lines, stars, strict=True)
    ]


def _emphasise(line: str, runs: Sequence[re.Match[str]]) -> bool:
    """Whether runs of asterisks come in pairs, each of which can be emphasis."""
    return len(runs) % 2 == 0 and all(
        len(opening.group()) == len(closing.group()) <= 3
        and _is_phrase(line[opening.end() : closing.start()])
        and not _is_mask(line, Span(*opening.span()), Span(*closing.span()))
        for opening, closing in list(pairwise(runs))[::2]
    )


def _is_phrase(inside: str) -> bool:
    return inside == inside.strip() and inside[0] not in _NO_START and inside[-1] not in _NO_END


def _is_mask(line: str, opening: Span, closing: Span) -> bool:
    """Whether two runs rather are two masks: «在**市**区», «20**年**月», «张**和王**同志»."""
    before, last = line[max(0, opening.start - 1) : opening.start], line[closing.start - 1]
    first_unit, second_unit = _MASKED.match(line, opening.end), _MASKED.match(line, closing.end)
    in_word = bool(_LETTER.match(before))
    if before.isdecimal() or (last.isdecimal() and second_unit) or (first_unit and (in_word or second_unit)):
        return True
    return bool(second_unit and in_word and _LETTER.match(last))


def _low_lines(line: str) -> Iterator[Span]:
    opening: Span | None = None
    for match in _LOW_LINES.finditer(line):
        here = Span(*match.span())
        before, after = line[max(0, here.start - 1) : here.start], line[here.end : here.end + 1]
        if opening and not before.isspace() and not _WORD.match(after):
            yield from (opening, here)
            opening = None
        elif not _WORD.match(before) and not after.isspace() and not _MASKED.match(line, here.end):
            opening = here
