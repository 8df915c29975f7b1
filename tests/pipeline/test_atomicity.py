"""Nothing is half-written, whoever dies or refuses, and two processes at once do no harm."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from fakes import fail_after, filler, ingester, speech, write

from rag.archive.connect import FILE
from rag.archive.reader import Archive
from rag.archive.writer import Writer
from rag.config import ROOT
from rag.errors import ArchiveError
from rag.pipeline.run import Ingester
from rag.text.words import Analyzer

ONE = speech("信息工作讲话", filler("信息"))
TWO = speech("安全工作讲话", filler("安全", 60))


@pytest.fixture
def put(tmp_path: Path, analyzer: Analyzer) -> Ingester:
    return ingester(tmp_path / "archive", analyzer)


def contents(folder: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table, and a sound file."""
    connection = sqlite3.connect(folder / FILE)
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    for table in ("words", "pairs"):
        connection.execute(f"INSERT INTO {table} ({table}) VALUES ('integrity-check')")
    tables = (
        "meta",
        "sources",
        "removals",
        "speeches",
        "passages",
        "words",
        "pairs",
        "corrections",
        "retired",
        "audit",
        "quarantine",
    )
    rows = {table: connection.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall() for table in tables[:1]}
    rows |= {table: connection.execute(f"SELECT * FROM {table} ORDER BY 1").fetchall() for table in tables[1:]}
    connection.rollback()
    connection.close()
    return rows


@pytest.mark.parametrize("step", ["_put_speech", "_put_passage", "_delete_contents", "_reapply_corrections", "audit"])
@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt, sqlite3.OperationalError])
def test_a_step_that_raises_leaves_the_archive_as_it_was(
    put: Ingester, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, error: type[BaseException]
) -> None:
    path = write(tmp_path / "a.txt", ONE)
    (speech_id,) = put.ingest_file(path).speech_ids
    put.writer.correct(speech_id, "speaker", "张三")
    before = contents(put.writer.folder)
    fail_after(monkeypatch, step, error)
    expected = ArchiveError if error is sqlite3.OperationalError else error
    with pytest.raises(expected, match="disk I/O error"):
        put.ingest_file(write(path, TWO))
    assert contents(put.writer.folder) == before
    monkeypatch.undo()
    assert put.ingest_file(path).status == "updated"


def test_a_full_disk_leaves_the_archive_as_it_was(put: Ingester, tmp_path: Path) -> None:
    put.ingest_file(write(tmp_path / "a.txt", ONE))
    before = contents(put.writer.folder)
    (pages,) = put.writer.db.execute("PRAGMA page_count").fetchone()
    put.writer.db.execute(f"PRAGMA max_page_count = {pages + 1}")
    with pytest.raises(ArchiveError, match=r"full.*档案保持原样.*磁盘空间"):
        put.ingest_file(write(tmp_path / "b.txt", TWO))
    assert contents(put.writer.folder) == before
    put.writer.db.execute("PRAGMA max_page_count = 1000000")
    assert put.ingest_file(tmp_path / "b.txt").status == "added"


KILLED = """
import os, signal, sys
from pathlib import Path
sys.path.insert(0, {tests!r})
from fakes import FakeEncoder
from rag.archive.writer import Writer
from rag.pipeline.run import Ingester
from rag.text.words import Analyzer
Writer.{step} = lambda self, *args: os.kill(os.getpid(), signal.SIGKILL)
Ingester.open(Path({folder!r}), FakeEncoder(), Analyzer()).ingest_file(Path({path!r}))
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs SIGKILL")
def test_a_process_that_is_killed_leaves_the_archive_as_it_was(put: Ingester, tmp_path: Path) -> None:
    path = write(tmp_path / "a.txt", ONE)
    put.ingest_file(path)
    put.writer.close()
    before = contents(put.writer.folder)
    write(path, TWO)
    program = KILLED.format(
        tests=str(Path(__file__).parents[1]), folder=str(put.writer.folder), path=str(path), step="_reapply_corrections"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, cwd=ROOT, timeout=60)
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert contents(put.writer.folder) == before
    again = ingester(put.writer.folder, put.analyzer)
    assert again.ingest_file(path).status == "updated"
    assert [one.title for one in Archive(put.writer.folder).speeches()] == ["安全工作讲话"]


def test_two_ingesting_the_same_files_at_once_agree(tmp_path: Path, analyzer: Analyzer) -> None:
    """As two processes would: each with its own connections. Both look before either has written."""
    paths = [write(tmp_path / "in" / f"{n}.txt", speech(f"第{n}次讲话", filler("信息", 8 + n))) for n in range(6)]
    both_looked = threading.Barrier(2)
    reports, failures = [], []

    def run() -> None:
        one = ingester(tmp_path / "archive", analyzer)
        real = one.writer.known
        looked = False

        def known(info: object) -> object:
            nonlocal looked
            found = real(info)  # type: ignore[arg-type]
            if not looked:
                looked = True
                both_looked.wait(20)
            return found

        one.writer.known = known  # type: ignore[method-assign, assignment]
        try:
            reports.append(one.ingest_paths(paths))
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert [[one.speech_ids for one in report.files] for report in reports[:1]] == [
        [one.speech_ids for one in report.files] for report in reports[1:]
    ]
    archive = Archive(tmp_path / "archive")
    assert (archive.count("sources"), archive.count("speeches")) == (6, 6)
    contents(tmp_path / "archive")


def test_a_writer_that_finds_the_archive_locked_says_so_and_loses_nothing(
    put: Ingester, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put.ingest_file(write(tmp_path / "a.txt", ONE))
    before = contents(put.writer.folder)
    put.writer.db.execute("PRAGMA busy_timeout = 50")
    other = Writer(put.writer.folder)
    other.db.execute("BEGIN IMMEDIATE")
    with pytest.raises(ArchiveError, match="另一个程序"):
        put.ingest_file(write(tmp_path / "b.txt", TWO))
    other.db.execute("ROLLBACK")
    assert contents(put.writer.folder) == before
    assert put.ingest_file(tmp_path / "b.txt").status == "added"


def test_ids_are_the_same_in_an_archive_made_elsewhere(tmp_path: Path, analyzer: Analyzer) -> None:
    made = [
        ingester(tmp_path / folder / "archive", analyzer)
        .ingest_file(write(tmp_path / folder / "讲话.txt", ONE))
        .speech_ids
        for folder in ("one", os.path.join("two", "deeper"))
    ]
    assert made[0] == made[1]
