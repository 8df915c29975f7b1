"""What search needs of the place where passages are found: one protocol, several engines."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from rag.encoder.base import Vectors
from rag.types import Filters


class Store(Protocol):
    """Finds candidate passages of one archive, as the archive is in the caller's snapshot.

    The archive's SQLite file stays the truth: texts, and the vectors that candidates are scored with, come from there.
    """

    def dense(self, vector: Vectors, limit: int, filters: Filters) -> Callable[[], dict[int, float]]:
        """Begins to look for the nearest passages that pass the metadata filters; what is returned waits for them.

        They come as passage id → cosine, best first. ``vector`` has shape (dimension,) and length 1.
        """
        ...

    def words(self, terms: Sequence[str], limit: int) -> dict[int, float]:
        """Passage id → BM25 score of the best passages for any of these index words, best first."""
        ...

    def frequency(self, word: str) -> int:
        """Number of passages that hold an index word."""
        ...

    def pairs(self, text: str, limit: int) -> dict[int, float]:
        """Passage id → BM25 score of the best passages for any character pair of a text, best first."""
        ...

    def containing(self, phrase: str, limit: int) -> dict[int, float]:
        """Passages that contain a phrase (width, case and punctuation aside), with their BM25 score."""
        ...
