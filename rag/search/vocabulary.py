"""The archive's own words, for finding what a question's unknown words may mean."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from rag.archive.reader import Archive

MOST_TERMS = 50_000
STALE = 0.02  # share of passages that come or go before the words are read again
PAUSE = 10.0  # seconds at least from one reading to the next


class Vocabulary:
    """Follows an archive at some distance, so that a running ingestion does not make every question read all words.

    A word that has gone meanwhile does no harm, for whatever is done with it looks it up. Safe to share between threads.
    ``clock`` gives seconds.
    """

    def __init__(self, archive: Archive, clock: Callable[[], float] = time.monotonic) -> None:
        self._archive = archive
        self._clock = clock
        self._generation = self._passages = -1
        self._words: list[str] = []
        self._read_at = 0.0
        self._lock = threading.Lock()

    def words(self) -> list[str]:
        """The words of two characters or more, most frequent first; the same list as long as nothing was read anew."""
        with self._lock:
            generation, now = self._archive.generation, self._clock()
            if generation != self._generation and (not self._words or now - self._read_at >= PAUSE):
                passages = self._archive.remembered("passages", lambda: self._archive.count("passages"))
                if self._passages < 0 or abs(passages - self._passages) > STALE * self._passages:
                    self._words, self._passages = self._archive.frequent_words(MOST_TERMS), passages
                    self._read_at = now
                self._generation = generation
            return self._words
