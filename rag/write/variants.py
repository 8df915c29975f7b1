"""Where a formulation stands in a text: as it is, with a letter or word changed, or with something put in between."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from rag.write.stream import Stream

EDITS_PER_LETTER = 0.3
LEAST_FOR_EDITS = 4
INSERTED_PER_LETTER = 1.0
_GAP = 6
_SEVERAL = re.compile(r"[二两三四五六七八九十百千\d]")


class Found(NamedTuple):
    """The stream's ``[start:end]`` is the formulation but for ``edits`` letters."""

    start: int
    end: int
    edits: int


def occurrences(stream: Stream, formulation: str, words: Sequence[str]) -> list[Found]:
    """Occurrences that do not overlap, in the order of the text; where several compete, the closest, then the longest.

    ``formulation`` holds letters only (`rag.text.normalize.skeleton`), ``words`` are its words in order. Letters differ
    in at most `EDITS_PER_LETTER` of its length; whole words may also stand apart by up to `_GAP` letters each.
    """
    exact = [Found(m.start(), m.end(), 0) for m in re.finditer(re.escape(formulation), stream.text)]
    found = exact + _widened(stream.text, formulation, words) + _changed(stream, formulation)
    kept: list[Found] = []
    for one in sorted(found, key=lambda f: (f.edits, f.start - f.end, f.start)):
        if not any(one.start < other.end and other.start < one.end for other in kept):
            kept.append(one)
    return sorted(kept)


def _widened(text: str, formulation: str, words: Sequence[str]) -> list[Found]:
    """The words in order with something between them, no more in all than the formulation is long."""
    if len(words) < 2:
        return []
    pattern = re.compile(f".{{0,{_GAP}}}?".join(map(re.escape, words)))
    most = round(INSERTED_PER_LETTER * len(formulation))
    matches = ((m.start(), m.end()) for m in pattern.finditer(text))
    return [Found(a, b, b - a - len(formulation)) for a, b in matches if 0 < b - a - len(formulation) <= most]


def _changed(stream: Stream, formulation: str) -> list[Found]:
    """Occurrences with up to `EDITS_PER_LETTER` edits, each the best of those that end near it."""
    n = len(formulation)
    most = int(EDITS_PER_LETTER * n)
    if n < LEAST_FOR_EDITS or most < 1:
        return []
    out: list[Found] = []
    for first, last in _windows(stream, formulation, most):
        best = min(_ends(stream.text[first:last], formulation), key=lambda one: (one.edits, one.start - one.end))
        if 0 < best.edits <= most:
            out.append(Found(first + best.start, first + best.end, best.edits))
    return _counting(stream.text, out) if _SEVERAL.match(formulation) else out


def _counting(text: str, found: Sequence[Found]) -> list[Found]:
    """Those that count several things, with their number: «三个安心» varies «四个安心», «一个安心的员工» does not."""
    whole = [one if _SEVERAL.match(text, one.start) else one._replace(start=one.start - 1) for one in found]
    return [one for one in whole if one.start >= 0 and _SEVERAL.match(text, one.start)]


def _windows(stream: Stream, formulation: str, most: int) -> list[tuple[int, int]]:
    """Stretches in which enough of the formulation's letters stand together."""
    letters = np.array([ord(letter) for letter in formulation], dtype=np.uint32)
    width = len(formulation) + most
    present = np.concatenate([[0], np.cumsum(np.isin(stream.codes, letters))])
    ends = np.minimum(np.arange(len(stream.codes)) + width, len(stream.codes))
    dense = np.flatnonzero(present[ends] - present[:-1] >= len(formulation) - most)
    out: list[tuple[int, int]] = []
    for start in dense.tolist():
        if out and start <= out[-1][0] + len(formulation) // 2:
            out[-1] = (out[-1][0], start + width)
        else:
            out.append((start, start + width))
    return out


def _ends(text: str, pattern: str) -> list[Found]:
    """For each end in the text, the best approximate occurrence of the pattern that ends there (Sellers, 1980)."""
    cost = list(range(len(pattern) + 1))
    start = [0] * (len(pattern) + 1)
    out = [Found(0, 0, len(pattern))]
    for at, letter in enumerate(text, 1):
        above, above_start = 0, at
        new, new_start = [0], [at]
        for n, wanted in enumerate(pattern, 1):
            options = (
                (cost[n - 1] + (wanted != letter), start[n - 1]),
                (cost[n] + 1, start[n]),
                (above + 1, above_start),
            )
            above, above_start = min(options, key=lambda one: (one[0], -one[1]))
            new.append(above)
            new_start.append(above_start)
        cost, start = new, new_start
        out.append(Found(start[-1], at, cost[-1]))
    return out
