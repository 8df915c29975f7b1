"""Reading passages and their vectors, on connections that threads do not share."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, TypeVar, cast

import numpy as np

from rag.archive.connect import connect
from rag.archive.rows import Late, Packed, PassageRow, PassageVectors, StoredSpans, load_functions, unpack
from rag.encoder.base import Vectors

_BATCH = 500
_REMEMBERED = 100_000
_T = TypeVar("_T")
_MISSING = object()


class PassageReader:
    """Read access to one archive. Safe to share between threads: each uses a connection of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = Path(folder)
        self._local = threading.local()
        self._remembered: dict[int, dict[tuple[str | None, Hashable], Any]] = {}
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
        self._local.meta = {}
        try:
            yield
        finally:
            self._local.meta = None
            self.db.execute("ROLLBACK")

    @property
    def generation(self) -> int:
        """Grows by one with every change."""
        return int(self.meta("generation") or 0)

    def meta(self, key: str) -> str | None:
        """What the archive notes of itself under a name; within a snapshot each is read once."""
        read: dict[str, str | None] | None = getattr(self._local, "meta", None)
        if read is not None and key in read:
            return read[key]
        row = self.db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        value = row[0] if row else None
        if read is not None:
            read[key] = value
        return value

    @property
    def encoder_fingerprint(self) -> str | None:
        return self.meta("encoder_fingerprint")

    @property
    def dimension(self) -> int:
        return int(self.meta("encoder_dimension") or 0)

    def remembered(self, key: Hashable, read: Callable[[], _T], room: int = _REMEMBERED) -> _T:
        """What ``read`` gives, read once for each state of the archive; not to be changed by the caller.

        ``room`` is the number of values kept; values with different room are kept apart.
        """
        with self.snapshot():
            kept, full = self._remembered.setdefault(room, {}), (self.meta("state"), key)
            value = kept.get(full, _MISSING)
            if value is _MISSING:
                value = read()
                if len(kept) >= room:
                    kept.clear()
                kept[full] = value
            return cast(_T, value)

    def count(self, table: str) -> int:
        if table not in ("sources", "speeches", "passages"):
            raise ValueError(f"no such table: {table}")
        return int(self.db.execute(f"SELECT count(*) FROM {table}").fetchone()[0])

    def passages(self, ids: Iterable[int], packed: Mapping[int, Packed] | None = None) -> dict[int, PassageRow]:
        """Passages with their vectors, by id. ``packed`` has the vectors of them all, where they were read before."""
        wanted = sorted(set(ids))
        with self.snapshot():  # both readings are of one state
            rows = [
                row
                for batch in batches(wanted)
                for row in self.db.execute(
                    'SELECT id, speech, start, "end", section, page, sentences, content_hash, functions'
                    f" FROM passages WHERE id IN ({','.join('?' * len(batch))})",
                    batch,
                )
            ]
            return _passages(rows, self.packed_vectors(wanted) if packed is None else packed, self.dimension)

    def packed_vectors(self, ids: Iterable[int]) -> dict[int, Packed]:
        """The vectors of passages as they are stored, by id."""
        return {
            row[0]: (row[1], row[2])
            for batch in batches(sorted(set(ids)))
            for row in self.db.execute(
                f"SELECT id, vector, sentence_vectors FROM passages WHERE id IN ({','.join('?' * len(batch))})", batch
            )
        }

    def passage_spans(self, ids: Iterable[int] | None = None) -> list[tuple[int, int, int, int]]:
        """(id, row id of the speech, start, end) of all passages or of the given ones, in document order, without vectors."""
        query = 'SELECT id, speech, start, "end" FROM passages {} ORDER BY speech, start'
        if ids is None:
            return [tuple(row) for row in self.db.execute(query.format(""))]
        found = [
            tuple(row)
            for batch in batches(sorted(set(ids)))
            for row in self.db.execute(query.format(f"WHERE id IN ({','.join('?' * len(batch))})"), batch)
        ]
        return sorted(found, key=lambda row: (row[1], row[2]))

    def passage_words(self, ids: Iterable[int]) -> dict[int, tuple[tuple[str, ...], ...]]:
        """Passage id → words of its headings, then of each of its sentences."""
        tokens = self.passage_tokens(ids)
        return {i: tuple(tuple(line.split()) for line in text.split("\n")) for i, text in tokens.items()}

    def passage_tokens(self, ids: Iterable[int]) -> dict[int, str]:
        """`passage_words` as they are stored: a line each, words separated by single spaces."""
        return {
            row[0]: row[1]
            for batch in batches(sorted(set(ids)))
            for row in self.db.execute(
                f"SELECT rowid, tokens FROM words WHERE rowid IN ({','.join('?' * len(batch))})", batch
            )
        }

    def document_frequency(self, word: str) -> int:
        """Number of passages that contain a word of the index."""

        def read() -> int:
            row = self.db.execute("SELECT doc FROM words_vocab WHERE term = ?", (word,)).fetchone()
            return int(row[0]) if row else 0

        return self.remembered(("frequency", word), read)

    def frequent_words(self, limit: int) -> list[str]:
        """The words of two characters or more that stand in most passages, most frequent first."""
        query = "SELECT term FROM words_vocab WHERE length(term) > 1 ORDER BY doc DESC, term LIMIT ?"
        # FTS5 reads every list of passages for it: seconds in a large archive.
        return self.remembered(("frequent", limit), lambda: [row[0] for row in self.db.execute(query, (limit,))])

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

    def passage_vectors(self, after: int = 0) -> tuple[np.ndarray, Vectors]:
        """(ids, shape (n,); vectors, shape (n, dimension)) of every passage beyond id ``after`` that has a vector."""
        batches_ = list(self.vector_batches(after))
        if not batches_:
            return np.zeros(0, dtype=np.int64), np.zeros((0, self.dimension), dtype=np.float32)
        return np.concatenate([ids for ids, _ in batches_]), np.concatenate([vectors for _, vectors in batches_])

    def vector_batches(self, after: int = 0, size: int = 20_000) -> Iterator[tuple[np.ndarray, Vectors]]:
        """`passage_vectors` in pieces, in the order of the ids."""
        query = "SELECT id, vector FROM passages WHERE id > ? AND vector IS NOT NULL ORDER BY id"
        rows, dimension = self.db.execute(query, (after,)), self.dimension
        while batch := rows.fetchmany(size):
            yield np.array([row[0] for row in batch], dtype=np.int64), unpack(b"".join(r[1] for r in batch), dimension)

    def live_ids(self) -> np.ndarray:
        """Ids of all passages, ascending, shape (n,)."""

        def read() -> np.ndarray:
            rows = self.db.execute("SELECT id FROM passages").fetchall()
            return np.sort(np.array([row[0] for row in rows], dtype=np.int64))

        return self.remembered("live ids", read, room=1)

    def unlabelled(self) -> int:
        """Number of passages whose sentences have no function yet."""
        return int(self.db.execute("SELECT count(*) FROM passages WHERE functions IS NULL").fetchone()[0])

    def unencoded(self) -> int:
        """Number of passages that still lack a vector."""
        return int(self.db.execute("SELECT count(*) FROM passages WHERE vector IS NULL").fetchone()[0])


def _passages(rows: Sequence[Sequence[Any]], packed: Mapping[int, Packed], dimension: int) -> dict[int, PassageRow]:
    """Rows as they come from the table; all vectors are unpacked at once."""
    vectors = PassageVectors.unpacked({row[0]: packed[row[0]] for row in rows}, dimension)
    return {
        row[0]: PassageRow(
            row[0], row[1], row[2], row[3], _section(row[4]), row[5], StoredSpans(row[6], row[2]), row[7],
            vectors.passages[n], vectors.sentences[vectors.bounds[n] : vectors.bounds[n + 1]],
            Late(partial(load_functions, row[8])) if row[8] else (),
        )
        for n, row in enumerate(rows)
    }  # fmt: skip


@lru_cache(maxsize=4096)
def _section(value: str) -> tuple[str, ...]:
    return tuple(json.loads(value))


def batches(ids: Sequence[int]) -> Iterable[Sequence[int]]:
    return (ids[at : at + _BATCH] for at in range(0, len(ids), _BATCH))
