"""Whether an archive is what ingestion made: source by source, in the memory that one source takes."""

from __future__ import annotations

import re
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from rag.archive.connect import FILE
from rag.archive.reader import Archive
from rag.config import Settings
from rag.pipeline.finding import (
    COVERAGE,
    FOREIGN_KEYS,
    FULL_TEXT,
    PAIRS,
    RESTORE,
    SHA256,
    SOURCE,
    SQLITE,
    SURPLUS,
    WORDS,
    Finding,
)
from rag.pipeline.restore import original_sound, restorable
from rag.pipeline.verify_speech import StoredSpeech, load_pieces, passage_findings, text_findings
from rag.text.words import Analyzer
from rag.types import Piece, Span

CHECKS_FULL_TEXT_ITSELF = (3, 44, 0)  # from this SQLite on, PRAGMA integrity_check includes it
_INDEX = re.compile(r"^(?!non-unique).*\bindex (\w+)$")
_FULL_TEXT = re.compile(r"FTS5 table (?:main\.)?(words|pairs)")


def verify_archive(
    archive: Archive, analyzer: Analyzer, progress: Callable[[int, int], None] = lambda done, total: None
) -> Iterator[Finding]:
    """Everything that is wrong with an archive. ``progress`` gets the number of sources done and of all.

    When SQLite's own structures are damaged beyond its indexes, nothing further is read.

    Raises:
        sqlite3.DatabaseError: the file cannot be read at all.
    """
    structure = list(_structure(archive.db))
    yield from structure
    if any(not finding.repairable for finding in structure):
        return
    yield from _foreign_keys(archive.db)
    yield from _surplus(archive.db)
    names = archive.display_names()
    for n, (source, name) in enumerate(sorted(names.items()), 1):
        try:
            with archive.snapshot():
                yield from _source_findings(archive, source, name, analyzer)
        except (sqlite3.DatabaseError, UnicodeError) as error:
            yield Finding(SOURCE, name, f"无法读取（{error}）。{RESTORE}")
        progress(n, len(names))


def _structure(db: sqlite3.Connection) -> Iterator[Finding]:
    """Damage of the file itself: only what is derived (indexes, full text) can be made anew."""
    broken: Counter[str] = Counter()
    for line in _integrity(db):
        if match := _FULL_TEXT.search(line):
            yield Finding(FULL_TEXT, match[1], "全文索引损坏。", True)
        elif match := _INDEX.search(line):
            broken[match[1]] += 1
        else:
            yield Finding(SQLITE, FILE, f"数据库文件损坏（{' '.join(line.split())}）。请用备份替换该文件。")
            return
    for name, count in broken.items():
        yield Finding(SQLITE, name, f"数据库索引与数据不符（{count} 处）。", True)
    if sqlite3.sqlite_version_info < CHECKS_FULL_TEXT_ITSELF:
        for table in (WORDS, PAIRS):
            if not _full_text_sound(db, table):
                yield Finding(FULL_TEXT, table, "全文索引损坏。", True)


def _integrity(db: sqlite3.Connection) -> Iterator[str]:
    """What SQLite finds wrong with the file, line by line."""
    try:
        yield from (line for (line,) in db.execute("PRAGMA integrity_check") if line != "ok")
    except sqlite3.DatabaseError as error:
        if not error.sqlite_errorname.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
            raise
        yield str(error)


def _full_text_sound(db: sqlite3.Connection, table: str) -> bool:
    try:
        # Written as an insertion, this only checks.
        db.execute(f"INSERT INTO {table} ({table}) VALUES ('integrity-check')")
    except sqlite3.DatabaseError as error:
        # An archive that may only be read, or that is being written, cannot be asked.
        return error.sqlite_errorname.startswith(("SQLITE_READONLY", "SQLITE_BUSY"))
    return True


def _foreign_keys(db: sqlite3.Connection) -> Iterator[Finding]:
    orphans = Counter(row[0] for row in db.execute("PRAGMA foreign_key_check"))
    for table, count in sorted(orphans.items()):
        if table in ("passages", "removals"):
            yield Finding(FOREIGN_KEYS, table, f"{count} 行不属于任何讲话或文件。", True)
        else:
            yield Finding(FOREIGN_KEYS, table, f"{count} 行的来源文件已不在档案中。请用备份恢复档案。")


def _surplus(db: sqlite3.Connection) -> Iterator[Finding]:
    for table in (WORDS, PAIRS):
        (count,) = db.execute(
            f"SELECT count(*) FROM {table} t WHERE NOT EXISTS (SELECT 1 FROM passages p WHERE p.id = t.rowid)"
        ).fetchone()
        if count:
            yield Finding(SURPLUS, table, f"多出 {count} 行，没有对应的段落。", True)


def _source_findings(archive: Archive, source: int, name: str, analyzer: Analyzer) -> Iterator[Finding]:
    row = archive.db.execute("SELECT text, settings FROM sources WHERE id = ?", (source,)).fetchone()
    if row is None:  # removed by another process meanwhile
        return
    text, settings = row
    found = _content_findings(archive, source, name, text, analyzer, settings == Settings().fingerprint)
    if original_sound(archive.db, source):
        yield from (restorable(finding, source) for finding in found)
    else:
        yield Finding(SHA256, name, f"保存的原文件与校验值不符。{RESTORE}")
        yield from found


def _content_findings(
    archive: Archive, source: int, name: str, text: str, analyzer: Analyzer, current: bool
) -> Iterator[Finding]:
    spans: list[Span] | None = [Span(r.start, r.end) for r in archive.removals(source)]
    ids = [row[0] for row in archive.db.execute("SELECT id FROM speeches WHERE source = ? ORDER BY ordinal", (source,))]
    for speech in (_stored(archive.db, one) for one in ids):
        pieces = load_pieces(speech.pieces)
        yield from text_findings(speech, pieces, text)
        yield from passage_findings(archive.db, speech, analyzer, archive.dimension, current)
        spans = None if spans is None or pieces is None else spans + _source_spans(pieces)
    fault = coverage_fault(spans, len(text)) if spans is not None else None
    if fault:
        yield Finding(COVERAGE, name, f"{fault}。{RESTORE}")


def _stored(db: sqlite3.Connection, speech: int) -> StoredSpeech:
    return StoredSpeech(
        *db.execute(
            "SELECT id, speech_id, text, content_hash, pieces, sections FROM speeches WHERE id = ?", (speech,)
        ).fetchone()
    )


def _source_spans(pieces: Sequence[Piece]) -> list[Span]:
    return [Span(piece.source, piece.source + piece.length) for piece in pieces]


def coverage_fault(spans: Sequence[Span], length: int) -> str | None:
    """Where spans fail to cover ``length`` characters exactly once, first fault only."""
    at = 0
    for start, end in [*sorted(spans), Span(length, length)]:
        if start < at or end < start or end > length:
            return f"原文第 {start}–{end} 字归属重复或超出原文（{length} 字）"
        if start > at:
            return f"原文第 {at}–{start} 字没有归属"
        at = end
    return None
