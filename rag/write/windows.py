"""Runs of sentences within a passage, and how well each meets a request for wording.

Bare sentences are too short to be told apart by their vectors, and whole passages bury the wording that was asked for; a
short run keeps both the sentence and what it is about.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rag.answer.pool import quotable
from rag.encoder.base import Vectors, unit
from rag.functions.labels import SentenceFunction
from rag.search.alignment import QuestionWords
from rag.search.duplicates import near_duplicate, shingles
from rag.search.scoring import CARD_SHARE, Candidate
from rag.types import Span


@dataclass(frozen=True)
class PhraseWeights:
    """Weight of each part of a run's score, fitted on the questions of the sample archive.

    ``sentence`` and ``coverage`` apply to the best sentence (its cosine to the request, how well it meets the request
    word by word), ``run`` and ``run_coverage`` to the run as a whole, ``passage`` to the rank score of its passage,
    ``length`` to the share of the allowed length that it fills. ``wanted`` applies to the probability that one of its
    sentences has a function that the request names; a preference for figures of speech in general lowered quality.
    ``feedback`` applies to the cosine to the mean of the ``best`` first runs; ``repetition`` is what likeness to an
    earlier result costs.
    """

    sentence: float = 0.5
    coverage: float = 0.6
    run: float = 0.5
    run_coverage: float = 1.6
    passage: float = 0.8
    length: float = 0.3
    wanted: float = 0.3
    feedback: float = 0.6
    best: int = 3
    repetition: float = 0.2


@dataclass(frozen=True)
class Asked:
    """A request as the runs are compared with it. ``functions`` are those that it names or is limited to."""

    vector: Vectors
    words: QuestionWords
    functions: tuple[str, ...] = ()
    only: tuple[str, ...] = ()


@dataclass(frozen=True)
class Run:
    """Sentences ``first`` to ``last`` of a candidate passage; ``core`` is the one that meets the request best, in ``words``."""

    candidate: Candidate
    first: int
    last: int
    core: int
    score: float
    vector: Vectors
    words: str

    @property
    def span(self) -> Span:
        sentences = self.candidate.row.sentences
        return Span(sentences[self.first].start, sentences[self.last].end)

    @property
    def core_span(self) -> Span:
        return self.candidate.row.sentences[self.core]


def runs_of(
    candidate: Candidate, text: str, near: Vectors, asked: Asked, weights: PhraseWeights, longest: int
) -> list[Run]:
    """Every run of at most ``longest`` characters that holds a sentence worth quoting (longer ones stand alone).

    ``text`` is the speech's; ``near``, shape (words, 2 + sentences), tells how well each word of the request is met by
    the speech's card, the headings and each sentence.
    """
    row = candidate.row
    able = [n for n, (a, b) in enumerate(row.sentences) if quotable(text[a:b]) and _allowed(row.functions, n, asked)]
    if not able:
        return []
    own = weights.sentence * candidate.sentence_scores + weights.coverage * candidate.sentence_coverage
    bounds = [(i, j) for i, j in _bounds(row.sentences, longest) if any(i <= n <= j for n in able)]
    vectors = _mean_vectors(candidate, bounds)
    cosines = vectors @ asked.vector
    met = np.maximum(near, near[:, :1] * CARD_SHARE)
    found = []
    for n, (first, last) in enumerate(bounds):
        core = max((m for m in able if first <= m <= last), key=lambda m: (own[m], -m))
        size = row.sentences[last].end - row.sentences[first].start
        score = (
            float(own[core])
            + weights.passage * candidate.score
            + weights.run * float(cosines[n])
            + weights.run_coverage * float(asked.words.weights @ met[:, 2 + first : 3 + last].max(axis=1))
            + weights.length * min(1.0, size / longest)
            + weights.wanted * _chance(row.functions[first : last + 1], frozenset(asked.functions))
        )
        start, end = row.sentences[core]
        found.append(Run(candidate, first, last, core, score, vectors[n], text[start:end]))
    return found


def chosen(runs: Sequence[Run], k: int, weights: PhraseWeights) -> list[list[int]]:
    """Up to k groups of positions: a chosen run and those that say nearly the same, in the order of choice.

    Greedy maximal marginal relevance (Carbonell & Goldstein, SIGIR 1998) after one round of relevance feedback (Rocchio
    1971, positive part only). Of runs that overlap the first to be chosen stays.
    """
    if not runs:
        return []
    vectors = np.stack([run.vector for run in runs])
    scores = np.array([run.score for run in runs])
    best = _greedy(runs, vectors, scores, weights.best, 3 * weights.repetition)
    centre = unit(vectors[[group[0] for group in best]].mean(axis=0, keepdims=True))[0]
    return _greedy(runs, vectors, scores + weights.feedback * (vectors @ centre), k, weights.repetition)


def _greedy(runs: Sequence[Run], vectors: Vectors, scores: Vectors, k: int, cost: float) -> list[list[int]]:
    groups: list[list[int]] = []
    taken: dict[int, list[Span]] = {}
    grams: dict[int, frozenset[str]] = {}
    left = np.ones(len(runs), dtype=bool)
    likeness = np.zeros(len(runs))
    while left.any() and len(groups) < k:
        n = int(np.where(left, scores - cost * likeness, -np.inf).argmax())
        left[n] = False
        spans = taken.setdefault(runs[n].candidate.row.speech, [])
        if any(runs[n].span.start < other.end and other.start < runs[n].span.end for other in spans):
            continue
        spans.append(runs[n].span)
        grams[n] = shingles(runs[n].words)
        home = next((g for g in groups if near_duplicate(grams[g[0]], grams[n])), None)
        if home is not None:
            home.append(n)
            continue
        groups.append([n])
        likeness = np.maximum(likeness, vectors @ vectors[n])
    return groups


def _mean_vectors(candidate: Candidate, bounds: Sequence[tuple[int, int]]) -> Vectors:
    """Unit means of the vectors of runs of sentences, weighted by length, shape (runs, dimension)."""
    row = candidate.row
    lengths = np.array([b - a for a, b in row.sentences], dtype=np.float32)
    sums = np.cumsum(row.sentence_vectors * lengths[:, None], axis=0)
    sums = np.concatenate([np.zeros((1, sums.shape[1]), dtype=np.float32), sums])
    first, last = np.array(bounds).T
    return unit(sums[last + 1] - sums[first])


def _bounds(sentences: Sequence[Span], longest: int) -> list[tuple[int, int]]:
    return [
        (first, last)
        for first in range(len(sentences))
        for last in range(first, len(sentences))
        if last == first or sentences[last].end - sentences[first].start <= longest
    ]


def _allowed(functions: Sequence[SentenceFunction], n: int, asked: Asked) -> bool:
    return not asked.only or (bool(functions) and functions[n].label in asked.only)


def _chance(functions: Sequence[SentenceFunction], labels: frozenset[str]) -> float:
    return max((one.confidence for one in functions if one.label in labels), default=0.0)
