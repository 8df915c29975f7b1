"""The archive's tables, and the migrations that bring an older archive up to date."""

from __future__ import annotations

import sqlite3

from rag.errors import ArchiveError

VERSION = 3
READABLE = 2  # archives from this version on lack nothing that reading needs
APPLICATION_ID = 0x59414E4A  # "YANJ": tells an archive from any other SQLite file

# AUTOINCREMENT: an id is never given again, so that what a reader has cached never turns into another passage.
_V1 = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE sources (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    key TEXT NOT NULL UNIQUE,
    path TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    folder TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    bytes BLOB NOT NULL,
    format TEXT NOT NULL,
    encoding TEXT,
    text TEXT NOT NULL,
    pages TEXT NOT NULL,
    generated TEXT NOT NULL,
    notes TEXT NOT NULL,
    settings TEXT NOT NULL,
    added_at TEXT NOT NULL,
    changed_at TEXT NOT NULL
);
CREATE INDEX sources_sha256 ON sources (sha256);
CREATE TABLE removals (
    source INTEGER NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
    start INTEGER NOT NULL, "end" INTEGER NOT NULL, reason TEXT NOT NULL,
    PRIMARY KEY (source, start)
) WITHOUT ROWID;
CREATE TABLE speeches (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    speech_id TEXT NOT NULL UNIQUE,
    source INTEGER NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
    ordinal INTEGER NOT NULL,
    text TEXT NOT NULL,
    content_hash TEXT NOT NULL,
    pieces TEXT NOT NULL,
    title TEXT NOT NULL, occasion TEXT, speaker TEXT, post TEXT, organisation TEXT, place TEXT,
    date TEXT, year INTEGER, genre TEXT, language TEXT,
    found TEXT NOT NULL,
    sections TEXT NOT NULL,
    flags TEXT NOT NULL
);
CREATE INDEX speeches_source ON speeches (source, ordinal);
CREATE INDEX speeches_content ON speeches (content_hash);
CREATE INDEX speeches_year ON speeches (year);
CREATE TABLE passages (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    speech INTEGER NOT NULL REFERENCES speeches (id) ON DELETE CASCADE,
    start INTEGER NOT NULL, "end" INTEGER NOT NULL,
    section TEXT NOT NULL,
    page INTEGER,
    sentences TEXT NOT NULL,
    content_hash TEXT NOT NULL,
    vector BLOB,
    sentence_vectors BLOB
);
CREATE INDEX passages_speech ON passages (speech, start);
CREATE INDEX passages_content ON passages (content_hash);
CREATE VIRTUAL TABLE words USING fts5 (tokens, tokenize = "unicode61 remove_diacritics 0");
CREATE VIRTUAL TABLE words_vocab USING fts5vocab (words, row);
CREATE VIRTUAL TABLE pairs USING fts5 (tokens, tokenize = "unicode61 remove_diacritics 0");
CREATE TABLE corrections (
    speech_id TEXT NOT NULL, field TEXT NOT NULL, value TEXT, changed_at TEXT NOT NULL,
    PRIMARY KEY (speech_id, field)
) WITHOUT ROWID;
CREATE TABLE retired (speech_id TEXT PRIMARY KEY, title TEXT NOT NULL, source_key TEXT NOT NULL, retired_at TEXT NOT NULL,
    text TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE withdrawn (speech_id TEXT PRIMARY KEY, withdrawn_at TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE feedback (
    id INTEGER PRIMARY KEY, at TEXT NOT NULL, question TEXT NOT NULL, verdict TEXT NOT NULL, detail TEXT NOT NULL
);
CREATE TABLE audit (id INTEGER PRIMARY KEY, at TEXT NOT NULL, action TEXT NOT NULL, target TEXT NOT NULL, detail TEXT NOT NULL);
INSERT INTO meta VALUES ('generation', '0');
"""

# The index answers which passages have a function without reading texts and vectors.
_V2 = """
ALTER TABLE passages ADD COLUMN functions TEXT;
CREATE INDEX passages_functions ON passages (functions);
"""

# Files with a mark of secrecy, until somebody lets them in or throws them away.
_V3 = """
CREATE TABLE quarantine (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    path TEXT NOT NULL,
    name TEXT NOT NULL,
    sha256 TEXT NOT NULL UNIQUE,
    mark TEXT NOT NULL,
    bytes BLOB NOT NULL,
    added TEXT NOT NULL
);
"""

MIGRATIONS: dict[int, str] = {1: _V1, 2: _V2, 3: _V3}


def prepare(connection: sqlite3.Connection, path: str, *, create: bool = True) -> None:
    """Creates the tables of a new archive (with ``create``), or brings an older one up to `VERSION`.

    An archive from `READABLE` on that is to be read and cannot be written stays as it is.

    Raises:
        ArchiveError: the file is no archive, is empty, or was made by a newer program.
    """
    version, application, tables = _identity(connection)
    if tables and application != APPLICATION_ID:
        raise ArchiveError("{path} 不是言据档案。请用 --archive 指定另一个文件夹。", path=path)
    if version > VERSION:
        raise ArchiveError(
            "{path} 由更新的程序建立（版本 {version}，本程序支持到 {newest}）。请升级程序。",
            path=path,
            version=version,
            newest=VERSION,
        )
    if not tables and not create:
        raise ArchiveError(
            "{path} 是空的。请用备份替换它；没有备份就删除它，再运行 python -m rag ingest 重新导入。", path=path
        )
    try:
        _migrate(connection, version)
    except sqlite3.OperationalError as error:
        refused = error.sqlite_errorname.startswith("SQLITE_READONLY")
        if create or version < READABLE or not refused:
            raise


def _migrate(connection: sqlite3.Connection, version: int) -> None:
    for target in range(version + 1, VERSION + 1):
        connection.execute("BEGIN IMMEDIATE")
        if _version(connection) >= target:  # another process was faster
            connection.execute("ROLLBACK")
            continue
        try:
            for statement in _statements(MIGRATIONS[target]):
                connection.execute(statement)
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version = {target}")
            connection.execute("COMMIT")
        except BaseException:
            connection.execute("ROLLBACK")
            raise


def _identity(connection: sqlite3.Connection) -> tuple[int, int, int]:
    """The version, the application's number and the number of tables: of one state, as another process may be
    creating the archive at this moment."""
    connection.execute("BEGIN")
    try:
        (application,) = connection.execute("PRAGMA application_id").fetchone()
        (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        return _version(connection), application, tables
    finally:
        connection.execute("ROLLBACK")


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _statements(script: str) -> list[str]:
    """Single statements: `executescript` would commit behind our back."""
    out, buffer = [], ""
    for part in script.split(";"):
        buffer += part + ";"
        if sqlite3.complete_statement(buffer):
            out.append(buffer.strip())
            buffer = ""
    return [statement for statement in out if statement != ";"]
