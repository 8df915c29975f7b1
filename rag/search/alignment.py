"""Comparison word by word: how well each word of a question is met by some word of a sentence.

A pooled vector tells what a text is about; it cannot tell that one word of the question is met by nothing at all.
Scoring every question word by its nearest word (the «late interaction» of Khattab & Zaharia, ColBERT, SIGIR 2020),
here over the static word vectors and weighted by inverse document frequency, tells just that.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rag.encoder.base import Encoder, Vectors

CACHED_WORDS = 200_000


@dataclass(frozen=True)
class Lines:
    """Lines of words: the numbers of all words one after the other, and how many of them each line has."""

    words: NDArray[np.int32]
    counts: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.counts)

    @classmethod
    def joined(cls, parts: Sequence[Lines]) -> Lines:
        """The lines of all parts; there is at least one."""
        return cls(np.concatenate([part.words for part in parts]), np.concatenate([part.counts for part in parts]))


@dataclass(frozen=True)
class PassageLines:
    """The lines of several passages one after the other; the n-th one's are ``bounds[n]`` to ``bounds[n + 1]``."""

    lines: Lines
    bounds: NDArray[np.int64]

    @classmethod
    def of(cls, passages: Sequence[Sequence[Lines]]) -> PassageLines:
        """Of passages whose lines come in parts; there is at least one passage."""
        counts = [sum(map(len, parts)) for parts in passages]
        return cls(Lines.joined([part for parts in passages for part in parts]), np.cumsum([0, *counts]))


class WordNumbers:
    """Numbers of words, the same as long as this lives. Safe to share between threads."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._numbers)

    def numbers(self, words: Sequence[str]) -> NDArray[np.int32]:
        """The words' numbers, shape (len(words),); new ones follow the last."""
        try:
            return np.fromiter(map(self._numbers.__getitem__, words), np.int32, len(words))
        except KeyError:
            with self._lock:
                self._add([word for word in dict.fromkeys(words) if word not in self._numbers])
            return np.fromiter(map(self._numbers.__getitem__, words), np.int32, len(words))

    def _add(self, words: Sequence[str]) -> None:
        first = len(self._numbers)
        self._numbers.update(zip(words, range(first, first + len(words)), strict=True))

    def lines(self, texts: Iterable[str]) -> list[Lines]:
        """Texts as lines of words; the words are separated by single spaces."""
        texts = list(texts)
        counts = [[line.count(" ") + 1 if line else 0 for line in text.split("\n")] for text in texts]
        numbers = self.numbers("\n".join(texts).split())
        ends = np.cumsum([sum(own) for own in counts], dtype=np.int64)
        found = zip(np.split(numbers, ends[:-1]), counts, strict=True) if counts else ()
        return [Lines(words, np.array(own, dtype=np.int64)) for words, own in found]

    def likeness(self, words: Sequence[str], others: NDArray[np.integer]) -> Vectors:
        """How near each word is to each other one, shape (len(words), len(others)): 1 for the same, 0 for any other."""
        return (self.numbers(words)[:, None] == others).astype(np.float32)


class WordVectors(WordNumbers):
    """Words with their vectors, each encoded once; nearness is the cosine."""

    def __init__(self, encoder: Encoder) -> None:
        super().__init__()
        self._encoder = encoder
        self._matrix = np.zeros((1024, encoder.dimension), dtype=np.float32)

    def _add(self, words: Sequence[str]) -> None:
        if not words:
            return
        first, last = len(self._numbers), len(self._numbers) + len(words)
        matrix = self._matrix
        while len(matrix) < last:
            matrix = np.concatenate([matrix, np.zeros_like(matrix)])
        matrix[first:last] = self._encoder.encode_passages(words)
        self._matrix = matrix  # before the numbers: who has a number finds its vector
        super()._add(words)

    def vectors(self, words: Sequence[str]) -> Vectors:
        """Unit vectors, shape (len(words), dimension)."""
        numbers = self.numbers(words)
        return self._matrix[numbers]

    def likeness(self, words: Sequence[str], others: NDArray[np.integer]) -> Vectors:
        return self.vectors(words) @ self._matrix[others].T


def word_numbers(encoder: Encoder) -> WordNumbers:
    """With vectors where the encoder has them for single words."""
    return WordVectors(encoder) if encoder.encodes_words else WordNumbers()


@dataclass(frozen=True)
class QuestionWords:
    """The telling words of a question with weights that sum to 1."""

    words: tuple[str, ...]
    weights: Vectors

    @classmethod
    def of(cls, words: Sequence[str], frequency: Callable[[str], int], total: int) -> QuestionWords:
        """Weights words by inverse document frequency, ln(1 + (N - n + 0.5) / (n + 0.5)).

        ``frequency`` gives the number n of the ``total`` N passages that hold a word.
        """
        raw = [math.log(1 + (total - n + 0.5) / (n + 0.5)) for n in map(frequency, words)]
        return cls(tuple(words), np.array(raw, dtype=np.float32) / (sum(raw) or 1.0))


def nearest_words(question: QuestionWords, lines: Lines, words: WordNumbers) -> Vectors:
    """For each question word and line, how near the line's nearest word is; shape (question words, lines).

    ``words`` has numbered the lines, and says how near two words are. Empty lines get 0.
    """
    out = np.zeros((len(question.words), len(lines)), dtype=np.float32)
    if not len(lines.words) or not question.words:
        return out
    seen = np.zeros(int(lines.words.max()) + 1, dtype=bool)
    seen[lines.words] = True
    distinct = np.flatnonzero(seen)
    place = np.zeros(len(seen), dtype=np.intp)
    place[distinct] = np.arange(len(distinct))
    near = words.likeness(question.words, distinct)
    filled = np.flatnonzero(lines.counts)
    starts = np.cumsum([0, *lines.counts[filled[:-1]]])
    out[:, filled] = np.maximum.reduceat(near[:, place[lines.words]], starts, axis=1)
    return out
