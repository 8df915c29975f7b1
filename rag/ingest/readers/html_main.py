"""Which lines of a page are its main text: trafilatura's choice, laid over the lines the reader kept."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_BLANK = re.compile(r"[\s\u200b\ufeff|]+")
# Shorter lines match by accident inside longer ones.
_SHORT = 8


@dataclass(frozen=True)
class Block:
    """One line of a page. ``furniture``: inside nav, footer and the like; ``linked``: most of it is a link."""

    text: str
    heading: bool = False
    furniture: bool = False
    linked: bool = False


def main_blocks(blocks: list[Block], root: HtmlElement) -> list[bool] | None:
    """For each block whether it is main text; None where trafilatura finds none. ``root`` is used up.

    trafilatura drops headings and short lines now and then. A line of the speech on the removal list is worse than
    a line of furniture in it, so lines between two kept ones stay unless they are links or furniture, and so does
    the heading right above the first.
    """
    extracted = _extract(root)
    lines = {key for line in extracted.splitlines() if (key := _key(line))}
    if not lines:
        return None
    whole = _key(extracted)
    starts: dict[str, list[str]] = defaultdict(list)
    for line in lines:
        if len(line) >= _SHORT:
            starts[line[:_SHORT]].append(line)
    kept = [_is_extracted(_key(block.text), lines, whole, starts) for block in blocks]
    if not any(kept):
        return None
    return _without_gaps(blocks, kept)


def _extract(root: HtmlElement) -> str:
    import trafilatura

    return trafilatura.extract(root, favor_recall=True, include_comments=False, include_tables=True) or ""


def _key(text: str) -> str:
    return _BLANK.sub("", text)


def _is_extracted(key: str, lines: set[str], whole: str, starts: dict[str, list[str]]) -> bool:
    """Equal to an extracted line, inside the extracted text, or around an extracted line."""
    if key in lines:
        return True
    if len(key) < _SHORT:
        return False
    if key in whole:
        return True
    return any(
        key.startswith(line, at)
        for at in range(len(key) - _SHORT + 1)
        for line in starts.get(key[at : at + _SHORT], ())
    )


def _without_gaps(blocks: list[Block], kept: list[bool]) -> list[bool]:
    first = kept.index(True)
    last = len(kept) - 1 - kept[::-1].index(True)
    above = next((n for n in range(first - 1, -1, -1) if blocks[n].heading and not blocks[n].furniture), None)
    return [
        keep or number == above or (first < number < last and not block.furniture and not block.linked)
        for number, (block, keep) in enumerate(zip(blocks, kept, strict=True))
    ]
