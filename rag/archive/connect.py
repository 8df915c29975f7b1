"""Opening the archive's SQLite file for reading or for writing."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rag.archive.holder import holders
from rag.archive.schema import prepare
from rag.errors import ArchiveError

FILE = "archive.sqlite"
BUSY_MS = 30_000
RETRY = 0.01  # seconds
STATES_KEPT = 5_000


def connect(folder: Path, *, create: bool = False) -> sqlite3.Connection:
    """A connection to the archive in ``folder``, in autocommit mode with explicit transactions.

    Raises:
        ArchiveError: there is no archive there (and ``create`` is False), or it cannot be opened.
    """
    path = folder / FILE
    if not create and not path.exists():
        raise ArchiveError(
            "{folder} 里还没有档案。先运行：python -m rag ingest 文件或文件夹 --archive {folder}", folder=folder
        )
    try:
        if create:
            folder.mkdir(parents=True, exist_ok=True)
        return _open(path, create)
    except sqlite3.DatabaseError as error:
        raise ArchiveError(
            "无法打开档案 {path}（{error}）。请检查读写权限；如已损坏，请用备份替换该文件。", path=path, error=error
        ) from error
    except OSError as error:
        raise ArchiveError(
            "无法建立档案文件夹 {folder}（{strerror}）。请检查磁盘空间和写入权限。",
            folder=folder,
            strerror=error.strerror,
        ) from error


def _open(path: Path, create: bool) -> sqlite3.Connection:
    try:
        return _configured(path, "mode=rwc" if create else "mode=rw", create)
    except sqlite3.OperationalError as error:
        # In a folder that cannot be written, SQLite cannot make the files beside the archive that it wants for reading.
        # Where nobody has left such files, nobody is writing, and it can be read without them.
        refused = error.sqlite_errorname.startswith(("SQLITE_CANTOPEN", "SQLITE_READONLY"))
        if create or not refused or path.with_name(FILE + "-wal").exists():
            raise
        return _configured(path, "mode=ro&immutable=1", create)


def _configured(path: Path, mode: str, create: bool) -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?{mode}",
        uri=True,
        timeout=BUSY_MS / 1000,
        isolation_level=None,
        check_same_thread=False,
    )
    try:
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA cache_size = -65536")
        if create:
            _write_ahead(connection)
        prepare(connection, str(path), create=create)
    except BaseException:
        connection.close()
        raise
    return connection


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Sets the journal's mode; SQLite gives up at once where another connection does the same, so we wait ourselves."""
    deadline = time.monotonic() + BUSY_MS / 1000
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if not error.sqlite_errorname.startswith("SQLITE_BUSY") or time.monotonic() > deadline:
                raise
            time.sleep(RETRY)


@contextmanager
def transaction(connection: sqlite3.Connection, *, contents: bool = True) -> Iterator[None]:
    """All or nothing. A change of ``contents`` raises the archive's generation, so that readers notice.

    Raises:
        ArchiveError: another process keeps the archive locked, or the disk refuses.
    """
    try:
        connection.execute("BEGIN IMMEDIATE")
    except sqlite3.DatabaseError as error:
        others = holders(_folder(connection))
        busy = f"正在写入的是{others}。" if others else "如果另一个程序正在写入，"
        raise ArchiveError(
            "现在无法写入档案（{error}）。{busy}请等它结束后再试；否则请检查写入权限。", error=error, busy=busy
        ) from error
    try:
        yield
        if contents:
            connection.execute("UPDATE meta SET value = CAST(value AS INTEGER) + 1 WHERE key = 'generation'")
            # A copy restored from a backup may reach the same generation with other contents; not the same state.
            connection.execute("INSERT OR REPLACE INTO meta VALUES ('state', lower(hex(randomblob(8))))")
            _remember_state(connection)
        connection.execute("COMMIT")
    except BaseException as error:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        if isinstance(error, sqlite3.DatabaseError):
            raise ArchiveError(
                "写入档案失败（{error}），档案保持原样。请检查磁盘空间和写入权限。", error=error
            ) from error
        raise


def _folder(connection: sqlite3.Connection) -> Path:
    return Path(connection.execute("PRAGMA database_list").fetchone()[2]).parent


def _remember_state(connection: sqlite3.Connection) -> None:
    """Keeps the last states by generation: what derives from one of them can be brought up to date, not made anew."""
    connection.execute(
        "INSERT OR REPLACE INTO meta SELECT 'state:' || g.value, s.value FROM meta g, meta s"
        " WHERE g.key = 'generation' AND s.key = 'state'"
    )
    connection.execute(
        "DELETE FROM meta WHERE key = (SELECT 'state:' || (value - ?) FROM meta WHERE key = 'generation')",
        (STATES_KEPT,),
    )
