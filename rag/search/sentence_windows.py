"""Windows of a few sentences: the scale between the sentence, which says too little, and the passage, which says more.

An answer often stands in two or three sentences of a passage. Their mean vector and the words they share between them
meet a question better than either of them alone, and better than a passage that goes on to speak of something else.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from rag.encoder.base import Vectors

LONGEST = 150  # characters; a longer sentence is a window of its own
TINY = 1e-12  # in place of the squared length of a vector of zeros


def best_windows(
    spans: NDArray[np.int64],
    counts: Sequence[int],
    sentences: Vectors,
    question: Vectors,
    met: Vectors,
    weights: Vectors,
) -> Vectors:
    """For each passage, the best window's cosine to the question plus how well it meets the question word by word.

    Args:
        spans: starts and ends of all sentences, one passage after the other, shape (sentences, 2).
        counts: how many sentences each passage has.
        sentences: their unit vectors, shape (sentences, dimension).
        question: unit vector, shape (dimension,).
        met: how well each sentence meets each word of the question, shape (words, sentences).
        weights: of the words, with the sum 1, shape (words,).

    Returns: shape (passages,); -1 for a passage without sentences. A window's vector is the unit mean of its sentences'
    vectors weighted by their lengths; it meets a word as well as the best of its sentences does.
    """
    best = np.full(len(counts), -1.0, dtype=np.float32)
    owner = np.repeat(np.arange(len(counts)), counts)
    weighted = sentences * (spans[:, 1] - spans[:, 0]).astype(np.float32)[:, None]
    dots = single = (weighted @ question).astype(np.float64)
    nearest = met
    for size, (inside, lengths) in enumerate(_windows(spans, owner, weighted), 1):
        if size > 1:
            dots = dots[:-1] + single[size - 1 :]
            nearest = np.maximum(nearest[:, :-1], met[:, size - 1 :])
        scores = dots[inside] / lengths + (weights @ nearest)[inside]
        np.maximum.at(best, owner[: len(inside)][inside], scores)
    return best


def _windows(
    spans: NDArray[np.int64], owner: NDArray[np.int64], weighted: Vectors
) -> Iterator[tuple[NDArray[np.bool_], NDArray[np.float64]]]:
    """For windows of one sentence, of two, and so on: with which sentences one begins, and how long its sum of vectors is.

    The squared length of a sum follows from those of the two windows that lack its first or its last sentence, of the
    one that lacks both, and from the product of these two sentences.
    """
    squares = shorter = np.zeros(len(spans) + 1)
    for size in range(1, len(spans) + 1):
        inside = owner[: len(spans) - size + 1] == owner[size - 1 :]
        if size > 1:
            inside &= spans[size - 1 :, 1] - spans[: 1 - size, 0] <= LONGEST
        if not inside.any():
            return
        first, pairs = np.flatnonzero(inside), np.zeros(len(inside))  # what is no window is part of none
        pairs[first] = np.einsum("ij,ij->i", weighted[first], weighted[first + size - 1])
        grown = squares[:-1] + squares[1:] - shorter[1:-1] + 2 * pairs if size > 1 else pairs
        squares, shorter = grown, squares
        yield inside, np.sqrt(np.maximum(squares[inside], TINY))
