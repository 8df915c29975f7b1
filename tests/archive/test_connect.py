"""Opening, locking, and what happens to an archive that cannot be used."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from rag.archive import connect as module
from rag.archive.connect import FILE, _write_ahead, connect, transaction
from rag.archive.reader import Archive
from rag.archive.writer import Writer
from rag.errors import ArchiveError


def generation(folder: Path) -> int:
    return Archive(folder).generation


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that any user can reach, unlike pytest's."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


def test_reading_where_nothing_is_says_how_to_begin(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match=r"还没有档案.*python -m rag ingest"):
        connect(tmp_path / "none")
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("create", [False, True])
def test_garbage_is_refused_and_kept(tmp_path: Path, create: bool) -> None:
    garbage = b"not a database at all" * 300
    (tmp_path / FILE).write_bytes(garbage)
    with pytest.raises(ArchiveError, match=r"无法打开档案.*备份"):
        connect(tmp_path, create=create)
    assert (tmp_path / FILE).read_bytes() == garbage


def test_reading_an_emptied_file_does_not_make_an_empty_archive_of_it(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"")
    with pytest.raises(ArchiveError, match=r"是空的.*备份"):
        Archive(tmp_path)
    assert (tmp_path / FILE).read_bytes() == b""


def test_a_truncated_archive_is_refused(tmp_path: Path) -> None:
    connect(tmp_path, create=True).close()
    whole = (tmp_path / FILE).read_bytes()
    (tmp_path / FILE).write_bytes(whole[: len(whole) // 2 - 100])
    with pytest.raises(ArchiveError, match="无法打开档案"):
        connect(tmp_path).execute("SELECT * FROM meta").fetchall()


def test_a_file_where_the_folder_should_be(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(ArchiveError, match="还没有档案"):
        connect(tmp_path / "file")
    with pytest.raises(ArchiveError, match="无法建立档案文件夹"):
        connect(tmp_path / "file", create=True)


def test_a_transaction_raises_the_generation_by_one_and_changes_the_state(tmp_path: Path) -> None:
    writer = Writer(tmp_path)
    states = []
    for expected in (1, 2):
        with transaction(writer.db):
            pass
        assert generation(tmp_path) == expected
        states.append(Archive(tmp_path).meta("state"))
    assert states[0] != states[1]


def test_a_transaction_that_raises_changes_nothing(tmp_path: Path) -> None:
    writer = Writer(tmp_path)
    with pytest.raises(KeyError), transaction(writer.db):  # noqa: PT012
        writer.audit("x", "y", "z")
        raise KeyError("bug")
    assert writer.db.execute("SELECT count(*) FROM audit").fetchone() == (0,)
    assert generation(tmp_path) == 0


def test_an_interrupt_inside_a_transaction_changes_nothing(tmp_path: Path) -> None:
    writer = Writer(tmp_path)
    with pytest.raises(KeyboardInterrupt), transaction(writer.db):  # noqa: PT012
        writer.audit("x", "y", "z")
        raise KeyboardInterrupt
    assert writer.db.execute("SELECT count(*) FROM audit").fetchone() == (0,)
    assert not writer.db.in_transaction


def test_a_full_disk_is_a_clear_error_and_the_archive_stays(tmp_path: Path) -> None:
    writer = Writer(tmp_path)
    (pages,) = writer.db.execute("PRAGMA page_count").fetchone()
    writer.db.execute(f"PRAGMA max_page_count = {pages + 2}")
    with pytest.raises(ArchiveError, match=r"写入档案失败.*full.*磁盘空间"), transaction(writer.db):
        writer.audit("x", "y", "z" * 200_000)
    assert writer.db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert writer.db.execute("SELECT count(*) FROM audit").fetchone() == (0,)
    assert generation(tmp_path) == 0


def test_a_constraint_that_fails_is_an_archive_error(tmp_path: Path) -> None:
    writer = Writer(tmp_path)
    with pytest.raises(ArchiveError, match="档案保持原样"), transaction(writer.db):
        writer.db.execute("INSERT INTO meta VALUES ('generation', '7')")
    assert generation(tmp_path) == 0


def test_a_second_writer_waits_for_the_first(tmp_path: Path) -> None:
    first, second = Writer(tmp_path), Writer(tmp_path)
    began = threading.Event()

    def hold() -> None:
        with transaction(first.db):
            first.audit("first", "", "")
            began.set()
            time.sleep(0.3)

    thread = threading.Thread(target=hold)
    thread.start()
    began.wait()
    with transaction(second.db):
        second.audit("second", "", "")
    thread.join()
    assert [row[0] for row in second.db.execute("SELECT action FROM audit ORDER BY id")] == ["first", "second"]
    assert generation(tmp_path) == 2


def test_a_writer_that_waits_too_long_gets_a_clear_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = Writer(tmp_path)
    monkeypatch.setattr(module, "BUSY_MS", 50)
    second = Writer(tmp_path)
    with transaction(first.db):
        with pytest.raises(ArchiveError, match=r"现在无法写入.*locked.*另一个程序"), transaction(second.db):
            pass
        first.audit("kept", "", "")
    assert generation(tmp_path) == 1


def test_a_reader_is_not_held_up_by_a_writer(tmp_path: Path) -> None:
    writer = Writer(tmp_path)
    with transaction(writer.db):
        writer.audit("half", "", "")
        archive = Archive(tmp_path)
        assert archive.generation == 0
        assert archive.db.execute("SELECT count(*) FROM audit").fetchone() == (0,)


def test_many_processes_can_create_one_archive_at_once(tmp_path: Path) -> None:
    failures: list[Exception] = []

    def create() -> None:
        try:
            writer = Writer(tmp_path)
            with transaction(writer.db):
                writer.audit("hello", "", "")
            writer.close()
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=create) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert generation(tmp_path) == 8


def test_an_archive_that_another_one_is_just_setting_up_is_waited_for(tmp_path: Path) -> None:
    """SQLite itself does not wait for the lock that the change to a write-ahead log takes."""
    other = sqlite3.connect(tmp_path / FILE, isolation_level=None, check_same_thread=False)
    other.execute("CREATE TABLE held (n)")
    other.execute("BEGIN IMMEDIATE")
    other.execute("INSERT INTO held VALUES (1)")
    waiting = sqlite3.connect(tmp_path / FILE, isolation_level=None, timeout=0.0)
    release = threading.Timer(0.3, lambda: other.execute("ROLLBACK"))
    release.start()
    _write_ahead(waiting)
    release.join()
    assert waiting.execute("PRAGMA journal_mode").fetchone() == ("wal",)


@pytest.mark.skipif(not hasattr(os, "seteuid"), reason="needs POSIX users")
def test_an_archive_in_a_folder_that_cannot_be_written_can_be_read(open_folder: Path) -> None:
    writer = Writer(open_folder)
    with transaction(writer.db):
        writer.audit("kept", "", "")
    writer.close()
    assert sorted(path.name for path in open_folder.iterdir()) == [FILE]
    open_folder.chmod(0o555)
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    try:
        archive = Archive(open_folder)
        assert archive.db.execute("SELECT action FROM audit").fetchall() == [("kept",)]
        with pytest.raises(ArchiveError, match="权限"), transaction(Writer(open_folder).db):
            pass
    finally:
        if root:
            os.seteuid(0)


def test_a_folder_that_cannot_be_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object, **kwargs: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(ArchiveError, match=r"No space left on device.*磁盘空间"):
        connect(tmp_path / "new", create=True)


def test_deleting_the_file_after_the_look_does_not_make_a_new_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "exists", lambda path: path.name == FILE)
    with pytest.raises(ArchiveError, match="无法打开档案"):
        connect(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_sqlite_checks_what_it_reads(tmp_path: Path) -> None:
    """Foreign keys are on in every connection: a passage without its speech cannot be."""
    writer = Writer(tmp_path)
    with pytest.raises(sqlite3.IntegrityError):
        writer.db.execute(
            "INSERT INTO passages (speech, start, \"end\", section, sentences, content_hash) VALUES (9, 0, 1, '', '', '')"
        )
