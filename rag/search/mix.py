"""The linear mix of calibrated scores that ranks passages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.floating[Any]]


@dataclass(frozen=True)
class Weights:
    """Weight of each part of the mix.

    ``words`` and ``pairs`` apply to BM25 divided by ``saturation + BM25``: between 0 and 1 whatever the archive's size.
    ``phrase`` is the bonus for a passage that contains a quoted phrase verbatim.
    """

    passage: float = 1.0
    sentence: float = 1.0
    words: float = 0.25
    pairs: float = 0.0
    phrase: float = 1.0
    saturation: float = 12.0


def mix(passage: Scores, sentence: Scores, words: Scores, pairs: Scores, phrase: Scores, weights: Weights) -> Scores:
    """Score of each candidate; all arguments have shape (candidates,).

    ``passage`` and ``sentence`` are cosines, ``words`` and ``pairs`` BM25 scores, ``phrase`` the share of the query's
    quoted phrases that the passage contains.
    """
    return (
        weights.passage * passage
        + weights.sentence * sentence
        + weights.words * saturated(words, weights.saturation)
        + weights.pairs * saturated(pairs, weights.saturation)
        + weights.phrase * phrase
    )


def saturated(scores: Scores, half: float) -> Scores:
    """Scores from [0, ∞) to [0, 1); ``half`` is the score that becomes ½."""
    return scores / (half + scores)
