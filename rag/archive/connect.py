"""Opening the archive's SQLite file for reading or for writing."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rag.archive.schema import prepare
from rag.errors import ArchiveError

FILE = "archive.sqlite"
BUSY_MS = 30_000


def connect(folder: Path, *, create: bool = False) -> sqlite3.Connection:
    """A connection to the archive in ``folder``, in autocommit mode with explicit transactions.

    Raises:
        ArchiveError: there is no archive there (and ``create`` is False), or it cannot be opened.
    """
    path = folder / FILE
    if not create and not path.exists():
        raise ArchiveError(f"{folder} 里还没有档案。先运行：python -m rag ingest 文件或文件夹 --archive {folder}")
    try:
        if create:
            folder.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(path, timeout=BUSY_MS / 1000, isolation_level=None, check_same_thread=False)
        connection.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
        connection.execute("PRAGMA foreign_keys = ON")
        if create:
            connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA cache_size = -65536")
        prepare(connection, str(path))
    except sqlite3.DatabaseError as error:
        raise ArchiveError(f"无法打开档案 {path}（{error}）。如已损坏，请用备份替换该文件。") from error
    except OSError as error:
        raise ArchiveError(f"无法建立档案文件夹 {folder}（{error.strerror}）。请检查磁盘空间和写入权限。") from error
    return connection


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All or nothing; raises the archive's generation, so that readers notice.

    Raises:
        ArchiveError: another process keeps the archive locked, or the disk refuses.
    """
    try:
        connection.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as error:
        raise ArchiveError(f"档案正被另一个程序写入（{error}）。请等它结束后再试。") from error
    try:
        yield
        connection.execute("UPDATE meta SET value = CAST(value AS INTEGER) + 1 WHERE key = 'generation'")
        connection.execute("COMMIT")
    except BaseException as error:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        if isinstance(error, sqlite3.OperationalError):
            raise ArchiveError(f"写入档案失败（{error}），档案保持原样。请检查磁盘空间和写入权限。") from error
        raise
