"""An archive's vectors, words and filter fields into Milvus: in batches, resumable, and again for what has changed."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from rag.archive.connect import transaction
from rag.archive.passages import batches
from rag.archive.reader import Archive
from rag.archive.writer import Writer
from rag.errors import ArchiveError
from rag.search.milvus.collection import TEXT_FIELDS, Collection, client_of, row_of
from rag.search.milvus.sparse import passage_vectors
from rag.search.milvus.store import ARCHIVE_ID
from rag.search.words_index import WordsIndex

VERSION = 1
DRIFT = 0.01  # of the mean length, above which all weights are made anew


@dataclass(frozen=True)
class Migrated:
    """Passages in Milvus, and how many of them this run wrote and removed."""

    passages: int
    written: int
    removed: int


def migrate(
    archive: Archive,
    uri: str,
    index: str | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Migrated:
    """Brings the archive's collection up to its present state.

    What an interrupted run has written stays; the next goes on behind it. ``index`` (of `collection.INDEXES`) is that
    of a new collection, HNSW where none is named; another than the present one means everything anew.

    Raises:
        ArchiveError: the archive has passages without vectors, or Milvus refuses.
        UsageError: pymilvus is missing, nothing answers, or there is no such index.
    """
    if missing := archive.unencoded():
        raise ArchiveError(f"有 {missing} 个段落还没有向量。请先运行：python -m rag reindex --archive {archive.folder}")
    collection = Collection(client_of(uri), archive_id(archive))
    with archive.snapshot():
        words = WordsIndex.open(archive)
        stamp = _begin(archive, collection, index, words.segments.size)
        removed = _remove(archive, collection)
        total = archive.count("passages")
        ids = [*_corrected(archive, stamp["done"]), *archive.live_ids()[_after(archive, stamp["done"]) :].tolist()]
        written = 0
        for batch in batches(ids):
            collection.upsert(_rows(archive, batch, stamp["mean"]))
            written += len(batch)
            stamp["done"] = max(stamp["done"], batch[-1])
            collection.put_stamp(stamp)
            progress(total - len(ids) + written, total)
        collection.put_stamp({**stamp, "state": archive.meta("state"), "passages": total})
    return Migrated(total, written, removed)


def archive_id(archive: Archive) -> str:
    """The name that ties an archive to its collection; given at the first migration, a copy of the archive keeps it."""
    if (known := archive.meta(ARCHIVE_ID)) is None:
        writer = Writer(archive.folder)
        with transaction(writer.db, contents=False):
            writer.db.execute("INSERT OR IGNORE INTO meta VALUES (?, ?)", (ARCHIVE_ID, secrets.token_hex(8)))
        writer.close()
        known = archive.meta(ARCHIVE_ID)
    return str(known)


def _begin(archive: Archive, collection: Collection, index: str | None, size: tuple[int, int]) -> dict[str, Any]:
    """The stamp to go on from, marked as unfinished; of a new collection where the old one cannot be gone on with."""
    passages, tokens = size
    mean = tokens / max(1, passages)
    now = {"version": VERSION, "encoder": archive.encoder_fingerprint, "vectors": archive.meta("vectors")}
    stamp = collection.stamp()
    fits = (
        stamp is not None
        and all(stamp[key] == value for key, value in now.items())
        and index in (None, stamp["index"])
        and abs(stamp["mean"] - mean) <= DRIFT * mean
        and _continues(archive, stamp)
    )
    if stamp is None or not fits:
        chosen = index or (stamp["index"] if stamp else "HNSW")
        collection.create(max(1, archive.dimension), chosen)
        stamp = {**now, "index": chosen, "mean": mean, "done": 0, "passages": 0}
    # The generation begun from: a copy of the archive that has grown apart must not go on with this one's passages.
    stamp |= {"state": None, "begun": [archive.generation, archive.meta("state")]}
    collection.put_stamp(stamp)
    return stamp


def _continues(archive: Archive, stamp: dict[str, Any]) -> bool:
    generation, state = stamp["begun"]
    return state in (archive.meta("state"), archive.meta(f"state:{generation}")) and state is not None


def _remove(archive: Archive, collection: Collection) -> int:
    live, removed = archive.live_ids(), 0
    for found in collection.ids():
        gone = [i for i, there in zip(found, np.isin(found, live), strict=True) if not there]
        if gone:
            collection.delete(gone)
            removed += len(gone)
    return removed


def _after(archive: Archive, done: int) -> int:
    return int(np.searchsorted(archive.live_ids(), done, side="right"))


def _corrected(archive: Archive, done: int) -> list[int]:
    """Passages already in whose speeches have corrections: their fields may have changed since."""
    query = (
        "SELECT p.id FROM passages p JOIN speeches s ON s.id = p.speech"
        " WHERE p.id <= ? AND s.speech_id IN (SELECT speech_id FROM corrections) ORDER BY p.id"
    )
    return [row[0] for row in archive.db.execute(query, (done,))]


def _rows(archive: Archive, ids: Sequence[int], mean: float) -> list[dict[str, Any]]:
    passages = archive.passages(ids)
    speeches = dict(_fields(archive, {row.speech for row in passages.values()}))
    tokens = dict(_tokens(archive, ids))
    sparse = dict(zip(ids, passage_vectors([tokens[i] for i in ids], mean), strict=True))
    return [row_of(i, passages[i].vector, sparse[i], speeches[passages[i].speech]) for i in ids]


def _fields(archive: Archive, ids: set[int]) -> Iterator[tuple[int, dict[str, Any]]]:
    names = ("id", "speech_id", "year", *TEXT_FIELDS)
    for batch in batches(sorted(ids)):
        marks = ",".join("?" * len(batch))
        for row in archive.db.execute(f"SELECT {', '.join(names)} FROM speeches WHERE id IN ({marks})", batch):
            yield row[0], dict(zip(names, row, strict=True))


def _tokens(archive: Archive, ids: Sequence[int]) -> Iterator[tuple[int, str]]:
    for batch in batches(ids):
        marks = ",".join("?" * len(batch))
        yield from archive.db.execute(f"SELECT rowid, tokens FROM words WHERE rowid IN ({marks})", batch)
