"""Alignment of two texts from a common point on, through small edits, until they part.

The greedy algorithm of Zhang, Schwartz, Wagner & Miller, «A greedy algorithm for aligning DNA sequences», J. Comput.
Biol. 7 (2000): for d = 0, 1, … edits, the furthest point on each diagonal; diagonals that have fallen `DROP` below the
best score are given up. Texts that are nearly equal cost little more than reading them.
"""

from __future__ import annotations

from typing import NamedTuple

EDIT = 3.0  # an edit costs the gain of three matches: alignments go on through up to one edit in three characters
DROP = 15.0
_STRIDE = 32


class Block(NamedTuple):
    """``a[start_a : start_a + length]`` equals ``b[start_b : start_b + length]``."""

    start_a: int
    start_b: int
    length: int


class _Point(NamedTuple):
    """The furthest point on a diagonal: where its last slide began and ended in ``a``, and the diagonal it came from."""

    begin: int
    end: int
    origin: int


def extend(a: str, b: str) -> list[Block]:
    """The blocks of the best alignment of a prefix of ``a`` with a prefix of ``b``, in order; empty where none gains."""
    waves = [{0: _Point(0, _slide(a, b, 0, 0), 0)}]
    best, at = float(waves[0][0].end), (0, 0)
    while waves[-1]:
        wave: dict[int, _Point] = {}
        for diagonal in _reached(waves[-1]):
            begin, origin = _furthest(waves[-1], diagonal)
            if not 0 <= begin - diagonal <= len(b) or begin > len(a):
                continue
            point = _Point(begin, _slide(a, b, begin, begin - diagonal), origin)
            score = point.end - diagonal / 2 - EDIT * len(waves)
            if score < best - DROP:
                continue
            wave[diagonal] = point
            if score > best:
                best, at = score, (len(waves), diagonal)
        waves.append(wave)
    return _blocks(waves, *at)


def _reached(wave: dict[int, _Point]) -> range:
    return range(min(wave) - 1, max(wave) + 2)


def _furthest(wave: dict[int, _Point], diagonal: int) -> tuple[int, int]:
    """(position in ``a``, diagonal before) after one more edit: a substitution, a character only in ``a``, only in ``b``."""
    steps = ((diagonal, 1), (diagonal - 1, 1), (diagonal + 1, 0))
    found = [(wave[origin].end + step, origin) for origin, step in steps if origin in wave]
    return max(found, default=(-1, diagonal))


def _slide(a: str, b: str, i: int, j: int) -> int:
    """The end in ``a`` of the common stretch that begins at ``a[i]`` and ``b[j]``."""
    while i + _STRIDE <= len(a) and a[i : i + _STRIDE] == b[j : j + _STRIDE]:
        i, j = i + _STRIDE, j + _STRIDE
    while i < len(a) and j < len(b) and a[i] == b[j]:
        i, j = i + 1, j + 1
    return i


def _blocks(waves: list[dict[int, _Point]], edits: int, diagonal: int) -> list[Block]:
    out: list[Block] = []
    while edits >= 0:
        point = waves[edits][diagonal]
        if point.end > point.begin:
            out.append(Block(point.begin, point.begin - diagonal, point.end - point.begin))
        edits, diagonal = edits - 1, point.origin
    return out[::-1]
