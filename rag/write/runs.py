"""Runs that two texts share, with their edits: seeds, extended to both sides, joined where they follow one another."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from rag.write.extension import EDIT, Block, extend
from rag.write.seeds import (
    ALONE,
    FREQUENT,
    GRAM,
    LONG_GRAM,
    Corpus,
    GramIndex,
    common_grams,
    exact_stretches,
    promising,
)
from rag.write.stream import Stream

SHORTEST = 20
SIMILAR = 0.7
VERBATIM = 8
GAP = 30
_AT_ONCE = 2_000_000  # characters whose links are looked at together: bounds the memory


@dataclass(frozen=True)
class Run:
    """A shared run. ``blocks`` are its exact stretches, in positions of the two streams."""

    blocks: tuple[Block, ...]

    @property
    def start_a(self) -> int:
        return self.blocks[0].start_a

    @property
    def end_a(self) -> int:
        return self.blocks[-1].start_a + self.blocks[-1].length

    @property
    def start_b(self) -> int:
        return self.blocks[0].start_b

    @property
    def end_b(self) -> int:
        return self.blocks[-1].start_b + self.blocks[-1].length

    @property
    def matched(self) -> int:
        """Characters that are the same on both sides."""
        return sum(block.length for block in self.blocks)

    @property
    def length(self) -> int:
        """Characters of the longer side, punctuation not counted."""
        return max(self.end_a - self.start_a, self.end_b - self.start_b)

    @property
    def similarity(self) -> float:
        """2 · matched / (length of one side + length of the other), 1 for equal sides."""
        return 2 * self.matched / (self.end_a - self.start_a + self.end_b - self.start_b)

    @property
    def verbatim(self) -> float:
        """Share of the longer side in exact stretches of at least `VERBATIM` characters."""
        return sum(block.length for block in self.blocks if block.length >= VERBATIM) / self.length

    def covers(self, position_a: int, position_b: int) -> bool:
        return self.start_a <= position_a < self.end_a and self.start_b <= position_b < self.end_b


def runs_between(a: Stream, b: Stream, shortest: int = SHORTEST, alone: int = ALONE) -> list[Run]:
    """The runs of at least ``shortest`` characters that two texts share, by their place in ``a``.

    ``alone`` is the length from which a single exact stretch is enough to look for more around it.
    """
    stretches = promising(exact_stretches(*common_grams(a.codes, b.codes), GRAM), min(alone, shortest))
    return _grown(a, b, stretches[:, :2].tolist(), shortest)


def runs_within(
    streams: Sequence[Stream], shortest: int = SHORTEST, progress: Callable[[int, int], None] | None = None
) -> Iterator[tuple[int, int, list[Run]]]:
    """(a, b, runs) for every pair of texts, a < b, that share a run.

    A text that stands in very many speeches is found between each of them and the next ones of its kind, not between
    all pairs, which would be quadratic in their number.
    """
    corpus = Corpus(streams)
    indexes = (GramIndex(corpus, GRAM, FREQUENT), GramIndex(corpus, LONG_GRAM, None))
    edges = _edges(corpus)
    for n, (first, last) in enumerate(edges, 1):
        for a, b, seeds in _pairs(corpus, indexes, first, last, min(ALONE, shortest)):
            if runs := _grown(streams[a], streams[b], seeds, shortest):
                yield a, b, runs
        if progress:
            progress(n, len(edges))


def _edges(corpus: Corpus) -> list[tuple[int, int]]:
    """The corpus cut at beginnings of texts into parts of about `_AT_ONCE` characters, so that no pair is cut in two."""
    cuts = [0]
    for start in corpus.starts[1:].tolist():
        if start - cuts[-1] >= _AT_ONCE or start == corpus.starts[-1]:
            cuts.append(start)
    return [(first, last) for first, last in pairwise(cuts) if last > first]


def _pairs(
    corpus: Corpus, indexes: Sequence[GramIndex], first: int, last: int, alone: int
) -> Iterator[tuple[int, int, list[list[int]]]]:
    """(a, b, seeds in positions of the two texts, longest first) for the pairs whose first text begins in the part."""
    found = []
    for index in indexes:
        links = list(index.links(corpus, first, last))
        if links:
            here, there = (np.concatenate(side) for side in zip(*links, strict=True))
            found.append(exact_stretches(here, there, index.size))
    if not found:
        return
    seeds = promising(np.concatenate(found), alone)
    owners = np.stack([corpus.owner(seeds[:, 0]), corpus.owner(seeds[:, 1])], axis=1)
    seeds[:, :2] -= corpus.starts[owners]
    order = np.lexsort((-seeds[:, 2], owners[:, 1], owners[:, 0]))
    owners, seeds = owners[order], seeds[order]
    cuts = np.flatnonzero(np.any(np.diff(owners, axis=0), axis=1)) + 1
    for begin, end in zip([0, *cuts.tolist()], [*cuts.tolist(), len(seeds)], strict=True):
        if end > begin:
            yield int(owners[begin, 0]), int(owners[begin, 1]), seeds[begin:end, :2].tolist()


def _grown(a: Stream, b: Stream, seeds: Sequence[Sequence[int]], shortest: int) -> list[Run]:
    runs: list[Run] = []
    for at_a, at_b in seeds:
        if not any(run.covers(at_a, at_b) for run in runs) and (blocks := _through(a.text, b.text, at_a, at_b)):
            runs.append(Run(tuple(best_part(blocks))))
    joined = _joined(sorted(runs, key=lambda run: (run.start_a, run.start_b)))
    return [run for run in _distinct(joined) if run.length >= shortest and run.similarity >= SIMILAR]


def _through(a: str, b: str, at_a: int, at_b: int) -> list[Block]:
    """The blocks of the alignment that goes through a common point."""
    back = extend(a[:at_a][::-1], b[:at_b][::-1])
    ahead = extend(a[at_a:], b[at_b:])
    before = [Block(at_a - i - n, at_b - j - n, n) for i, j, n in reversed(back)]
    return before + [Block(at_a + i, at_b + j, n) for i, j, n in ahead]


def best_part(blocks: Sequence[Block]) -> list[Block]:
    """The successive blocks with the greatest score, without end pieces that match less than what parts them costs.

    An alignment is the best of those that go through its seed; where the seed itself lies in such a piece, it is not
    the best one there (Smith & Waterman, J. Mol. Biol. 147, 1981; here over blocks, by Kadane's algorithm).
    """
    best, best_score, begin, score = (0, 0), 0.0, 0, 0.0
    for n, block in enumerate(blocks):
        if n:
            score -= _cost(blocks[n - 1], block)
        if score <= 0:
            begin, score = n, 0.0
        score += block.length
        if score > best_score:
            best, best_score = (begin, n + 1), score
    return list(blocks[best[0] : best[1]])


def _cost(block: Block, following: Block) -> float:
    """What the differences between two blocks cost, as in `rag.write.extension`."""
    gap_a = following.start_a - block.start_a - block.length
    gap_b = following.start_b - block.start_b - block.length
    return EDIT * max(gap_a, gap_b) - (gap_a + gap_b) / 2


def _joined(runs: Sequence[Run]) -> list[Run]:
    """Runs with those made one that follow each other closely on both sides: something was put in or taken out there.

    What differs there, on both sides together, must be no more than either run matches.
    """
    out: list[Run] = []
    for run in runs:
        for n in range(len(out) - 1, max(-1, len(out) - 6), -1):
            gap_a, gap_b = run.start_a - out[n].end_a, run.start_b - out[n].end_b
            both = Run(out[n].blocks + run.blocks)
            most = min(out[n].matched, run.matched)
            close = 0 <= gap_a <= GAP and 0 <= gap_b <= GAP and gap_a + gap_b <= most
            if close and both.similarity >= SIMILAR:
                out[n] = both
                break
        else:
            out.append(run)
    return out


def _distinct(runs: Sequence[Run]) -> list[Run]:
    """Without runs of which most lies inside a longer one on both sides."""
    kept: list[Run] = []
    for run in sorted(runs, key=lambda one: -one.matched):
        if not any(_inside(run, other) for other in kept):
            kept.append(run)
    return sorted(kept, key=lambda one: (one.start_a, one.start_b))


def _inside(run: Run, other: Run) -> bool:
    common_a = min(run.end_a, other.end_a) - max(run.start_a, other.start_a)
    common_b = min(run.end_b, other.end_b) - max(run.start_b, other.start_b)
    return 2 * common_a > run.end_a - run.start_a and 2 * common_b > run.end_b - run.start_b
