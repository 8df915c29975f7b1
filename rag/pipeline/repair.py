"""Making anew what the archive derives from its texts."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence

from rag.archive.connect import transaction
from rag.archive.identity import content_hash
from rag.archive.passages import batches
from rag.archive.reader import Archive
from rag.archive.writer import Writer
from rag.encoder.base import Encoder
from rag.errors import ArchiveError
from rag.pipeline.finding import (
    FOREIGN_KEYS,
    FULL_TEXT,
    FUNCTIONS,
    PAIRS,
    PASSAGE_HASH,
    SPEECH_HASH,
    SQLITE,
    SURPLUS,
    VECTORS,
    WORDS,
    Finding,
)
from rag.pipeline.labelling import label_missing
from rag.pipeline.prepare import tokens
from rag.pipeline.reindex import reindex_archive
from rag.pipeline.restore import restore_sources, sources_to_restore
from rag.pipeline.verify_speech import passages_of
from rag.text.words import Analyzer
from rag.types import Passage

LoadEncoder = Callable[[], Encoder]
_ORPHANS = {
    "passages": "speech NOT IN (SELECT id FROM speeches)",
    "removals": "source NOT IN (SELECT id FROM sources)",
}


def repair_archive(
    archive: Archive, writer: Writer, analyzer: Analyzer, load: LoadEncoder, findings: Sequence[Finding]
) -> None:
    """Repairs what can be: the structure first, then rows, then speeches from their stored originals, then vectors.

    ``load`` gives the encoder, which the last two need.

    One repair may bring to light what another has to do, so verify again afterwards.

    Raises:
        ArchiveError: the archive cannot be written, or its vectors come from another encoder.
        EncoderError: vectors are missing and the encoder cannot be loaded; all else is repaired.
    """
    todo = [finding for finding in findings if finding.repairable]
    for finding in todo:
        if finding.check in (SQLITE, FULL_TEXT):
            with transaction(writer.db):
                writer.db.execute(_rebuilding(finding))
    for finding in todo:
        with transaction(writer.db):
            _repair_rows(writer.db, finding, analyzer)
    if todo:
        with transaction(writer.db):
            writer.audit("repair", "archive", ", ".join(sorted({finding.check for finding in todo})))
    if any(finding.check == FUNCTIONS for finding in todo):
        label_missing(writer)
    if sources := sources_to_restore(todo):
        restore_sources(writer, load(), analyzer, sources)
    if any(finding.check == VECTORS for finding in todo):
        _encode_anew(archive, writer, load(), [row for f in todo if f.check == VECTORS for row in f.rows])


def _rebuilding(finding: Finding) -> str:
    name = finding.target
    return f'REINDEX "{name}"' if finding.check == SQLITE else f"INSERT INTO {name} ({name}) VALUES ('rebuild')"


def _repair_rows(db: sqlite3.Connection, finding: Finding, analyzer: Analyzer) -> None:
    if finding.check == FOREIGN_KEYS:
        # Nothing points to these tables, and their full-text rows are found as surplus next.
        db.execute(f"DELETE FROM {finding.target} WHERE {_ORPHANS[finding.target]}")
        if finding.target == "passages":
            _delete_surplus(db, WORDS)
            _delete_surplus(db, PAIRS)
    elif finding.check == SURPLUS:
        _delete_surplus(db, finding.target)
    elif finding.check == SPEECH_HASH:
        rows = db.execute("SELECT text, id FROM speeches WHERE id = ?", finding.rows).fetchall()
        db.executemany("UPDATE speeches SET content_hash = ? WHERE id = ?", [(content_hash(t), i) for t, i in rows])
    elif finding.check == PASSAGE_HASH:
        fresh = [(content_hash(text[p.start : p.end]), i) for i, text, p in _passages(db, finding.rows)]
        db.executemany("UPDATE passages SET content_hash = ? WHERE id = ?", fresh)
    elif finding.check in (WORDS, PAIRS):
        _put_tokens(db, finding.check, _passages(db, finding.rows), analyzer)
    elif finding.check == FUNCTIONS:
        db.executemany("UPDATE passages SET functions = NULL WHERE id = ?", [(i,) for i in finding.rows])


def _delete_surplus(db: sqlite3.Connection, table: str) -> None:
    db.execute(f"DELETE FROM {table} WHERE rowid NOT IN (SELECT id FROM passages)")


def _put_tokens(
    db: sqlite3.Connection, table: str, passages: Iterable[tuple[int, str, Passage]], analyzer: Analyzer
) -> None:
    column = (WORDS, PAIRS).index(table)
    rows = [(i, tokens(text, passage, analyzer)[column]) for i, text, passage in passages]
    db.executemany(f"DELETE FROM {table} WHERE rowid = ?", [(i,) for i, _ in rows])
    db.executemany(f"INSERT INTO {table} (rowid, tokens) VALUES (?, ?)", rows)


def _passages(db: sqlite3.Connection, ids: Sequence[int]) -> Iterator[tuple[int, str, Passage]]:
    """(id, text of the speech, passage) of the passages of one speech that are still there."""
    wanted = set(ids)
    speech = db.execute(
        "SELECT s.id, s.text FROM speeches s JOIN passages p ON p.speech = s.id WHERE p.id = ?", (ids[0],)
    ).fetchone()
    if speech is None:
        return
    for row in passages_of(db, speech[0]):
        if row.id in wanted and row.parsed:
            yield row.id, speech[1], row.parsed


def _encode_anew(archive: Archive, writer: Writer, encoder: Encoder, ids: Sequence[int]) -> None:
    source = writer.encoder_source()
    writer.claim_encoder(encoder.name, encoder.fingerprint, encoder.dimension, source)
    with transaction(writer.db):
        for batch in batches(ids):
            writer.db.execute(
                "UPDATE passages SET vector = NULL, sentence_vectors = NULL"
                f" WHERE id IN ({','.join('?' * len(batch))})",
                batch,
            )
    try:
        reindex_archive(writer, archive, encoder, source)
    except (ValueError, TypeError, LookupError) as error:
        raise ArchiveError("有段落无法读取，缺失的向量未能补齐。请先处理其他问题。") from error
