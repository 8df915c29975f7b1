"""English words of a question, and the archive's own words nearest to them.

Chinese words that the archive does not know are left to the vectors: expanding those lowered quality when measured.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rag.archive.reader import Archive
from rag.search.alignment import WordVectors

NEAR = 0.6
AT_MOST = 2
MOST_TERMS = 50_000


@dataclass(frozen=True)
class Expansion:
    """A word as asked, and the words of the archive that are searched beside it."""

    word: str
    terms: tuple[str, ...]


class Expander:
    """Maps English words to the archive's vocabulary by word vectors."""

    def __init__(self, archive: Archive, vectors: WordVectors) -> None:
        self._archive = archive
        self._vectors = vectors
        self._generation = -1
        self._terms: list[str] = []
        self._matrix = np.zeros((0, 0), dtype=np.float32)
        self._lock = threading.Lock()

    def expand(self, words: Sequence[str]) -> tuple[Expansion, ...]:
        """Expansions of the English words that occur in no passage and have near neighbours that do."""
        unknown = [
            w for w in words if w.isascii() and w.isalpha() and len(w) > 1 and not self._archive.document_frequency(w)
        ]
        if not unknown:
            return ()
        terms, matrix = self._vocabulary()
        if not terms:
            return ()
        found = []
        for word, similar in zip(unknown, self._vectors.vectors(unknown) @ matrix.T, strict=True):
            best = np.argpartition(-similar, min(AT_MOST, len(terms)) - 1)[:AT_MOST]
            near = tuple(terms[n] for n in sorted(best, key=lambda n: -similar[n]) if similar[n] >= NEAR)
            if near:
                found.append(Expansion(word, near))
        return tuple(found)

    def _vocabulary(self) -> tuple[list[str], np.ndarray]:
        """The archive's most frequent words of two characters or more, with their vectors."""
        with self._lock:
            generation = self._archive.generation
            if generation != self._generation:
                self._terms = self._archive.frequent_words(MOST_TERMS)
                self._matrix = self._vectors.vectors(self._terms) if self._terms else self._matrix[:0]
                self._generation = generation
            return self._terms, self._matrix
