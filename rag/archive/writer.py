"""Writing to the archive: one transaction a file, nothing in between."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rag.archive.audit import now
from rag.archive.connect import transaction
from rag.archive.identity import content_hash, source_key, speech_ids
from rag.archive.quarantine import QuarantineWriter
from rag.archive.rows import (
    FIELDS,
    UPLOAD,
    FileInfo,
    dump,
    dump_found,
    dump_functions,
    dump_sections,
    dump_sentences,
    pack,
)
from rag.archive.succession import heirs
from rag.encoder.base import Vectors
from rag.errors import UsageError
from rag.functions.labels import SentenceFunction
from rag.types import Document, Passage, Piece, Removal, Speech

WITHDRAWN = "withdrawn by the keeper"
Tokens = tuple[str, str]  # a passage's words and character pairs, each separated by spaces


@dataclass(frozen=True)
class Encoded:
    """What the search needs of one speech: per passage a vector, its sentences' vectors and functions, and its tokens."""

    vectors: Vectors
    sentence_vectors: Sequence[Vectors]
    tokens: Sequence[Tokens]
    functions: Sequence[Sequence[SentenceFunction]]


@dataclass(frozen=True)
class Known:
    """A source already in the archive."""

    id: int
    key: str
    path: str
    sha256: str
    settings: str


