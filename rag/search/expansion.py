"""English words of a question, and the archive's own words nearest to them.

Chinese words that the archive does not know are left to the vectors: expanding those lowered quality when measured.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rag.encoder.base import Encoder
from rag.search.ann import flat, search
from rag.search.store import Store
from rag.search.vocabulary import Vocabulary

NEAR = 0.6
AT_MOST = 2
LOOKED_AT = 8  # the nearest in half precision, compared once more in single precision
REMEMBERED = 10_000  # words asked; a question's are looked up when it is searched and when its hits are shown


@dataclass(frozen=True)
class Expansion:
    """A word as asked, and the words of the archive that are searched beside it."""

    word: str
    terms: tuple[str, ...]


class Expander:
    """Maps English words to the archive's vocabulary by word vectors."""

    def __init__(self, store: Store, encoder: Encoder, vocabulary: Vocabulary) -> None:
        self._store = store
        self._encoder = encoder
        self._vocabulary = vocabulary
        self._terms: list[str] = []
        self._near: dict[str, tuple[str, ...]] = {}
        self._index = flat(np.arange(0), np.zeros((0, encoder.dimension), dtype=np.float32))
        self._lock = threading.Lock()

    def expand(self, words: Sequence[str]) -> tuple[Expansion, ...]:
        """Expansions of the English words that occur in no passage and have near neighbours that do."""
        unknown = [
            w for w in words if w.isascii() and w.isalpha() and len(w) > 1 and not self._store.frequency(w)
        ]
        if not unknown:
            return ()
        with self._lock:
            self._follow()
            near = self._near
            if new := [word for word in unknown if word not in near]:
                near.update(zip(new, self._nearest(new), strict=True))
        return tuple(Expansion(word, near[word]) for word in unknown if near[word])

    def _nearest(self, words: Sequence[str]) -> list[tuple[str, ...]]:
        """For each word those of the archive that are near enough, nearest first."""
        found = []
        for vector in self._encoder.encode_passages(words):
            _, some = search(self._index, vector, LOOKED_AT, 0, None, 1.0)
            near = [self._terms[n] for n in some if n >= 0]
            exact = dict(zip(near, (self._encoder.encode_passages(near) @ vector).tolist(), strict=True)) if near else {}
            best = sorted(near, key=lambda term: -exact[term])[:AT_MOST]
            found.append(tuple(term for term in best if exact[term] >= NEAR))
        return found

    def _follow(self) -> None:
        """Reads the archive's words and indexes their vectors, where they are new."""
        terms = self._vocabulary.words()
        if terms is not self._terms or len(self._near) > REMEMBERED:
            self._near = {}
        if terms is not self._terms:
            self._index = flat(np.arange(len(terms)), self._encoder.encode_passages(terms))
            self._terms = terms
