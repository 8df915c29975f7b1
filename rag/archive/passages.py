"""Reading passages and their vectors, on connections that threads do not share."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from rag.archive.connect import connect
from rag.archive.rows import PassageRow, load_sentences, unpack
from rag.encoder.base import Vectors

_BATCH = 500


class PassageReader:
    """Read access to one archive. Safe to share between threads: each uses a connection of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = Path(folder)
        self._local = threading.local()
        connect(self.folder).close()

    @property
    def db(self) -> sqlite3.Connection:
        connection = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = connect(self.folder)
        return connection

    def close(self) -> None:
        connection = getattr(self._local, "connection", None)
        if connection is not None:
            connection.close()
            self._local.connection = None

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Everything that this thread reads inside comes from one state of the archive, whatever is written meanwhile."""
        if self.db.in_transaction:
            yield
            return
        self.db.execute("BEGIN")
        try:
            yield
        finally:
            self.db.execute("ROLLBACK")

    @property
    def generation(self) -> int:
        """Grows by one with every change."""
        return int(self.meta("generation") or 0)

    def meta(self, key: str) -> str | None:
        row = self.db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return row[0] if row else None

    @property
    def encoder_fingerprint(self) -> str | None:
        return self.meta("encoder_fingerprint")

    @property
    def dimension(self) -> int:
        return int(self.meta("encoder_dimension") or 0)

    def count(self, table: str) -> int:
        if table not in ("sources", "speeches", "passages"):
            raise ValueError(f"no such table: {table}")
        return int(self.db.execute(f"SELECT count(*) FROM {table}").fetchone()[0])

    def passages(self, ids: Iterable[int]) -> dict[int, PassageRow]:
        """Passages with their vectors, by id."""
        dimension = self.dimension
        rows = (
            row
            for batch in batches(sorted(set(ids)))
            for row in self.db.execute(
                'SELECT id, speech, start, "end", section, page, sentences, content_hash, vector, sentence_vectors'
                f" FROM passages WHERE id IN ({','.join('?' * len(batch))})",
                batch,
            )
        )
        return {row[0]: _passage(row, dimension) for row in rows}

    def passage_words(self, ids: Iterable[int]) -> dict[int, list[list[str]]]:
        """Passage id → words of its headings, then of each of its sentences."""
        rows = (
            row
            for batch in batches(sorted(set(ids)))
            for row in self.db.execute(
                f"SELECT rowid, tokens FROM words WHERE rowid IN ({','.join('?' * len(batch))})", batch
            )
        )
        return {row[0]: [line.split() for line in row[1].split("\n")] for row in rows}

    def document_frequency(self, word: str) -> int:
        """Number of passages that contain a word of the index."""
        row = self.db.execute("SELECT doc FROM words_vocab WHERE term = ?", (word,)).fetchone()
        return int(row[0]) if row else 0

    def frequent_words(self, limit: int) -> list[str]:
        """The words of two characters or more that stand in most passages, most frequent first."""
        rows = self.db.execute(
            "SELECT term FROM words_vocab WHERE length(term) > 1 ORDER BY doc DESC, term LIMIT ?", (limit,)
        )
        return [row[0] for row in rows]

    def passage_ids(self, speeches: Iterable[int] | None = None) -> list[int]:
        """Ids of all passages, or of those of the given speeches, in document order."""
        if speeches is None:
            return [row[0] for row in self.db.execute("SELECT id FROM passages ORDER BY speech, start")]
        return [
            row[0]
            for batch in batches(sorted(set(speeches)))
            for row in self.db.execute(
                f"SELECT id FROM passages WHERE speech IN ({','.join('?' * len(batch))}) ORDER BY speech, start", batch
            )
        ]

    def passage_vectors(self) -> tuple[np.ndarray, Vectors]:
        """(ids, shape (n,); vectors, shape (n, dimension)) of every passage that has a vector."""
        rows = self.db.execute("SELECT id, vector FROM passages WHERE vector IS NOT NULL ORDER BY id").fetchall()
        ids = np.array([row[0] for row in rows], dtype=np.int64)
        return ids, unpack(b"".join(row[1] for row in rows), self.dimension)

    def unencoded(self) -> int:
        """Number of passages that still lack a vector."""
        return int(self.db.execute("SELECT count(*) FROM passages WHERE vector IS NULL").fetchone()[0])


def _passage(row: Sequence[Any], dimension: int) -> PassageRow:
    vector = unpack(row[8], dimension)
    return PassageRow(
        row[0], row[1], row[2], row[3], tuple(json.loads(row[4])), row[5], load_sentences(row[6], row[2]), row[7],
        vector[0] if len(vector) else np.zeros(dimension, dtype=np.float32), unpack(row[9], dimension),
    )  # fmt: skip


def batches(ids: Sequence[int]) -> Iterable[Sequence[int]]:
    return (ids[at : at + _BATCH] for at in range(0, len(ids), _BATCH))