class _Keys:
    """The keys of the archive's sources, looked up one at a time: there may be tens of thousands."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def __contains__(self, key: object) -> bool:
        return self._db.execute("SELECT 1 FROM sources WHERE key = ?", (key,)).fetchone() is not None


class Writer(QuarantineWriter):
    """Write access to one archive, created when it does not exist yet."""

    def known(self, info: FileInfo) -> Known | None:
        """The source that a file continues: the one at its path, or one with its content whose own file is gone."""
        columns = "id, key, path, sha256, settings"
        row = self.db.execute(f"SELECT {columns} FROM sources WHERE path = ?", (info.path,)).fetchone()
        if row is None:
            moved = self.db.execute(
                f"SELECT {columns} FROM sources WHERE sha256 = ? ORDER BY id", (info.sha256,)
            ).fetchall()
            row = next((m for m in moved if not m[2].startswith(UPLOAD) and not Path(m[2]).exists()), None)
        return Known(*row) if row else None

    def moved(self, known: Known, info: FileInfo) -> None:
        """Notes the new place of a file whose content stayed the same."""
        with transaction(self.db):
            self.db.execute(
                "UPDATE sources SET path = ?, name = ?, folder = ? WHERE id = ?",
                (info.path, info.name, info.folder, known.id),
            )

    def put(
        self, info: FileInfo, document: Document, encoded: Sequence[Encoded], settings: str, released: str | None = None
    ) -> list[str]:
        """Adds a file or replaces its speeches, in one transaction; returns the ids of the speeches that are in.

        A file that the quarantine holds leaves it. ``released`` is the mark in spite of which a file goes in.
        Speeches whose text stayed the same keep their ids; corrections follow a speech whose text changed; speeches
        that the keeper has withdrawn stay out.

        Raises:
            ArchiveError: the archive cannot be written, or belongs to another encoder by now.
        """
        with transaction(self.db):
            self._check_claim()
            known = self.known(info)
            key = known.key if known else source_key(info.name, info.sha256, _Keys(self.db))
            ids = speech_ids(key, [speech.text for speech in document.speeches])
            if known:
                self._retire(known.id, ids, document.speeches)
                self._delete_contents(known.id)
            source = self._put_source(info, document, key, settings, known)
            removed = list(document.removals)
            withdrawn = {row[0] for row in self.db.execute("SELECT speech_id FROM withdrawn")}
            kept = [speech_id for speech_id in ids if speech_id not in withdrawn]
            for ordinal, (speech_id, speech, vectors) in enumerate(zip(ids, document.speeches, encoded, strict=True)):
                if speech_id in withdrawn:
                    removed += _as_removals(speech.pieces)
                else:
                    self._put_speech(source, ordinal, speech_id, speech, vectors, document)
            self.db.executemany("INSERT INTO removals VALUES (?, ?, ?, ?)", [(source, *removal) for removal in removed])
            self.db.executemany("DELETE FROM retired WHERE speech_id = ?", [(speech_id,) for speech_id in kept])
            self._reapply_corrections(kept)
            self.audit("update" if known else "add", info.name, f"{len(kept)} speeches")
            self._note_release(info, released)
        return kept

    def _put_source(self, info: FileInfo, document: Document, key: str, settings: str, known: Known | None) -> int:
        source, at = document.source, now()
        values = (
            info.path, info.name, info.folder, info.sha256, info.data, source.format, source.encoding, source.text,
            dump(source.pages), dump(source.generated), dump(document.notes), settings, at,
        )  # fmt: skip
        if known:
            self.db.execute(
                "UPDATE sources SET path=?, name=?, folder=?, sha256=?, bytes=?, format=?, encoding=?, text=?, pages=?,"
                " generated=?, notes=?, settings=?, changed_at=? WHERE id=?",
                (*values, known.id),
            )
            return known.id
        cursor = self.db.execute(
            "INSERT INTO sources (path, name, folder, sha256, bytes, format, encoding, text, pages, generated, notes, settings,"
            " changed_at, added_at, key) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
            (*values, at, key),
        )
        return int(cursor.lastrowid or 0)

    def _put_speech(
        self, source: int, ordinal: int, speech_id: str, speech: Speech, encoded: Encoded, document: Document
    ) -> None:
        fields = [speech.metadata[field].value for field in FIELDS]
        cursor = self.db.execute(
            f"INSERT INTO speeches (speech_id, source, ordinal, text, content_hash, pieces, {', '.join(FIELDS)}, found, sections, flags)"
            f" VALUES ({','.join('?' * (9 + len(FIELDS)))})",
            (
                speech_id, source, ordinal, speech.text, content_hash(speech.text), dump(speech.pieces), *fields,
                dump_found(dict(speech.metadata)), dump_sections(speech.sections), dump(speech.flags),
            ),
        )  # fmt: skip
        row = int(cursor.lastrowid or 0)
        for n, passage in enumerate(speech.passages):
            self._put_passage(row, speech, passage, encoded, n, document.source.pages)

    def _put_passage(
        self, speech_row: int, speech: Speech, passage: Passage, encoded: Encoded, n: int, pages: Sequence[int]
    ) -> None:
        text = speech.text[passage.start : passage.end]
        cursor = self.db.execute(
            'INSERT INTO passages (speech, start, "end", section, page, sentences, content_hash, vector, sentence_vectors,'
            " functions) VALUES (?,?,?,?,?,?,?,?,?,?)",
            (
                speech_row, passage.start, passage.end, dump(passage.section), page_of(speech, passage.start, pages),
                dump_sentences(passage), content_hash(text), pack(encoded.vectors[n]), pack(encoded.sentence_vectors[n]),
                dump_functions(encoded.functions[n]),
            ),
        )  # fmt: skip
        words, pairs = encoded.tokens[n]
        self.db.execute("INSERT INTO words (rowid, tokens) VALUES (?, ?)", (cursor.lastrowid, words))
        self.db.execute("INSERT INTO pairs (rowid, tokens) VALUES (?, ?)", (cursor.lastrowid, pairs))

    def _delete_contents(self, source: int) -> None:
        ids = "SELECT p.id FROM passages p JOIN speeches s ON s.id = p.speech WHERE s.source = ?"
        for table in ("words", "pairs"):
            self.db.execute(f"DELETE FROM {table} WHERE rowid IN ({ids})", (source,))
        self.db.execute("DELETE FROM removals WHERE source = ?", (source,))
        self.db.execute("DELETE FROM speeches WHERE source = ?", (source,))

    def _retire(self, source: int, kept: Sequence[str], successors: Sequence[Speech]) -> None:
        """Remembers the speeches that a change makes go, and hands their corrections to their successors."""
        rows = self.db.execute(
            "SELECT p.speech_id, p.title, s.key, p.text FROM speeches p JOIN sources s ON s.id = p.source WHERE p.source = ?",
            (source,),
        ).fetchall()
        present = {row[0] for row in rows}
        gone = [row for row in rows if row[0] not in kept]
        fresh = [n for n, speech_id in enumerate(kept) if speech_id not in present]
        for speech_id, title, key, text in gone:
            self.db.execute("INSERT OR REPLACE INTO retired VALUES (?,?,?,?,?)", (speech_id, title, key, now(), text))
        for n, m in heirs([row[3] for row in gone], [successors[n].text for n in fresh]).items():
            self.db.execute(
                "UPDATE OR REPLACE corrections SET speech_id = ? WHERE speech_id = ?", (kept[fresh[m]], gone[n][0])
            )

    def _reapply_corrections(self, ids: Sequence[str]) -> None:
        for speech_id in ids:
            for field, value in self.db.execute(
                "SELECT field, value FROM corrections WHERE speech_id = ?", (speech_id,)
            ).fetchall():
                self._set_field(speech_id, field, value)

    def _set_field(self, speech_id: str, field: str, value: str | None) -> None:
        self.db.execute(f"UPDATE speeches SET {field} = ? WHERE speech_id = ?", (value, speech_id))

    def correct(self, speech_id: str, field: str, value: str | None) -> None:
        """Stores a correction of one metadata field; it outlives re-ingestion.

        Raises:
            UsageError: unknown speech or field, an empty title, or a year that is none.
        """
        if field not in FIELDS:
            raise UsageError("没有「{field}」这一项，可改的有：{fields}。", field=field, fields="、".join(FIELDS))
        value = (value or "").strip() or None
        if field == "title" and not value:
            raise UsageError("题名不能为空。")
        if field == "year" and value and not (value.isdecimal() and 1900 <= int(value) <= 2100):
            raise UsageError("年份应为四位数字，例如 2019，收到的是「{value}」。", value=value)
        if self.db.execute("SELECT 1 FROM speeches WHERE speech_id = ?", (speech_id,)).fetchone() is None:
            raise UsageError("档案中没有编号为 {speech_id} 的讲话。", speech_id=speech_id)
        with transaction(self.db):
            self.db.execute("INSERT OR REPLACE INTO corrections VALUES (?,?,?,?)", (speech_id, field, value, now()))
            self._set_field(speech_id, field, value)
            self.audit("correct", speech_id, f"{field}={value}")

    def remove_source(self, source: int) -> int:
        """Removes a file with all its speeches; returns how many those were."""
        name = self.db.execute("SELECT name FROM sources WHERE id = ?", (source,)).fetchone()[0]
        with transaction(self.db):
            (count,) = self.db.execute("SELECT count(*) FROM speeches WHERE source = ?", (source,)).fetchone()
            self._retire(source, [], [])
            self._delete_contents(source)
            self.db.execute("DELETE FROM sources WHERE id = ?", (source,))
            self.audit("remove", name, f"{count} speeches")
        return int(count)

    def withdraw(self, speech_id: str) -> None:
        """Takes one speech out of a file that holds others; its characters go to the removal list.

        It stays out when the file is ingested again. The only speech of a file goes with its file.

        Raises:
            UsageError: there is no such speech.
        """
        row = self.db.execute("SELECT id, source, pieces FROM speeches WHERE speech_id = ?", (speech_id,)).fetchone()
        if row is None:
            raise UsageError("档案中没有编号为 {speech_id} 的讲话。", speech_id=speech_id)
        if self.db.execute("SELECT count(*) FROM speeches WHERE source = ?", (row[1],)).fetchone()[0] == 1:
            self.remove_source(row[1])
            return
        with transaction(self.db):
            pieces = [Piece(*piece) for piece in json.loads(row[2])]
            self.db.executemany("INSERT INTO removals VALUES (?,?,?,?)", [(row[1], *r) for r in _as_removals(pieces)])
            for table in ("words", "pairs"):
                self.db.execute(
                    f"DELETE FROM {table} WHERE rowid IN (SELECT id FROM passages WHERE speech = ?)", (row[0],)
                )
            self.db.execute(
                "INSERT OR REPLACE INTO retired SELECT p.speech_id, p.title, s.key, ?, p.text FROM speeches p"
                " JOIN sources s ON s.id = p.source WHERE p.id = ?",
                (now(), row[0]),
            )
            self.db.execute("DELETE FROM speeches WHERE id = ?", (row[0],))
            self.db.execute("INSERT OR REPLACE INTO withdrawn VALUES (?, ?)", (speech_id, now()))
            self.audit("withdraw", speech_id, "")

    def add_feedback(self, question: str, verdict: str, detail: dict[str, object]) -> None:
        """Stores what a reader thought of an answer (verdict «useful» or «useless»)."""
        with transaction(self.db, contents=False):
            self.db.execute(
                "INSERT INTO feedback (at, question, verdict, detail) VALUES (?,?,?,?)",
                (now(), question, verdict, json.dumps(detail, ensure_ascii=False)),
            )


def _as_removals(pieces: Sequence[Piece]) -> list[Removal]:
    return [Removal(piece.source, piece.source + piece.length, WITHDRAWN) for piece in pieces]


def page_of(speech: Speech, offset: int, pages: Sequence[int]) -> int | None:
    """Page (from 1) on which a speech offset stands, None for formats without pages."""
    if not pages:
        return None
    from bisect import bisect_right

    from rag.ingest.assemble import to_source

    return bisect_right(pages, to_source(speech.pieces, offset))
