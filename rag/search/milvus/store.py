"""The store protocol over Milvus."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from rag.archive.reader import Archive
from rag.encoder.base import Vectors
from rag.errors import ArchiveError
from rag.search.lexical import MAX_TERMS, containing, frequency, pair_scores
from rag.search.milvus.collection import Collection, client_of, expression_of
from rag.search.milvus.sparse import question_vector
from rag.types import Filters

ARCHIVE_ID = "archive_id"
_MOST = 16_384  # Milvus's own limit of results


class MilvusStore:
    """Vectors and words from Milvus, phrases from SQLite. Answers only while Milvus holds the archive's present state."""

    def __init__(self, archive: Archive, collection: Collection) -> None:
        self._archive = archive
        self._collection = collection
        self._stamp: dict[str, Any] = {}

    @classmethod
    def open(cls, archive: Archive, uri: str) -> MilvusStore:
        """The archive's collection at a Milvus server or in a Milvus Lite file.

        Raises:
            ArchiveError: the archive has not been migrated, or has changed since.
            UsageError: pymilvus is missing, or nothing answers.
        """
        known = archive.meta(ARCHIVE_ID)
        if known is None:
            raise _stale(archive, "还没有迁移到 Milvus")
        store = cls(archive, Collection(client_of(uri), known))
        store._check()
        return store

    def dense(self, vector: Vectors, limit: int, filters: Filters) -> Callable[[], dict[int, float]]:
        self._check()
        expression = expression_of(filters, self._archive)
        found = self._collection.search("dense", vector, min(limit, _MOST), expression, self._stamp["index"])
        return lambda: found

    def words(self, terms: Sequence[str], limit: int) -> dict[int, float]:
        self._check()
        frequencies = {term: self._frequency(term) for term in terms[:MAX_TERMS]}
        question = question_vector(frequencies, self._stamp["passages"])
        return self._collection.search("words", question, min(limit, _MOST), "") if question else {}

    def frequency(self, word: str) -> int:
        return self._archive.document_frequency(word)

    def pairs(self, text: str, limit: int) -> dict[int, float]:
        return pair_scores(self._archive, text, limit)

    def containing(self, phrase: str, limit: int) -> dict[int, float]:
        return containing(self._archive, phrase, limit)

    def _frequency(self, term: str) -> int:
        return self._archive.remembered(("holding", term), lambda: frequency(self._archive, term))

    def _check(self) -> None:
        state = self._archive.meta("state")
        if self._stamp.get("state") == state:
            return
        self._stamp = self._collection.stamp() or {}
        if not self._stamp:
            raise _stale(self._archive, "在这个 Milvus 里没有数据")
        if self._stamp["state"] != state:
            done = "迁移没有完成" if self._stamp["state"] is None else "有了改动，Milvus 里还是旧的"
            self._stamp = {}
            raise _stale(self._archive, done)


def _stale(archive: Archive, what: str) -> ArchiveError:
    return ArchiveError(f"档案{what}。请运行：python -m rag migrate --to milvus --archive {archive.folder}")
