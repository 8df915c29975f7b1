"""Reading the archive."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np

from rag.archive.connect import connect
from rag.archive.rows import (
    FIELDS,
    PassageRow,
    Retired,
    SourceRow,
    SpeechRow,
    SpeechSummary,
    load_found,
    load_sections,
    load_sentences,
    unpack,
)
from rag.encoder.base import Vectors
from rag.errors import UsageError
from rag.types import Filters, Flag, Found, Piece, Removal

CORRECTED = "人工更正"
_BATCH = 500


class Archive:
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

    # Sources

    def sources(self) -> list[SourceRow]:
        """All source files, by name."""
        rows = self.db.execute(
            "SELECT s.id, s.key, s.path, s.name, s.folder, s.sha256, s.format, s.encoding, s.pages, s.notes, s.settings,"
            " s.added_at, s.changed_at, (SELECT count(*) FROM speeches p WHERE p.source = s.id)"
            " FROM sources s ORDER BY s.name, s.path"
        ).fetchall()
        shown = self.display_names()
        return [
            SourceRow(
                r[0],
                r[1],
                r[2],
                shown[r[0]],
                r[5],
                r[6],
                r[7],
                tuple(json.loads(r[8])),
                tuple(json.loads(r[9])),
                *r[10:],
            )
            for r in rows
        ]

    def display_names(self) -> dict[int, str]:
        """Source id → file name; with as much of its folder as tells it from a namesake."""
        rows = self.db.execute("SELECT id, name, path FROM sources").fetchall()
        groups: dict[str, list[tuple[int, PurePosixPath]]] = {}
        for source, name, path in rows:
            groups.setdefault(name, []).append((source, PurePosixPath(path)))
        out: dict[int, str] = {}
        for name, members in groups.items():
            for source, path in members:
                out[source] = name if len(members) == 1 else _shortest(path, [p for s, p in members if s != source])
        return out

    def source_text(self, source_id: int) -> str:
        return str(self.db.execute("SELECT text FROM sources WHERE id = ?", (source_id,)).fetchone()[0])

    def source_bytes(self, source_id: int) -> bytes:
        return bytes(self.db.execute("SELECT bytes FROM sources WHERE id = ?", (source_id,)).fetchone()[0])

    def removals(self, source_id: int) -> list[Removal]:
        rows = self.db.execute(
            'SELECT start, "end", reason FROM removals WHERE source = ? ORDER BY start', (source_id,)
        )
        return [Removal(*row) for row in rows]

    # Speeches

    def speeches(self, ids: Iterable[int] | None = None) -> list[SpeechRow]:
        """Speeches in the order of their files, or those with the given row ids."""
        query = (
            "SELECT p.id, p.speech_id, p.source, p.ordinal, p.text, p.content_hash, p.pieces, p.found, p.sections, p.flags"
            " FROM speeches p JOIN sources s ON s.id = p.source {} ORDER BY s.name, s.path, p.ordinal"
        )
        if ids is None:
            rows = self.db.execute(query.format("")).fetchall()
        else:
            rows = [
                row
                for batch in _batches(sorted(set(ids)))
                for row in self.db.execute(query.format(f"WHERE p.id IN ({','.join('?' * len(batch))})"), batch)
            ]
        shown = self.display_names()
        corrections = self.corrections()
        return [self._speech(row, shown, corrections) for row in rows]

    def speech(self, speech_id: str) -> SpeechRow:
        """One speech by its public id.

        Raises:
            UsageError: there is none.
        """
        row = self.db.execute("SELECT id FROM speeches WHERE speech_id = ?", (speech_id,)).fetchone()
        if row is None:
            raise UsageError(f"档案中没有编号为 {speech_id} 的讲话。可用 python -m rag list 查看全部编号。")
        return self.speeches([row[0]])[0]

    def summaries(self) -> list[SpeechSummary]:
        """All speeches without their texts, in the order of their files."""
        rows = self.db.execute(
            "SELECT p.speech_id, p.source, p.ordinal, p.title, p.speaker, p.organisation, p.place, p.date, p.year, p.genre,"
            " length(p.text), p.flags FROM speeches p JOIN sources s ON s.id = p.source ORDER BY s.name, s.path, p.ordinal"
        )
        shown = self.display_names()
        return [
            SpeechSummary(r[0], shown[r[1]], *r[2:11], tuple(sorted({flag[0] for flag in json.loads(r[11])})))
            for r in rows
        ]

    def retired(self, speech_id: str) -> Retired | None:
        """A speech that a change or a removal took out of the archive."""
        row = self.db.execute(
            "SELECT speech_id, title, source_key, text FROM retired WHERE speech_id = ?", (speech_id,)
        ).fetchone()
        return Retired(*row) if row else None

    def source_pages(self, source_id: int) -> tuple[int, ...]:
        """Offsets at which the pages of a source start; empty for formats without pages."""
        row = self.db.execute("SELECT pages FROM sources WHERE id = ?", (source_id,)).fetchone()
        return tuple(json.loads(row[0])) if row else ()

    def _speech(
        self, row: Sequence[Any], shown: dict[int, str], corrections: dict[str, dict[str, str | None]]
    ) -> SpeechRow:
        metadata = load_found(row[7])
        for field, value in corrections.get(row[1], {}).items():
            metadata[field] = Found(int(value) if field == "year" and value else value or None, CORRECTED, 1.0)
        return SpeechRow(
            row[0], row[1], shown[row[2]], row[2], row[3], row[4], row[5],
            tuple(Piece(*p) for p in json.loads(row[6])), metadata, load_sections(row[8]),
            tuple(Flag(*f) for f in json.loads(row[9])),
        )  # fmt: skip

    def corrections(self) -> dict[str, dict[str, str | None]]:
        out: dict[str, dict[str, str | None]] = {}
        for speech_id, field, value in self.db.execute("SELECT speech_id, field, value FROM corrections"):
            out.setdefault(speech_id, {})[field] = value
        return out

    def twins(self) -> dict[str, list[str]]:
        """Speech id → ids of the other speeches with the same text (punctuation and width aside)."""
        groups: dict[str, list[str]] = {}
        for speech_id, content in self.db.execute("SELECT speech_id, content_hash FROM speeches ORDER BY id"):
            groups.setdefault(content, []).append(speech_id)
        return {
            one: [other for other in group if other != one]
            for group in groups.values()
            if len(group) > 1
            for one in group
        }

    def facet(self, field: str) -> list[tuple[Any, int]]:
        """Distinct values of a metadata field with the number of speeches each, most frequent first."""
        if field not in FIELDS:
            raise ValueError(f"no such field: {field}")
        rows = self.db.execute(
            f"SELECT {field}, count(*) n FROM speeches WHERE {field} IS NOT NULL GROUP BY 1 ORDER BY n DESC, 1"
        )
        return [(value, count) for value, count in rows]

    def matching_speeches(self, filters: Filters) -> set[int]:
        """Row ids of the speeches that pass the metadata filters («contains» is checked passage by passage)."""
        where: list[str] = ["1"]
        values: list[Any] = []
        if filters.years:
            where.append("year BETWEEN ? AND ?")
            values += list(filters.years)
        for field in ("speaker", "organisation", "place", "genre"):
            wanted = getattr(filters, field)
            if wanted:
                where.append("(" + " OR ".join([f"instr({field}, ?) > 0"] * len(wanted)) + ")")
                values += list(wanted)
        if filters.speech_ids:
            where.append(f"speech_id IN ({','.join('?' * len(filters.speech_ids))})")
            values += list(filters.speech_ids)
        return {row[0] for row in self.db.execute(f"SELECT id FROM speeches WHERE {' AND '.join(where)}", values)}

    def undated(self) -> int:
        """Number of speeches without a year."""
        return int(self.db.execute("SELECT count(*) FROM speeches WHERE year IS NULL").fetchone()[0])

    # Passages

    def passages(self, ids: Iterable[int]) -> dict[int, PassageRow]:
        """Passages with their vectors, by id."""
        dimension = self.dimension
        rows = (
            row
            for batch in _batches(sorted(set(ids)))
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
            for batch in _batches(sorted(set(ids)))
            for row in self.db.execute(
                f"SELECT rowid, tokens FROM words WHERE rowid IN ({','.join('?' * len(batch))})", batch
            )
        )
        return {row[0]: [line.split() for line in row[1].split("\n")] for row in rows}

    def document_frequency(self, word: str) -> int:
        """Number of passages that contain a word of the index."""
        row = self.db.execute("SELECT doc FROM words_vocab WHERE term = ?", (word,)).fetchone()
        return int(row[0]) if row else 0

    def passage_ids(self, speeches: Iterable[int] | None = None) -> list[int]:
        """Ids of all passages, or of those of the given speeches, in document order."""
        if speeches is None:
            return [row[0] for row in self.db.execute("SELECT id FROM passages ORDER BY speech, start")]
        return [
            row[0]
            for batch in _batches(sorted(set(speeches)))
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


def _batches(ids: Sequence[int]) -> Iterable[Sequence[int]]:
    return (ids[at : at + _BATCH] for at in range(0, len(ids), _BATCH))


def _shortest(path: PurePosixPath, others: Sequence[PurePosixPath]) -> str:
    """The fewest trailing parts of a path that no other path shares."""
    for count in range(2, len(path.parts) + 1):
        tail = path.parts[-count:]
        if all(other.parts[-count:] != tail for other in others):
            return "/".join(tail).lstrip("/")
    return str(path)
