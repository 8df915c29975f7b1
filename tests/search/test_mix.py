"""The mix, in numbers."""

from __future__ import annotations

import numpy as np
import pytest

from rag.search.mix import Weights, mix, saturated


def test_saturation_is_a_half_at_its_half_and_stays_below_one() -> None:
    # 0/(12+0) = 0, 12/(12+12) = 1/2, 36/(12+36) = 3/4
    assert saturated(np.array([0.0, 12.0, 36.0]), 12.0) == pytest.approx([0.0, 0.5, 0.75])
    assert saturated(np.array([1e9]), 12.0)[0] < 1


def test_mix_by_hand() -> None:
    """First: 2·0.5 + 3·0.25 + 4·(12/24) + 5·(4/16) + 6·1 = 1 + 0.75 + 2 + 1.25 + 6 = 11.
    Second: 2·(−1) + 3·0 + 0 + 0 + 0 = −2."""
    weights = Weights(passage=2, sentence=3, words=4, pairs=5, phrase=6, saturation=12)
    parts = {
        "passage": np.array([0.5, -1.0]),
        "sentence": np.array([0.25, 0.0]),
        "words": np.array([12.0, 0.0]),
        "pairs": np.array([4.0, 0.0]),
        "phrase": np.array([1.0, 0.0]),
    }
    assert mix(parts, weights) == pytest.approx([11.0, -2.0])


def test_parts_that_are_missing_count_nothing() -> None:
    weights = Weights(passage=2, coverage=10, best_coverage=100)
    assert mix({"passage": np.array([0.5])}, weights) == pytest.approx([1.0])
    both = {"passage": np.array([0.5]), "coverage": np.array([0.2]), "best_coverage": np.array([0.03])}
    assert mix(both, weights) == pytest.approx([1 + 2 + 3])
