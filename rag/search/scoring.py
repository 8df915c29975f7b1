"""Scores of candidate passages: all parts of the mix, computed together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.archive.rows import PassageRow, PassageVectors
from rag.encoder.base import Vectors
from rag.search.alignment import PassageLines, QuestionWords, WordNumbers, nearest_words
from rag.search.mix import Weights, mix
from rag.search.sentence_windows import best_windows

CARD_SHARE = 0.85


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True)
class Scored:
    """Scores of the passages with these vectors, in their order; most of them are looked at no further.

    ``total`` and each of ``parts`` have one entry a passage, ``sentences`` one a sentence.
    """

    vectors: PassageVectors
    total: NDArray[Any]
    parts: Mapping[str, NDArray[Any]]
    sentences: Vectors

    @property
    def best_first(self) -> list[int]:
        """Ids of the passages, of equal ones the smaller first."""
        return [self.vectors.ids[n] for n in np.argsort(-self.total, kind="stable").tolist()]

    def candidates(self, rows: Iterable[PassageRow]) -> list[Candidate]:
        """Some of the passages as candidates, in the order of ``rows``."""
        position = {i: n for n, i in enumerate(self.vectors.ids)}
        bounds, none = self.vectors.bounds, np.zeros(0, dtype=np.float32)
        found = []
        for row in rows:
            n = position[row.id]
            parts = {name: float(part[n]) for name, part in self.parts.items()}
            own = self.sentences[bounds[n] : bounds[n + 1]]
            found.append(Candidate(row, float(self.total[n]), parts, own, none))
        return found


def score(vectors: PassageVectors, question: Vectors, lexical: LexicalScores, weights: Weights) -> Scored:
    """Scores by cosine, BM25 and phrases. ``question`` has shape (dimension,); the ids of ``vectors`` ascend."""
    ids, sentences = vectors.ids, vectors.sentences @ question
    best, filled = np.full(len(ids), -1.0, dtype=np.float32), np.flatnonzero(np.diff(vectors.bounds))
    if len(filled):
        best[filled] = np.maximum(np.maximum.reduceat(sentences, vectors.bounds[filled]), -1.0)
    phrases = np.zeros(len(ids))
    for found in lexical.phrases:
        phrases += [i in found for i in ids]
    parts = {
        "passage": vectors.passages @ question,
        "sentence": best,
        "words": np.array([lexical.words.get(i, 0.0) for i in ids], dtype=np.float64),
        "pairs": np.array([lexical.pairs.get(i, 0.0) for i in ids], dtype=np.float64),
        "phrase": phrases / max(1, len(lexical.phrases)),
    }
    return Scored(vectors, mix(parts, weights), parts, sentences)


def align(
    candidates: Sequence[Candidate],
    vector: Vectors,
    question: QuestionWords,
    lines: PassageLines,
    words: WordNumbers,
    weights: Weights,
) -> list[Candidate]:
    """Adds the comparison word by word, and the best window of sentences, to the candidates' scores; best first.

    ``vector`` is the question's. ``lines`` gives, for each candidate, the words of its speech's card (title, unit, place,
    year), of its headings, and then of each of its sentences, as numbered by ``words``. A question's word that the card
    meets («青渚市…») counts `CARD_SHARE` for every sentence.
    """
    bounds = lines.bounds
    nearest = nearest_words(question, lines.lines, words)
    cards = np.repeat(nearest[:, bounds[:-1]] * CARD_SHARE, np.diff(bounds), axis=1)
    nearest[:, bounds[:-1]] = 0.0
    met = np.maximum(nearest, cards)
    added, own = _compared(candidates, vector, question.weights, met, bounds)
    gains = mix(added, weights)
    found = []
    for n, candidate in enumerate(candidates):
        parts = {**candidate.parts, **{name: float(part[n]) for name, part in added.items()}}
        score = candidate.score + float(gains[n])
        found.append(Candidate(candidate.row, score, parts, candidate.sentence_scores, own[n]))
    return sorted(found, key=lambda c: (-c.score, c.row.id))


def _compared(
    candidates: Sequence[Candidate], vector: Vectors, weights: Vectors, met: Vectors, bounds: NDArray[np.int64]
) -> tuple[dict[str, Vectors], list[Vectors]]:
    """The parts of the mix that compare words, one entry a candidate; and each one's sentences' coverage.

    ``met`` has two columns (card and headings) before each candidate's sentences; ``bounds`` says where they begin.
    """
    single = weights @ met
    of_sentences = np.ones(met.shape[1], dtype=bool)
    of_sentences[bounds[:-1]] = of_sentences[bounds[:-1] + 1] = False
    spans = [np.asarray(c.row.sentences, dtype=np.int64).reshape(-1, 2) for c in candidates]
    counts = [len(one) for one in spans]
    vectors = np.concatenate([c.row.sentence_vectors for c in candidates])
    own = np.split(single[of_sentences], np.cumsum(counts)[:-1])
    parts = {
        "coverage": weights @ np.maximum.reduceat(met, bounds[:-1], axis=1),
        "best_coverage": np.array([one.max(initial=0.0) for one in own]),
        "mean_coverage": np.array([one.sum() / max(1, len(one)) for one in own]),
        "window": best_windows(np.concatenate(spans), counts, vectors, vector, met[:, of_sentences], weights),
    }
    return parts, own
