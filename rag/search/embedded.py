"""The embedded engine: FAISS for vectors, SQLite's FTS5 (or, in large archives, inverted lists) for words.

Nothing to install, nothing to start.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from rag.archive.reader import Archive
from rag.encoder.base import Vectors
from rag.search.dense import DenseIndex
from rag.search.lexical import MAX_TERMS, bm25, containing, pair_scores
from rag.search.words_index import WordsIndex
from rag.types import Filters

BESIDE = 4  # questions whose vectors are compared while their words are looked up, at most
FTS5_UP_TO = 20_000  # passages; the scores are the same, the inverted lists are faster but take making


class EmbeddedStore:
    """Follows the archive by its generation; safe to share between threads."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._index: DenseIndex | None = None
        self._words: WordsIndex | None = None
        self._lock = threading.Lock()
        self._beside = ThreadPoolExecutor(max_workers=BESIDE, thread_name_prefix="yanju-dense")

    @property
    def index(self) -> DenseIndex:
        """The vector index of the archive's present generation."""
        with self._lock:
            if self._index is None or self._index.generation != self._archive.generation:
                self._index = DenseIndex.open(self._archive, self._index)
            return self._index

    def dense(self, vector: Vectors, limit: int, filters: Filters) -> Callable[[], dict[int, float]]:
        # The index and the filters are read here, in the caller's snapshot; FAISS needs no more of the archive.
        index, permitted = self.index, self._archive.permitted(filters)
        if self._small:
            found = index.search(vector, limit, permitted)
            return lambda: found
        return self._beside.submit(index.search, vector, limit, permitted).result

    def words(self, terms: Sequence[str], limit: int) -> dict[int, float]:
        if self._small:
            return bm25(self._archive, "words", terms, limit)
        return self._inverted().segments.bm25(terms[:MAX_TERMS], limit)

    def frequency(self, word: str) -> int:
        # FTS5 counts the passages of a word one by one; and it knows no «3.5», which the inverted lists do.
        if self._small or "." in word:
            return self._archive.document_frequency(word)
        return self._inverted().segments.frequency(word)

    @property
    def _small(self) -> bool:
        return self._archive.remembered("passages", lambda: self._archive.count("passages")) <= FTS5_UP_TO

    def _inverted(self) -> WordsIndex:
        with self._lock:
            if self._words is None or self._words.generation != self._archive.generation:
                self._words = WordsIndex.open(self._archive, self._words)
            return self._words

    def pairs(self, text: str, limit: int) -> dict[int, float]:
        return pair_scores(self._archive, text, limit)

    def containing(self, phrase: str, limit: int) -> dict[int, float]:
        return containing(self._archive, phrase, limit)
