"""Scores of candidate passages: all parts of the mix, computed together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from rag.archive.rows import PassageRow
from rag.encoder.base import Vectors
from rag.search.alignment import QuestionWords, WordVectors, nearest_words
from rag.search.mix import Weights, mix

CARD_SHARE = 0.85


@dataclass(frozen=True)
class Candidate:
    """A scored passage. ``parts`` has the parts of the mix by name; the arrays have one entry a sentence."""

    row: PassageRow
    score: float
    parts: Mapping[str, float]
    sentence_scores: Vectors
    sentence_coverage: Vectors


@dataclass(frozen=True)
class LexicalScores:
    """BM25 scores by passage id, and for each quoted phrase the passages that contain it."""

    words: Mapping[int, float]
    pairs: Mapping[int, float]
    phrases: Sequence[Mapping[int, float]] = ()

    @property
    def ids(self) -> set[int]:
        return {*self.words, *self.pairs, *(i for found in self.phrases for i in found)}


def score(rows: Sequence[PassageRow], vector: Vectors, lexical: LexicalScores, weights: Weights) -> list[Candidate]:
    """Candidates by cosine, BM25 and phrases, best first. ``vector`` is the question's, shape (dimension,)."""
    if not rows:
        return []
    bounds = np.cumsum([len(row.sentence_vectors) for row in rows])[:-1]
    sentence_scores = np.split(np.concatenate([row.sentence_vectors for row in rows]) @ vector, bounds)
    parts = {
        "passage": np.stack([row.vector for row in rows]) @ vector,
        "sentence": np.array([scores.max(initial=-1.0) for scores in sentence_scores]),
        "words": np.array([lexical.words.get(row.id, 0.0) for row in rows]),
        "pairs": np.array([lexical.pairs.get(row.id, 0.0) for row in rows]),
        "phrase": np.array(
            [sum(row.id in found for found in lexical.phrases) / max(1, len(lexical.phrases)) for row in rows]
        ),
    }
    total = mix(parts, weights)
    none = np.zeros(0, dtype=np.float32)
    found = [
        Candidate(
            row, float(total[n]), {name: float(part[n]) for name, part in parts.items()}, sentence_scores[n], none
        )
        for n, row in enumerate(rows)
    ]
    return best_first(found)


def align(
    candidates: Sequence[Candidate],
    question: QuestionWords,
    words: Mapping[int, Sequence[Sequence[str]]],
    vectors: WordVectors | None,
    weights: Weights,
) -> list[Candidate]:
    """Adds the comparison word by word to the candidates' scores; best first.

    ``words`` gives, by passage id, the words of its speech's card (title, unit, place, year), of its headings, and then
    of each of its sentences. A question's word that the card meets («青渚市…») counts `CARD_SHARE` for every sentence.
    """
    if not candidates:
        return []
    lines = [words[c.row.id] for c in candidates]
    bounds = np.cumsum([0, *map(len, lines)])
    nearest = nearest_words(question, [line for passage in lines for line in passage], vectors)
    cards = np.repeat(nearest[:, bounds[:-1]] * CARD_SHARE, np.diff(bounds), axis=1)
    nearest[:, bounds[:-1]] = 0.0
    met = np.maximum(nearest, cards)
    single = question.weights @ met
    whole = question.weights @ np.maximum.reduceat(met, bounds[:-1], axis=1)
    found = []
    for n, candidate in enumerate(candidates):
        own = single[bounds[n] + 2 : bounds[n + 1]]
        parts = {"coverage": float(whole[n]), "best_coverage": float(own.max(initial=0.0))}
        gain = weights.coverage * parts["coverage"] + weights.best_coverage * parts["best_coverage"]
        found.append(
            replace(candidate, score=candidate.score + gain, parts={**candidate.parts, **parts}, sentence_coverage=own)
        )
    return best_first(found)


def best_first(candidates: Sequence[Candidate]) -> list[Candidate]:
    return sorted(candidates, key=lambda c: (-c.score, c.row.id))
