"""BM25 over inverted lists in plain arrays, for archives in which FTS5 takes too long.

FTS5 reads the length of every passage that holds any of a question's words from a table, one by one: 0.5 s for frequent
words in a million passages. Lists of passages and counts as arrays, scored term at a time, take a hundredth of that and
give the same scores (Robertson & Zaragoza, The Probabilistic Relevance Framework, 2009; FTS5's k1, b and smoothing).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

K1, B = 1.2, 0.75
LEAST_IDF = 1e-6
Batch = tuple[NDArray[np.int64], Sequence[str]]  # passage ids, ascending, and their tokens separated by white space


@dataclass(frozen=True)
class Postings:
    """Inverted lists of passages. List n is ``rows[starts[n]:starts[n + 1]]`` with as many ``counts``.

    ``ids`` and ``lengths`` (in tokens) are by row; rows ascend with ids. The arrays may be memory-mapped.
    """

    terms: tuple[str, ...]
    starts: NDArray[np.int64]
    rows: NDArray[np.int32]
    counts: NDArray[np.uint16]
    ids: NDArray[np.int64]
    lengths: NDArray[np.int32]

    @cached_property
    def numbers(self) -> Mapping[str, int]:
        return {term: n for n, term in enumerate(self.terms)}

    @cached_property
    def tokens(self) -> int:
        return int(self.lengths.sum(dtype=np.int64))

    def of(self, term: str) -> tuple[NDArray[Any], NDArray[Any]]:
        """(rows, counts) of a term."""
        n = self.numbers.get(term)
        span = slice(0, 0) if n is None else slice(int(self.starts[n]), int(self.starts[n + 1]))
        return self.rows[span], self.counts[span]


def build(batches: Iterable[Batch]) -> Postings:
    """Inverted lists of all batches."""
    numbers: dict[str, int] = {}
    ids, lengths, parts = [], [], []
    first = 0
    for some, texts in batches:
        terms, rows, counts, sizes = _invert(texts, numbers, first)
        ids.append(some)
        lengths.append(sizes)
        parts.append((terms, rows, counts))
        first += len(some)
    sizes = np.zeros(len(numbers) + 1, dtype=np.int64)
    for terms, _, _ in parts:
        sizes[1:] += np.bincount(terms, minlength=len(numbers))
    starts = np.cumsum(sizes)
    all_rows, all_counts = np.zeros(starts[-1], dtype=np.int32), np.zeros(starts[-1], dtype=np.uint16)
    next_free = starts[:-1].copy()
    for terms, rows, counts in parts:
        lists, begins, lengths_ = np.unique(terms, return_index=True, return_counts=True)
        at = next_free[terms] + np.arange(len(terms)) - np.repeat(begins, lengths_)
        all_rows[at], all_counts[at] = rows, counts
        next_free[lists] += lengths_
    none = np.zeros(0, dtype=np.int64)
    return Postings(
        tuple(numbers),
        starts,
        all_rows,
        all_counts,
        np.concatenate([none, *ids]),
        np.concatenate([none.astype(np.int32), *lengths]),
    )


def _invert(texts: Sequence[str], numbers: dict[str, int], first: int) -> tuple[NDArray[Any], ...]:
    """(term numbers, rows, counts) sorted by term and row, and the passages' lengths; new terms get numbers."""
    tokens: list[int] = []
    bounds, lengths = [0], []
    for text in texts:
        extra = 0
        for token in text.split():
            tokens.append(numbers.setdefault(token, len(numbers)))
            if (
                "." in token
            ):  # FTS5 takes «3.5» apart and finds it as a phrase (or a 3 before a 5, which is not found here)
                parts = token.split(".")
                tokens += [numbers.setdefault(part, len(numbers)) for part in parts]
                extra += 1
        lengths.append(len(tokens) - bounds[-1] - extra)
        bounds.append(len(tokens))
    rows = np.repeat(np.arange(first, first + len(texts), dtype=np.int64), np.diff(bounds))
    keys, counts = np.unique(np.array(tokens, dtype=np.int64) << 32 | rows, return_counts=True)
    clipped = np.minimum(counts, np.iinfo(np.uint16).max).astype(np.uint16)
    return (
        (keys >> 32).astype(np.int64),
        (keys & 0xFFFFFFFF).astype(np.int32),
        clipped,
        np.array(lengths, dtype=np.int32),
    )


@dataclass(frozen=True)
class Segments:
    """A base, the passages added to it since, and the rows of the base that are gone: together one collection."""

    base: Postings
    added: Postings | None = None
    gone: NDArray[np.int64] | None = None

    @cached_property
    def _alive(self) -> NDArray[np.bool_] | None:
        if self.gone is None or not len(self.gone):
            return None
        alive = np.ones(len(self.base.ids), dtype=bool)
        alive[self.gone] = False
        return alive

    @cached_property
    def size(self) -> tuple[int, int]:
        """(passages, tokens) of the collection."""
        gone = self.gone if self.gone is not None else np.zeros(0, dtype=np.int64)
        added = self.added
        return (
            len(self.base.ids) - len(gone) + (len(added.ids) if added else 0),
            self.base.tokens - int(self.base.lengths[gone].sum(dtype=np.int64)) + (added.tokens if added else 0),
        )

    def bm25(self, terms: Sequence[str], limit: int) -> dict[int, float]:
        """Passage id → BM25 score of the ``limit`` best, best first, equal ones by id."""
        found = [list(self._lists(term)) for term in terms]
        passages, tokens = self.size
        mean = tokens / max(1, passages)
        ids, scores = [], []
        for segment, postings in enumerate(one for one in (self.base, self.added) if one is not None):
            total = np.zeros(len(postings.ids))
            for lists in found:
                holding = sum(len(rows) for rows, _ in lists)
                rows, counts = lists[segment]
                idf = max(math.log((passages - holding + 0.5) / (holding + 0.5)), LEAST_IDF) if holding else 0.0
                total[rows] += contribution(idf, counts, postings.lengths[rows], mean)
            rows = np.flatnonzero(total)
            ids.append(postings.ids[rows])
            scores.append(total[rows])
        return _best(np.concatenate(ids), np.concatenate(scores), limit)

    def _lists(self, term: str) -> Iterator[tuple[NDArray[Any], NDArray[Any]]]:
        """(rows, counts) of a term in each segment."""
        rows, counts = self.base.of(term)
        if self._alive is not None:
            there = self._alive[rows]
            rows, counts = rows[there], counts[there]
        yield rows, counts
        if self.added is not None:
            yield self.added.of(term)


def contribution(idf: float, counts: NDArray[Any], lengths: NDArray[Any], mean: float) -> NDArray[np.float64]:
    """What a term adds to the BM25 of passages that hold it ``counts`` times, shape as given."""
    f = counts.astype(np.float64)
    return idf * ((f * (K1 + 1.0)) / (f + K1 * (1 - B + B * lengths / mean)))


def _best(ids: NDArray[np.int64], scores: NDArray[np.float64], limit: int) -> dict[int, float]:
    if len(ids) > limit:
        least = np.partition(scores, len(scores) - limit)[len(scores) - limit]
        keep = scores >= least
        ids, scores = ids[keep], scores[keep]
    order = np.lexsort((ids, -scores))[:limit]
    return dict(zip(ids[order].tolist(), scores[order].tolist(), strict=True))
