"""What search has read of an archive and keeps for the next question, as long as the archive stays the same."""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterable, Sequence

from rag.archive.reader import Archive
from rag.archive.rows import PassageRow, SpeechRow
from rag.text.words import Analyzer

# Of each kind, so many; then all of that kind are forgotten. Together a few hundred megabytes at most.
PASSAGES, SPEECHES, TEXTS, CARDS = 10_000, 1_000, 3_000, 100_000


class Kept:
    """Rows of one state of an archive. Safe to share between threads."""

    def __init__(self, archive: Archive, analyzer: Analyzer, generation: int) -> None:
        self._archive = archive
        self._analyzer = analyzer
        self.generation = generation
        self._passages: dict[int, PassageRow] = {}
        self._words: dict[int, list[list[str]]] = {}
        self._cards: dict[int, list[str]] = {}
        self._speeches: dict[int, SpeechRow] = {}
        self._texts: dict[int, str] = {}
        self._lock = threading.Lock()

    def passages(self, ids: Collection[int]) -> list[PassageRow]:
        """Passages in the order of their ids, without those that are not there."""
        with self._lock:
            if len(self._passages) > PASSAGES:
                self._passages = {}
            cache = self._passages
        cache.update(self._archive.passages(i for i in ids if i not in cache))
        return [cache[i] for i in sorted(ids) if i in cache]

    def lines(self, rows: Sequence[PassageRow]) -> dict[int, list[list[str]]]:
        """Words of passages, line by line, after the words of their speeches' cards."""
        with self._lock:
            if len(self._words) > PASSAGES:
                self._words = {}
            cache = self._words
        cache.update(self._archive.passage_words(row.id for row in rows if row.id not in cache))
        cards = self._card_words({row.speech for row in rows})
        return {row.id: [cards[row.speech], *cache[row.id]] for row in rows}

    def _card_words(self, speeches: Iterable[int]) -> dict[int, list[str]]:
        with self._lock:
            if len(self._cards) > CARDS:
                self._cards = {}
            cache = self._cards
        for speech, card in self._archive.cards(i for i in speeches if i not in cache).items():
            cache[speech] = self._analyzer.words(card)
        return cache

    def texts(self, rows: Sequence[PassageRow]) -> list[str]:
        """The passages' own texts."""
        with self._lock:
            if len(self._texts) > TEXTS:
                self._texts = {}
            cache = self._texts
        cache.update(self._archive.speech_texts({row.speech for row in rows} - cache.keys()))
        return [cache[row.speech][row.start : row.end] for row in rows]

    def speech(self, row_id: int) -> SpeechRow:
        with self._lock:
            if len(self._speeches) > SPEECHES:
                self._speeches = {}
            cache = self._speeches
        found = cache.get(row_id)
        if found is None:
            found = cache[row_id] = self._archive.speeches([row_id])[0]
        return found
