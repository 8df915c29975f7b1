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
from rag.search.vocabulary import Vocabulary

NEAR = 0.6
AT_MOST = 2


@dataclass(frozen=True)
class Expansion:
    """A word as asked, and the words of the archive that are searched beside it."""

    word: str
    terms: tuple[str, ...]


class Expander:
    """Maps English words to the archive's vocabulary by word vectors."""

    def __init__(self, archive: Archive, vectors: WordVectors, vocabulary: Vocabulary) -> None:
        self._archive = archive
        self._vectors = vectors
        self._vocabulary = vocabulary
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
        terms, matrix = self._terms_and_vectors()
        if not terms:
            return ()
        found = []
        for word, similar in zip(unknown, self._vectors.vectors(unknown) @ matrix.T, strict=True):
            best = np.argpartition(-similar, min(AT_MOST, len(terms)) - 1)[:AT_MOST]
            near = tuple(terms[n] for n in sorted(best, key=lambda n: -similar[n]) if similar[n] >= NEAR)
            if near:
                found.append(Expansion(word, near))
        return tuple(found)

    def _terms_and_vectors(self) -> tuple[list[str], np.ndarray]:
        """The archive's words with their vectors, shape (words, dimension)."""
        with self._lock:
            terms = self._vocabulary.words()
            if terms is not self._terms:
                self._matrix = self._vectors.vectors(terms) if terms else self._matrix[:0]
                self._terms = terms
            return self._terms, self._matrix
