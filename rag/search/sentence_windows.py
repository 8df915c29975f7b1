"""Windows of a few sentences: the scale between the sentence, which says too little, and the passage, which says more.

An answer often stands in two or three sentences of a passage. Their mean vector and the words they share between them
meet a question better than either of them alone, and better than a passage that goes on to speak of something else.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rag.encoder.base import Vectors, unit
from rag.types import Span

LONGEST = 150  # characters; a longer sentence is a window of its own


def best_windows(
    passages: Sequence[Sequence[Span]], sentences: Vectors, question: Vectors, met: Vectors, weights: Vectors
) -> Vectors:
    """For each passage, the best window's cosine to the question plus how well it meets the question word by word.

    Args:
        passages: the spans of each passage's sentences.
        sentences: unit vectors of all sentences, one passage after the other, shape (sentences, dimension).
        question: unit vector, shape (dimension,).
        met: how well each sentence meets each word of the question, shape (words, sentences).
        weights: of the words, with the sum 1, shape (words,).

    Returns: shape (passages,); -1 for a passage without sentences. A window's vector is the unit mean of its sentences'
    vectors weighted by their lengths; it meets a word as well as the best of its sentences does.
    """
    counts = [len(spans) for spans in passages]
    best = np.full(len(passages), -1.0, dtype=np.float32)
    spans = np.array([span for one in passages for span in one], dtype=np.int64).reshape(-1, 2)
    owner = np.repeat(np.arange(len(passages)), counts)
    lengths = (spans[:, 1] - spans[:, 0]).astype(np.float32)
    sums, nearest = sentences * lengths[:, None], met
    totals = sums
    for size in range(1, max(counts, default=0) + 1):
        if size > 1:
            totals = totals[:-1] + sums[size - 1 :]
            nearest = np.maximum(nearest[:, :-1], met[:, size - 1 :])
        last = slice(size - 1, None)
        inside = owner[: len(totals)] == owner[last]
        if size > 1:
            inside &= spans[last, 1] - spans[: len(totals), 0] <= LONGEST
        if not inside.any():
            break
        scores = unit(totals[inside]) @ question + weights @ nearest[:, inside]
        np.maximum.at(best, owner[: len(totals)][inside], scores)
    return best
