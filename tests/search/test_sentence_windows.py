"""The best window of each passage, against every window taken one by one."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from rag.search.sentence_windows import LONGEST, best_windows
from rag.types import Span

DIMENSION, WORDS = 4, 3


def one_by_one(spans: list[Span], vectors: np.ndarray, question: np.ndarray, met: np.ndarray, weights: np.ndarray) -> float:
    """The definition: all windows of a passage, each measured by itself."""
    scores = [-1.0]
    for first in range(len(spans)):
        for last in range(first, len(spans)):
            if last > first and spans[last].end - spans[first].start > LONGEST:
                continue
            parts = [vectors[n] * (spans[n].end - spans[n].start) for n in range(first, last + 1)]
            mean = np.sum(parts, axis=0)
            words = [max(met[w, first : last + 1]) for w in range(len(weights))]
            scores.append(float(mean / np.linalg.norm(mean) @ question) + float(np.dot(weights, words)))
    return max(scores)


def flat(passages: list[list[Span]]) -> tuple[NDArray[np.int64], list[int]]:
    spans = np.array([span for own in passages for span in own], dtype=np.int64).reshape(-1, 2)
    return spans, [len(own) for own in passages]


@given(st.lists(st.lists(st.integers(5, 120), max_size=6), max_size=4), st.integers(0, 2**32 - 1))
def test_every_window_is_tried(passages: list[list[int]], seed: int) -> None:
    draw = np.random.default_rng(seed)
    spans = [[Span(sum(sizes[:n]), sum(sizes[: n + 1])) for n in range(len(sizes))] for sizes in passages]
    count = sum(map(len, spans))
    vectors = draw.normal(size=(count, DIMENSION))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    question = vectors[0] if count else np.ones(DIMENSION) / 2
    met, weights = draw.random((WORDS, count)), np.full(WORDS, 1 / WORDS)
    found = best_windows(
        *flat(spans), vectors.astype(np.float32), question.astype(np.float32), met.astype(np.float32), weights.astype(np.float32)
    )
    bounds = np.cumsum([0, *map(len, spans)])
    expected = [
        one_by_one(one, vectors[a:b], question, met[:, a:b], weights)
        for one, a, b in zip(spans, bounds[:-1], bounds[1:], strict=True)
    ]
    np.testing.assert_allclose(found, expected, atol=1e-4)


def test_two_sentences_together_may_meet_a_question_that_neither_meets() -> None:
    spans = [[Span(0, 10), Span(10, 20)], [Span(0, 10), Span(20, 190)]]
    vectors = np.array([[1, 0], [0, 1], [1, 0], [0, 1]], dtype=np.float32)
    question = np.array([1, 1], dtype=np.float32) / np.sqrt(2)
    met = np.array([[1, 0, 1, 0], [0, 1, 0, 1]], dtype=np.float32)
    close, apart = best_windows(*flat(spans), vectors, question, met, np.array([0.5, 0.5], dtype=np.float32))
    assert np.isclose(close, 2.0)
    assert np.isclose(apart, np.sqrt(0.5) + 0.5), "too far apart for one window"
