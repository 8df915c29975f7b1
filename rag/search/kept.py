"""What search has read of an archive and keeps for the next question, as long as the archive stays the same."""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterable, Mapping, Sequence

from rag.archive.reader import Archive
from rag.archive.rows import Packed, PassageRow, PassageVectors, SpeechRow
from rag.search.alignment import Lines, PassageLines, WordNumbers
from rag.text.words import Analyzer

# Of each kind, so many; then all of that kind are forgotten. Together a few hundred megabytes at most.
PASSAGES, SPEECHES, TEXTS, CARDS = 10_000, 1_000, 3_000, 100_000
CARDS_AT_START = 10_000


class Kept:
    """Rows of one state of an archive. Safe to share between threads."""

    def __init__(
        self, archive: Archive, analyzer: Analyzer, words: WordNumbers, generation: int, before: Kept | None = None
    ) -> None:
        """``before`` is what was kept of an earlier state of the archive."""
        self._archive = archive
        self._analyzer = analyzer
        self.words = words
        self.generation = generation
        self._vectors: dict[int, Packed] = {}
        self._passages: dict[int, PassageRow] = {}
        self._lines: dict[int, Lines] = {}
        self._cards: dict[int, Lines] = {}
        self._speeches: dict[int, SpeechRow] = {}
        self._texts: dict[int, str] = {}
        # By the text itself: no change of the archive makes these wrong.
        same = before is not None and before.words is words
        self._numbered: dict[str, Lines] = before._numbered if before and same else {}
        self._segmented: dict[str, Lines] = before._segmented if before and same else {}
        self._lock = threading.Lock()

    def vectors(self, ids: Collection[int]) -> PassageVectors:
        """Vectors of passages in the order of their ids, without those that are not there."""
        with self._lock:
            if len(self._vectors) > PASSAGES:
                self._vectors = {}
            cache = self._vectors
        cache.update(self._archive.packed_vectors(i for i in ids if i not in cache))
        return PassageVectors.unpacked({i: cache[i] for i in sorted(ids) if i in cache}, self._archive.dimension)

    def passages(self, ids: Collection[int]) -> list[PassageRow]:
        """Passages in the order of their ids, without those that are not there."""
        with self._lock:
            if len(self._passages) > PASSAGES:
                self._passages = {}
            cache = self._passages
            vectors = self._vectors
        new = [i for i in ids if i not in cache]
        packed = vectors if all(i in vectors for i in new) else None
        cache.update(self._archive.passages(new, packed))
        return [cache[i] for i in sorted(ids) if i in cache]

    def lines(self, rows: Sequence[PassageRow]) -> PassageLines:
        """Words of passages, line by line, after the words of their speeches' cards; numbered by ``words``."""
        with self._lock:
            if len(self._lines) > PASSAGES:
                self._lines = {}
            cache = self._lines
        tokens = self._archive.passage_tokens(row.id for row in rows if row.id not in cache)
        cache.update(zip(tokens, self._lines_of(tokens.values()), strict=True))
        cards = self._card_words({row.speech for row in rows})
        return PassageLines.of([(cards[row.speech], cache[row.id]) for row in rows])

    def prepare(self) -> None:
        """Reads the words of so many speeches' cards that the first questions need not."""
        self._card_words(self._archive.speech_rows(CARDS_AT_START))

    def _card_words(self, speeches: Iterable[int]) -> dict[int, Lines]:
        with self._lock:
            if len(self._cards) > CARDS:
                self._cards = {}
            cache = self._cards
        cards = self._archive.cards(i for i in speeches if i not in cache)
        with self._lock:
            if len(self._segmented) > CARDS:
                self._segmented = {}
            known = self._segmented
        new = [card for card in dict.fromkeys(cards.values()) if card not in known]
        known.update(zip(new, self.words.lines(" ".join(self._analyzer.words(card)) for card in new), strict=True))
        cache.update((speech, known[card]) for speech, card in cards.items())
        return cache

    def _lines_of(self, texts: Iterable[str]) -> list[Lines]:
        """Texts whose words are separated by spaces, as lines of words."""
        texts = list(texts)
        with self._lock:
            if len(self._numbered) > PASSAGES:
                self._numbered = {}
            known = self._numbered
        new = [text for text in dict.fromkeys(texts) if text not in known]
        known.update(zip(new, self.words.lines(new), strict=True))
        return [known[text] for text in texts]

    def texts(self, rows: Sequence[PassageRow]) -> list[str]:
        """The passages' own texts."""
        with self._lock:
            if len(self._texts) > TEXTS:
                self._texts = {}
            cache = self._texts
        cache.update(self._archive.speech_texts({row.speech for row in rows} - cache.keys()))
        return [cache[row.speech][row.start : row.end] for row in rows]

    def speeches(self, ids: Collection[int]) -> Mapping[int, SpeechRow]:
        """Speeches by row id, these and others."""
        with self._lock:
            if len(self._speeches) > SPEECHES:
                self._speeches = {}
            cache = self._speeches
        if new := [i for i in ids if i not in cache]:
            cache.update((speech.id, speech) for speech in self._archive.speeches(new))
        return cache
