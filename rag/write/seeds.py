"""Where two texts may share a run: exact stretches of a few characters, found by sorting hashes of character grams.

Why not MinHash: a shared run of 60 characters inside two speeches of 5,000 has a Jaccard similarity of about 0.006, and
even passage against passage about 0.1, where locality-sensitive hashing finds next to nothing. Grams find stretches of
any length at the cost of one sort. Grams are `GRAM` characters; a single exact stretch counts from `ALONE` characters,
shorter ones only where two stand close together on nearly the same diagonal (the two-hit rule of Altschul et al.,
«Gapped BLAST», Nucleic Acids Res. 25, 1997).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.write.stream import Codes, Stream

GRAM = 5
LONG_GRAM = 14
ALONE = 11
NEAR = 40
SHIFT = 4  # two hits may lie up to 2**SHIFT diagonals apart
FREQUENT = 12
LINKS = 6

Positions = NDArray[np.int64]


def gram_hashes(codes: Codes, size: int) -> NDArray[np.uint32]:
    """A hash of each run of ``size`` characters, shape (max(0, len(codes) - size + 1),)."""
    count = max(0, len(codes) - size + 1)
    out = np.zeros(count, dtype=np.uint64)
    for n in range(size):
        out = out * np.uint64(0x9E3779B97F4A7C15) + codes[n : n + count]
    out ^= out >> np.uint64(29)
    return ((out * np.uint64(0xBF58476D1CE4E5B9)) >> np.uint64(32)).astype(np.uint32)


class Corpus:
    """Streams laid end to end, a zero between two, so that one position names a character of one of them."""

    def __init__(self, streams: Sequence[Stream]) -> None:
        lengths = np.array([len(stream) + 1 for stream in streams], dtype=np.int64)
        self.starts = np.concatenate([[0], np.cumsum(lengths)])
        self.codes = np.zeros(int(self.starts[-1]), dtype=np.uint32)
        for start, stream in zip(self.starts, streams, strict=False):
            self.codes[start : start + len(stream)] = stream.codes

    def owner(self, positions: Positions) -> Positions:
        """The number of the stream that each position belongs to."""
        return np.searchsorted(self.starts, positions, side="right") - 1

    def whole(self, size: int) -> NDArray[np.bool_]:
        """For each gram of ``size``, whether it lies within one stream."""
        breaks = np.concatenate([[0], np.cumsum(self.codes == 0)])
        return np.asarray(breaks[size:] == breaks[:-size])


class GramIndex:
    """The grams of a corpus in sorted order. Each occurrence is linked with the next ones of the same gram.

    A gram that occurs more than ``most`` times has no links, unless ``most`` is None; then each occurrence has at most
    `LINKS`. So there are never more than ``max(most, LINKS)`` links a character, however often a formula is repeated.
    """

    def __init__(self, corpus: Corpus, size: int, most: int | None) -> None:
        self.size = size
        hashes = gram_hashes(corpus.codes, size)
        kept = np.flatnonzero(corpus.whole(size)[: len(hashes)])
        order = kept[np.argsort(hashes[kept], kind="stable")].astype(np.int32)
        ordered = hashes[order]
        first = np.concatenate([[True], ordered[1:] != ordered[:-1]])[: len(ordered)]
        begins = np.flatnonzero(first)
        sizes = np.diff(np.append(begins, len(ordered)))
        useful = np.repeat((sizes > 1) & (most is None or sizes <= most), sizes)
        self.order = order[useful]
        self._group = np.repeat(np.arange(len(sizes), dtype=np.int32), sizes)[useful]
        self.lags = min(LINKS, len(self.order)) if most is None else most - 1

    def links(self, corpus: Corpus, first: int, last: int) -> Iterator[tuple[Positions, Positions]]:
        """(positions, later positions in other streams) where ``first <= position < last``."""
        ranks = np.flatnonzero((self.order >= first) & (self.order < last))
        owners = corpus.owner(self.order[ranks].astype(np.int64))
        for lag in range(1, self.lags + 1):
            inside = ranks + lag < len(self.order)
            ranks, owners = ranks[inside], owners[inside]
            same = self._group[ranks] == self._group[ranks + lag]
            ranks, owners = ranks[same], owners[same]
            if not len(ranks):
                return
            there = self.order[ranks + lag].astype(np.int64)
            other = corpus.owner(there) != owners
            yield self.order[ranks[other]].astype(np.int64), there[other]


def common_grams(a: Codes, b: Codes, size: int = GRAM) -> tuple[Positions, Positions]:
    """All pairs of positions at which two texts have the same gram."""
    first, second = gram_hashes(a, size), gram_hashes(b, size)
    order = np.argsort(first, kind="stable")
    sorted_first = first[order]
    left = np.searchsorted(sorted_first, second, side="left")
    counts = np.searchsorted(sorted_first, second, side="right") - left
    there = np.repeat(np.arange(len(second)), counts)
    within = np.arange(len(there)) - np.repeat(np.cumsum(counts) - counts, counts)
    return order[np.repeat(left, counts) + within].astype(np.int64), there.astype(np.int64)


def exact_stretches(here: Positions, there: Positions, size: int) -> NDArray[Any]:
    """Maximal exact stretches made of grams that overlap, as rows (position, position there, length). No pair comes twice."""
    if not len(here):
        return np.zeros((0, 3), dtype=np.int64)
    # Diagonals may be negative; the offset keeps the key's two halves apart.
    base = np.int64(1) << 30
    key = np.sort(((there - here + base) << np.int64(32)) | here)
    starts = np.flatnonzero(np.concatenate([[True], np.diff(key) != 1]))
    lengths = np.diff(np.append(starts, len(key))) + size - 1
    diagonal = (key[starts] >> np.int64(32)) - base
    position = key[starts] & np.int64(0xFFFFFFFF)
    return np.stack([position, position + diagonal, lengths], axis=1)


def promising(stretches: NDArray[Any], alone: int = ALONE) -> NDArray[Any]:
    """The stretches that are long enough alone or have another one near, longest first."""
    position, there, length = stretches.T
    kept = length >= alone
    for shift in (0, 1 << (SHIFT - 1)):
        bucket = (there - position + shift) >> SHIFT
        order = np.lexsort((position, bucket))
        gap = position[order[1:]] - position[order[:-1]] - length[order[:-1]]
        close = (bucket[order[1:]] == bucket[order[:-1]]) & (gap > 0) & (gap <= NEAR)
        kept[order[1:][close]] = True
        kept[order[:-1][close]] = True
    found = stretches[kept]
    return found[np.lexsort((found[:, 1], found[:, 0], -found[:, 2]))]
