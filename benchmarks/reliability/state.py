"""What an archive holds, in a form in which two archives can be compared byte for byte."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

from rag.archive.connect import FILE
from rag.archive.reader import Archive
from rag.encoder.base import Encoder
from rag.pipeline.verify import verify_archive
from rag.search.dense_check import dense_finding
from rag.search.retriever import Retriever
from rag.text.words import Analyzer

# Times of day, and what is drawn at random on purpose.
VOLATILE = {"added_at", "changed_at", "retired_at", "withdrawn_at", "at"}
RANDOM = ("state", "state:", "vectors")
_PER_SOURCE = {
    "sources": "SELECT * FROM sources WHERE id = :s",
    "speeches": "SELECT * FROM speeches WHERE source = :s ORDER BY ordinal",
    "passages": "SELECT p.* FROM passages p JOIN speeches s ON s.id = p.speech WHERE s.source = :s ORDER BY p.id",
    "words": "SELECT w.rowid AS row, w.tokens FROM words w WHERE w.rowid IN"
    " (SELECT p.id FROM passages p JOIN speeches s ON s.id = p.speech WHERE s.source = :s) ORDER BY w.rowid",
    "pairs": "SELECT w.rowid AS row, w.tokens FROM pairs w WHERE w.rowid IN"
    " (SELECT p.id FROM passages p JOIN speeches s ON s.id = p.speech WHERE s.source = :s) ORDER BY w.rowid",
    "removals": "SELECT * FROM removals WHERE source = :s ORDER BY start",
}


def _connection(folder: Path) -> sqlite3.Connection:
    db = sqlite3.connect(f"{(folder / FILE).absolute().as_uri()}?mode=ro", uri=True)
    db.row_factory = sqlite3.Row
    return db


def _digest(rows: Iterable[sqlite3.Row]) -> str:
    """Over every column but the volatile ones, with their names and types."""
    digest = hashlib.sha256()
    for row in rows:
        for key in row.keys():  # noqa: SIM118 - a Row iterates over its values
            if key not in VOLATILE:
                value = row[key]
                body = value if isinstance(value, bytes) else repr(value).encode()
                digest.update(f"{key}:{len(body)}:".encode() + body)
    return digest.hexdigest()


def whole_state(folder: Path) -> dict[str, str]:
    """Table → digest of all its rows, row ids included."""
    with closing(_connection(folder)) as db:
        names = [
            row[0]
            for row in db.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '%\\_%' ESCAPE '\\'"
            )
        ]
        out = {
            name: _digest(db.execute(f'SELECT rowid AS row, * FROM "{name}" ORDER BY 1'))
            for name in names
            if name in _ROWID
        }
        out["meta"] = _digest(
            row for row in db.execute("SELECT * FROM meta ORDER BY key") if not row["key"].startswith(RANDOM)
        )
        out["removals"] = _digest(db.execute("SELECT * FROM removals ORDER BY source, start"))
        return out


_ROWID = {"sources", "speeches", "passages", "words", "pairs", "audit", "feedback"}


def is_new(folder: Path) -> bool:
    """Whether there is no archive yet, or one without tables: cut short at its very beginning; the next run fills it."""
    if not (folder / FILE).exists():
        return True
    with closing(_connection(folder)) as db:
        return not db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]


def source_states(folder: Path) -> dict[str, str]:
    """Name of each source file → digest of everything that the archive holds of it, row ids included."""
    if is_new(folder):
        return {}
    with closing(_connection(folder)) as db:
        db.execute("BEGIN")
        return {
            row["name"]: "".join(_digest(db.execute(query, {"s": row["id"]})) for query in _PER_SOURCE.values())
            for row in db.execute("SELECT id, name FROM sources").fetchall()
        }


def findings(folder: Path, analyzer: Analyzer) -> Iterator[str]:
    """What `verify` finds wrong."""
    archive = Archive(folder)
    try:
        yield from (f"{one.check} {one.target}: {one.message}" for one in verify_archive(archive, analyzer))
        if dense := dense_finding(archive):
            yield dense.message
    finally:
        archive.close()


def results(folder: Path, encoder: Encoder, analyzer: Analyzer, queries: Iterable[str]) -> str:
    """A digest of what searching gives: ranks, scores, places and texts."""
    archive = Archive(folder)
    try:
        retriever = Retriever(archive, encoder, analyzer)
        found = [
            repr((hit.rank, hit.score, hit.place, hit.text))
            for query in queries
            for hit in retriever.search(query, 10).hits
        ]
    finally:
        archive.close()
    return hashlib.sha256("\n".join(found).encode()).hexdigest()
