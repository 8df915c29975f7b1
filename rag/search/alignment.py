"""Comparison word by word: how well each word of a question is met by some word of a sentence.

A pooled vector tells what a text is about; it cannot tell that one word of the question is met by nothing at all.
Scoring every question word by its nearest word (the «late interaction» of Khattab & Zaharia, ColBERT, SIGIR 2020),
here over the static word vectors and weighted by inverse document frequency, tells just that.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rag.archive.reader import Archive
from rag.encoder.base import Encoder, Vectors

CACHED_WORDS = 200_000


class WordVectors:
    """Vectors of words, encoded once. Safe to share between threads."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._rows: dict[str, int] = {}
        self._matrix = np.zeros((1024, encoder.dimension), dtype=np.float32)
        self._lock = threading.Lock()

    def vectors(self, words: Sequence[str]) -> Vectors:
        """Unit vectors, shape (len(words), dimension)."""
        with self._lock:
            if len(self._rows) > CACHED_WORDS:
                self._rows.clear()
            new = list(dict.fromkeys(word for word in words if word not in self._rows))
            if new:
                self._add(new)
            return self._matrix[[self._rows[word] for word in words]]

    def _add(self, words: Sequence[str]) -> None:
        first = len(self._rows)
        while len(self._matrix) < first + len(words):
            self._matrix = np.concatenate([self._matrix, np.zeros_like(self._matrix)])
        self._matrix[first : first + len(words)] = self._encoder.encode_passages(words)
        self._rows.update({word: first + n for n, word in enumerate(words)})


@dataclass(frozen=True)
class QuestionWords:
    """The telling words of a question with weights that sum to 1."""

    words: tuple[str, ...]
    weights: Vectors

    @classmethod
    def of(cls, words: Sequence[str], archive: Archive) -> QuestionWords:
        """Weights words by inverse document frequency, ln(1 + (N - n + 0.5) / (n + 0.5))."""
        total = archive.remembered("passages", lambda: archive.count("passages"))
        raw = [math.log(1 + (total - n + 0.5) / (n + 0.5)) for n in map(archive.document_frequency, words)]
        return cls(tuple(words), np.array(raw, dtype=np.float32) / (sum(raw) or 1.0))


def nearest_words(question: QuestionWords, lines: Sequence[Sequence[str]], vectors: WordVectors | None) -> Vectors:
    """For each question word and line, how near the line's nearest word is; shape (question words, lines).

    Nearness is the cosine, or, without ``vectors``, 1 for the same word and 0 for any other. Empty lines get 0.
    """
    out = np.zeros((len(question.words), len(lines)), dtype=np.float32)
    filled = [n for n, words in enumerate(lines) if words]
    if not filled or not question.words:
        return out
    flat = [word for n in filled for word in lines[n]]
    distinct = list(dict.fromkeys(flat))
    position = {word: n for n, word in enumerate(distinct)}
    similar = _similarities(question.words, distinct, vectors)
    starts = np.cumsum([0, *(len(lines[n]) for n in filled[:-1])])
    out[:, filled] = np.maximum.reduceat(similar[:, [position[word] for word in flat]], starts, axis=1)
    return out


def _similarities(words: Sequence[str], others: Sequence[str], vectors: WordVectors | None) -> Vectors:
    if vectors is not None:
        return vectors.vectors(words) @ vectors.vectors(others).T
    return np.array([[float(word == other) for other in others] for word in words], dtype=np.float32)
