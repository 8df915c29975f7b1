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
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

K1, B = 1.2, 0.75
LEAST_IDF = 1e-6
LONG = 0.1  # of all passages: a list that is worth passing over
MARGIN = 1e-6  # of a score; sums in another order differ by far less
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
        part, sizes = _invert(texts, numbers, first)
        ids.append(some)
        lengths.append(sizes)
        parts.append(part)
        first += len(some)
    sizes = np.zeros(len(numbers) + 1, dtype=np.int64)
    for part in parts:
        sizes[1 + part.lists] += part.sizes
    starts = np.cumsum(sizes, dtype=np.int64)
    all_rows, all_counts = np.zeros(starts[-1], dtype=np.int32), np.zeros(starts[-1], dtype=np.uint16)
    next_free = starts[:-1].copy()
    parts.reverse()
    while parts:  # each is let go once it is in its place: together they are as large as the whole
        part = parts.pop()
        begins = np.cumsum(part.sizes) - part.sizes
        at = np.repeat(next_free[part.lists] - begins, part.sizes) + np.arange(len(part.rows))
        all_rows[at], all_counts[at] = part.rows, part.counts
        next_free[part.lists] += part.sizes
    none = np.zeros(0, dtype=np.int64)
    return Postings(
        tuple(numbers),
        starts,
        all_rows,
        all_counts,
        np.concatenate([none, *ids]),
        np.concatenate([none.astype(np.int32), *lengths]),
    )


class _Part(NamedTuple):
    """The inverted lists of some passages, one after the other: their terms' numbers, sizes, rows, and counts."""

    lists: NDArray[np.int64]
    sizes: NDArray[np.int64]
    rows: NDArray[np.int32]
    counts: NDArray[np.uint16]


def _invert(texts: Sequence[str], numbers: dict[str, int], first: int) -> tuple[_Part, NDArray[np.int32]]:
    """The inverted lists of texts, and their lengths in tokens; new terms get numbers."""
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
    lists, sizes = np.unique(keys >> 32, return_counts=True)
    return _Part(lists, sizes, (keys & 0xFFFFFFFF).astype(np.int32), clipped), np.array(lengths, dtype=np.int32)


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

    @cached_property
    def _norms(self) -> tuple[NDArray[np.float64], ...]:
        """`length_norms` of each segment's rows."""
        passages, tokens = self.size
        mean = tokens / max(1, passages) or 1.0
        return tuple(length_norms(one.lengths, mean) for one in (self.base, self.added) if one is not None)

    def bm25(self, terms: Sequence[str], limit: int) -> dict[int, float]:
        """Passage id → BM25 score of the ``limit`` best, best first, equal ones by id."""
        found = [list(self._lists(term)) for term in terms]
        passages, _ = self.size
        holding = [sum(len(rows) for rows, _ in lists) for lists in found]
        idf = [max(math.log((passages - n + 0.5) / (n + 0.5)), LEAST_IDF) if n else 0.0 for n in holding]
        ids, scores = [], []
        for segment, postings in enumerate(one for one in (self.base, self.added) if one is not None):
            lists = [Weighted(weight, *own[segment]) for weight, own in zip(idf, found, strict=True)]
            rows, own_scores = best_rows(lists, self._norms[segment], limit)
            ids.append(postings.ids[rows])
            scores.append(own_scores)
        return _best(np.concatenate(ids), np.concatenate(scores), limit)

    def frequency(self, term: str) -> int:
        """Number of passages that hold a term."""
        return sum(len(rows) for rows, _ in self._lists(term))

    def _lists(self, term: str) -> Iterator[tuple[NDArray[Any], NDArray[Any]]]:
        """(rows, counts) of a term in each segment."""
        rows, counts = self.base.of(term)
        if self._alive is not None:
            there = self._alive[rows]
            rows, counts = rows[there], counts[there]
        yield rows, counts
        if self.added is not None:
            yield self.added.of(term)


class Weighted(NamedTuple):
    """The inverted list of a term with its inverse document frequency."""

    idf: float
    rows: NDArray[np.int32]
    counts: NDArray[np.uint16]

    def scores(self, rows: NDArray[Any], norms: NDArray[np.float64]) -> NDArray[np.float64]:
        """What it adds to the scores of these rows, 0 to those that it does not hold."""
        at = np.minimum(np.searchsorted(self.rows, rows), len(self.rows) - 1)
        return np.where(self.rows[at] == rows, contribution(self.idf, self.counts[at], norms[rows]), 0.0)


def best_rows(
    lists: Sequence[Weighted], norms: NDArray[np.float64], limit: int
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """(rows, scores), ascending by row: the ``limit`` best, all that are as good as the last of them, and some others.

    Rare words first. Once those still to come cannot lift a passage that holds none of the words so far among the best,
    only passages that hold some are looked up in the remaining, long lists (MaxScore: Turtle & Flood, Query Evaluation:
    Strategies and Optimizations, Information Processing & Management, 1995).
    """
    waiting = sorted((one for one in lists if len(one.rows)), key=lambda one: len(one.rows))
    total, rows = np.zeros(len(norms)), None
    while waiting:
        if rows is None and len(waiting[0].rows) > LONG * len(norms):
            rows = promising(total, sum(one.idf for one in waiting) * (K1 + 1), limit)
        one = waiting.pop(0)
        if rows is None:
            total[one.rows] += contribution(one.idf, one.counts, norms[one.rows])
        else:
            total[rows] += one.scores(rows, norms)
    rows = np.flatnonzero(total) if rows is None else rows
    rows = rows[total[rows] >= _least(total[rows], limit) - MARGIN]
    # Once more, in the order of the words: in another order the last bit of a sum may be another one.
    scores = np.zeros(len(rows))
    for one in lists:
        if len(one.rows):
            scores += one.scores(rows, norms)
    return rows, scores


def promising(total: NDArray[np.float64], to_come: float, limit: int) -> NDArray[np.int64] | None:
    """The rows that can be among the best when ``to_come`` is the most that is still added to any; None for all."""
    rows = np.flatnonzero(total)
    least = _least(total[rows], limit) - MARGIN
    return rows[total[rows] >= least - to_come] if least > to_come else None


def _least(scores: NDArray[np.float64], limit: int) -> float:
    """The score of the ``limit``-th best, -∞ where there are not so many."""
    return float(np.partition(scores, len(scores) - limit)[len(scores) - limit]) if len(scores) >= limit else -math.inf


def length_norms(lengths: NDArray[Any], mean: float) -> NDArray[np.float64]:
    """By how much long passages count for less, k1 · (1 - b + b · length / mean length), shape as given."""
    norms: NDArray[np.float64] = K1 * (1 - B + B * lengths.astype(np.float64) / mean)
    return norms


def contribution(idf: float, counts: NDArray[Any], norms: NDArray[np.float64]) -> NDArray[np.float64]:
    """What a term adds to the BM25 of passages that hold it ``counts`` times and have these `length_norms`."""
    f = counts.astype(np.float64)
    return idf * ((f * (K1 + 1.0)) / (f + norms))


def _best(ids: NDArray[np.int64], scores: NDArray[np.float64], limit: int) -> dict[int, float]:
    if len(ids) > limit:
        least = np.partition(scores, len(scores) - limit)[len(scores) - limit]
        keep = scores >= least
        ids, scores = ids[keep], scores[keep]
    order = np.lexsort((ids, -scores))[:limit]
    return dict(zip(ids[order].tolist(), scores[order].tolist(), strict=True))
