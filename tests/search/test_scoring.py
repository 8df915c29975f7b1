"""Scores of candidates, with vectors that can be computed in the head."""

from __future__ import annotations

import numpy as np
import pytest

from rag.archive.rows import PassageRow, PassageVectors, pack
from rag.search.mix import Weights
from rag.search.scoring import LexicalScores, Scored, score

QUESTION = np.array([1, 0], dtype=np.float32)
NEAR, HALF, FAR = [1.0, 0.0], [0.6, 0.8], [0.0, 1.0]
ONLY = Weights(passage=1, sentence=0, words=0, pairs=0, coverage=0, best_coverage=0, phrase=0)


def vectors(**passages: tuple[list[float] | None, list[list[float]]]) -> PassageVectors:
    """Passages «p3» … with their vector (None: not encoded yet) and their sentences' vectors."""
    packed = {
        int(name[1:]): (
            pack(np.array([own], dtype=np.float32)) if own else None,
            pack(np.array(sentences, dtype=np.float32)) if sentences else None,
        )
        for name, (own, sentences) in passages.items()
    }
    return PassageVectors.unpacked(packed, 2)


def scored(weights: Weights, lexical: LexicalScores | None = None) -> Scored:
    given = vectors(p3=(FAR, [HALF, NEAR, FAR]), p5=(HALF, []), p8=(None, []), p9=(NEAR, [FAR]))
    return score(given, QUESTION, lexical or LexicalScores({}, {}), weights)


def test_cosines_of_passages_and_of_their_best_sentences() -> None:
    """A passage without sentences has none that is near: -1."""
    found = scored(ONLY)
    assert found.total == pytest.approx([0, 0.6, 0, 1], abs=1e-3)
    assert found.parts["sentence"] == pytest.approx([1, -1, -1, 0], abs=1e-3)


def test_best_first_and_of_equal_ones_the_smaller_id() -> None:
    assert scored(ONLY).best_first == [9, 5, 3, 8]
    assert score(vectors(), QUESTION, LexicalScores({}, {}), ONLY).best_first == []


def test_words_and_phrases() -> None:
    """BM25 of 12 is worth half of the weight; 3 holds both phrases, 9 one of two."""
    weights = Weights(passage=0, sentence=0, words=1, pairs=0, phrase=1)
    found = scored(weights, LexicalScores({5: 12.0}, {}, [{3: 0.0, 9: 0.0}, {3: 0.0}]))
    assert found.total == pytest.approx([1.0, 0.5, 0.0, 0.5])
    assert LexicalScores({5: 12.0}, {2: 1.0}, [{3: 0.0}]).ids == {2, 3, 5}


def test_candidates_have_their_own_scores_in_the_order_asked_for() -> None:
    found = scored(ONLY)
    none = np.zeros(0, dtype=np.float32)
    rows = [PassageRow(i, 1, 0, 1, (), None, (), "", none, none) for i in (9, 3)]
    nine, three = found.candidates(rows)
    assert (nine.row.id, nine.score, three.score) == (9, pytest.approx(1), pytest.approx(0))
    assert three.sentence_scores == pytest.approx([0.6, 1, 0], abs=1e-3)
    assert three.parts == {name: pytest.approx(float(part[0])) for name, part in found.parts.items()}


def test_vectors_stay_with_their_passage() -> None:
    found = vectors(p3=(FAR, [HALF, NEAR]), p5=(None, []), p9=(NEAR, [FAR]))
    assert found.ids == (3, 5, 9)
    assert found.passages == pytest.approx(np.array([FAR, [0, 0], NEAR]))
    assert [found.sentences[a:b].tolist() for a, b in zip(found.bounds, found.bounds[1:], strict=False)] == [
        [pytest.approx(HALF, abs=1e-3), NEAR],
        [],
        [FAR],
    ]
