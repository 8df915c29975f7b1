"""Versions, migrations, and files that are no archive."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from rag.archive import schema
from rag.archive.connect import FILE, connect, transaction
from rag.archive.reader import Archive
from rag.errors import ArchiveError


def version(folder: Path) -> int:
    connection = sqlite3.connect(folder / FILE)
    try:
        return int(connection.execute("PRAGMA user_version").fetchone()[0])
    finally:
        connection.close()


def tables(folder: Path) -> set[str]:
    connection = sqlite3.connect(folder / FILE)
    try:
        return {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    finally:
        connection.close()


def test_a_new_archive_has_the_present_version_and_all_tables(tmp_path: Path) -> None:
    connect(tmp_path, create=True).close()
    assert version(tmp_path) == schema.VERSION
    assert {"meta", "sources", "removals", "speeches", "passages", "words", "pairs", "corrections"} <= tables(tmp_path)


def test_a_newer_archive_is_left_alone(tmp_path: Path) -> None:
    connect(tmp_path, create=True).close()
    connection = sqlite3.connect(tmp_path / FILE)
    connection.execute(f"PRAGMA user_version = {schema.VERSION + 1}")
    connection.close()
    before = (tmp_path / FILE).read_bytes()
    for create in (False, True):
        with pytest.raises(ArchiveError, match=f"版本 {schema.VERSION + 1}，本程序支持到 {schema.VERSION}.*升级"):
            connect(tmp_path, create=create)
    assert (tmp_path / FILE).read_bytes() == before


def test_another_programs_database_is_left_alone(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / FILE)
    connection.execute("CREATE TABLE letters (id)")
    connection.commit()
    connection.close()
    for create in (False, True):
        with pytest.raises(ArchiveError, match="不是言据档案"):
            connect(tmp_path, create=create)
    assert tables(tmp_path) == {"letters"}


@pytest.mark.parametrize("read", ["PRAGMA application_id", "SELECT count(*) FROM sqlite_master", "PRAGMA user_version"])
def test_an_archive_that_appears_while_it_is_looked_at_is_no_other_programs(tmp_path: Path, read: str) -> None:
    """Another process may create the tables between two of our looks at the file."""
    path = tmp_path / FILE
    ours = sqlite3.connect(path, isolation_level=None)
    ours.execute("PRAGMA journal_mode = WAL")
    created = []

    def create_elsewhere(statement: str) -> None:
        if statement == read and not created:
            created.append(statement)
            connect(tmp_path, create=True).close()

    ours.set_trace_callback(create_elsewhere)
    schema.prepare(ours, str(path))
    ours.set_trace_callback(None)
    assert created == [read]
    assert "speeches" in tables(tmp_path)
    assert version(tmp_path) == schema.VERSION
    ours.close()


def test_an_older_archive_is_brought_up_to_date_and_keeps_its_data(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    connection = connect(tmp_path, create=True)
    with transaction(connection):
        connection.execute("INSERT INTO meta VALUES ('kept', 'yes')")
    connection.close()
    following = schema.VERSION + 1
    script = "CREATE TABLE baskets (id INTEGER PRIMARY KEY, note TEXT DEFAULT ';'); CREATE TABLE shelves (id INTEGER);"
    monkeypatch.setattr(schema, "VERSION", following)
    monkeypatch.setattr(schema, "MIGRATIONS", {**schema.MIGRATIONS, following: script})
    connection = connect(tmp_path)
    assert connection.execute("SELECT value FROM meta WHERE key = 'kept'").fetchone() == ("yes",)
    connection.close()
    assert version(tmp_path) == following
    assert {"baskets", "shelves"} <= tables(tmp_path)


@pytest.fixture
def second(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An archive as programs of version 2 made it."""
    with monkeypatch.context() as older:
        older.setattr(schema, "VERSION", 2)
        connection = connect(tmp_path, create=True)
    with transaction(connection):
        connection.execute("INSERT INTO meta VALUES ('kept', 'yes')")
    connection.close()
    assert "quarantine" not in tables(tmp_path)
    return tmp_path


@pytest.mark.parametrize("create", [False, True])
def test_an_archive_of_version_2_gets_a_quarantine(second: Path, create: bool) -> None:
    connection = connect(second, create=create)
    assert connection.execute("SELECT value FROM meta WHERE key = 'kept'").fetchone() == ("yes",)
    connection.close()
    assert version(second) == 3
    with closing(sqlite3.connect(second / FILE)) as connection:
        columns = [row[1:4] for row in connection.execute("PRAGMA table_info (quarantine)")]
        (statement,) = connection.execute("SELECT sql FROM sqlite_master WHERE name = 'quarantine'").fetchone()
    assert columns == [
        ("id", "INTEGER", 0), ("path", "TEXT", 1), ("name", "TEXT", 1), ("sha256", "TEXT", 1), ("mark", "TEXT", 1),
        ("bytes", "BLOB", 1), ("added", "TEXT", 1),
    ]  # fmt: skip
    assert "AUTOINCREMENT" in statement
    assert "sha256 TEXT NOT NULL UNIQUE" in statement


def read_only(path: str) -> sqlite3.Connection:
    """As `connect` opens an archive in a folder that cannot be written."""
    return sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True, isolation_level=None)


def test_an_archive_of_version_2_that_cannot_be_written_is_read_as_it_is(
    second: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = connect

    def connected(folder: Path) -> sqlite3.Connection:
        connection = read_only(str(folder / FILE))
        schema.prepare(connection, "archive", create=False)
        return connection

    monkeypatch.setattr("rag.archive.passages.connect", connected)
    archive = Archive(second)
    assert archive.meta("kept") == "yes"
    assert archive.held() == []
    archive.close()
    assert version(second) == 2
    opened(second).close()
    assert version(second) == 3


def test_what_reading_needs_must_be_there_and_writers_need_it_all(second: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    connection = read_only(str(second / FILE))
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        schema.prepare(connection, "archive", create=True)
    monkeypatch.setattr(schema, "READABLE", 3)
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        schema.prepare(connection, "archive", create=False)
    connection.close()


def test_a_migration_that_fails_leaves_the_older_archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    connect(tmp_path, create=True).close()
    present = schema.VERSION
    monkeypatch.setattr(schema, "VERSION", present + 1)
    broken = {**schema.MIGRATIONS, present + 1: "CREATE TABLE baskets (id); CREATE TABLE meta (id);"}
    monkeypatch.setattr(schema, "MIGRATIONS", broken)
    with pytest.raises(ArchiveError, match="无法打开档案"):
        connect(tmp_path)
    assert version(tmp_path) == present
    assert "baskets" not in tables(tmp_path)


def test_a_migration_that_another_process_has_just_done_is_not_done_twice(tmp_path: Path) -> None:
    """The other process creates the tables between our look at the version and our transaction."""
    connection = sqlite3.connect(tmp_path / FILE, isolation_level=None)

    class Slow:
        """A connection on which somebody else is faster once."""

        raced = False

        def execute(self, sql: str) -> sqlite3.Cursor:
            if sql.startswith("BEGIN") and not self.raced:
                self.raced = True
                connect(tmp_path, create=True).close()
            return connection.execute(sql)

    schema.prepare(Slow(), "archive")  # type: ignore[arg-type]
    assert connection.execute("SELECT count(*) FROM meta WHERE key = 'generation'").fetchone() == (1,)
    connection.close()
