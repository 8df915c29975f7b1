"""The linear mix of calibrated scores that ranks passages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.errors import EncoderError

Scores = NDArray[np.floating[Any]]


@dataclass(frozen=True)
class Weights:
    """Weight of each part of the mix.

    ``passage`` and ``sentence`` apply to cosines (of the passage and of its best sentence), ``words`` and ``pairs`` to
    BM25 divided by ``saturation + BM25``, which lies between 0 and 1 whatever the archive's size. ``coverage`` and
    ``best_coverage`` apply to how well the passage, and its best sentence, meet the question word by word, and
    ``mean_coverage`` to how well its sentences do on average. ``window`` applies to the best window of a few sentences
    (`rag.search.sentence_windows`). ``phrase`` is the bonus for a passage that contains every quoted phrase verbatim.
    """

    passage: float = 1.0
    sentence: float = 1.0
    words: float = 0.25
    pairs: float = 0.0
    coverage: float = 0.4
    best_coverage: float = 0.6
    mean_coverage: float = 0.0
    window: float = 0.0
    phrase: float = 1.0
    saturation: float = 12.0

    @classmethod
    def fitted(cls, values: Mapping[str, float]) -> Weights:
        """The weights that were fitted for an encoder, by name; where there are none, those set by hand.

        Raises:
            EncoderError: a name is none of the weights.
        """
        if unknown := values.keys() - {field.name for field in fields(cls)}:
            raise EncoderError(
                "模型的 calibration.json 中有未知的权重：{names}。请重新安装模型文件夹。",
                names="、".join(sorted(unknown)),
            )
        return cls(**values)


def mix(parts: Mapping[str, Scores], weights: Weights) -> Scores:
    """Score of each candidate, shape (candidates,), from the parts that are there (same shape each).

    The parts are named like the weights; ``words`` and ``pairs`` are plain BM25 scores.
    """
    names = [field.name for field in fields(weights) if field.name in parts]
    total = np.zeros_like(parts[names[0]], dtype=np.float64)
    for name in names:
        part = saturated(parts[name], weights.saturation) if name in ("words", "pairs") else parts[name]
        total += getattr(weights, name) * part
    return total


def saturated(scores: Scores, half: float) -> Scores:
    """Scores from [0, ∞) to [0, 1); ``half`` is the score that becomes ½."""
    return scores / (half + scores)
