"""Files leave the quarantine with the transaction that puts them into the archive, or not at all."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from fakes import FakeEncoder, fail_after, filler, ingester, speech, write

from rag.archive.connect import FILE
from rag.archive.reader import Archive
from rag.config import ROOT
from rag.errors import ArchiveError, UsageError
from rag.pipeline.limits import FileLimits
from rag.pipeline.run import Ingester
from rag.text.words import Analyzer

OPEN = speech("信息工作讲话", filler("信息"))
MARKED = "机密★1年\n" + speech("安全工作讲话", filler("安全"))
TABLES = ("sources", "speeches", "passages", "words", "removals", "retired", "audit", "quarantine", "meta")


def contents(folder: Path) -> dict[str, list[tuple[object, ...]]]:
    with closing(sqlite3.connect(folder / FILE)) as db:
        return {table: sorted(db.execute(f"SELECT * FROM {table}").fetchall(), key=repr) for table in TABLES}


def titles(put: Ingester) -> list[str]:
    return [one.title for one in Archive(put.writer.folder).speeches()]


def actions(put: Ingester) -> list[str]:
    return [row[0] for row in put.writer.db.execute("SELECT action FROM audit ORDER BY id")]


@pytest.fixture
def put(tmp_path: Path, analyzer: Analyzer) -> Ingester:
    """An archive that holds `in/a.txt` in its quarantine, as number 1."""
    one = ingester(tmp_path / "archive", analyzer)
    one.ingest_file(write(tmp_path / "in" / "a.txt", MARKED))
    return one


def test_a_released_file_goes_in_under_its_name_and_path(put: Ingester, tmp_path: Path) -> None:
    path = (tmp_path / "in" / "a.txt").resolve()
    path.unlink()
    (report,) = put.release([1]).files
    assert (report.file, report.status, report.speeches) == (path.as_posix(), "added", 1)
    assert report.notes[0] == "文件开头标有「机密★1年」，已按要求放行。"
    assert put.writer.db.execute("SELECT path, name, folder, bytes FROM sources").fetchall() == [
        (path.as_posix(), "a.txt", "in", MARKED.encode())
    ]
    assert titles(put) == ["安全工作讲话"]
    assert Archive(put.writer.folder).held() == []
    assert actions(put) == ["quarantine", "add", "release"]


def test_a_released_file_is_unchanged_when_it_comes_again(put: Ingester, tmp_path: Path) -> None:
    put.release([1])
    assert put.ingest_file(tmp_path / "in" / "a.txt").status == "unchanged"
    assert Archive(put.writer.folder).held() == []


def test_an_upload_is_released_as_one(put: Ingester) -> None:
    put.ingest_upload("b.txt", ("绝密\n" + OPEN).encode())
    (report,) = put.release([2]).files
    assert (report.file, report.status) == ("b.txt", "added")
    assert put.writer.db.execute("SELECT path, folder FROM sources").fetchall() == [("upload:b.txt", "")]


def test_a_file_that_had_become_marked_replaces_its_speeches(put: Ingester, tmp_path: Path) -> None:
    put.ingest_file(write(tmp_path / "in" / "b.txt", OPEN))
    put.ingest_file(write(tmp_path / "in" / "b.txt", "秘密★1年\n" + OPEN.replace("信息", "会议")))
    assert titles(put) == ["信息工作讲话"]
    assert put.release([2]).files[0].status == "updated"
    assert titles(put) == ["会议工作讲话"]


def test_several_are_released_once_each_and_the_others_stay(put: Ingester) -> None:
    for n in range(3):
        put.ingest_upload(f"{n}.txt", ("内部资料\n" + speech(f"第{n}次讲话", filler("信息", 6 + n))).encode())
    seen: list[tuple[int, int, str]] = []
    report = put.release([4, 2, 4], lambda n, total, one: seen.append((n, total, one.file)))
    assert [one.file for one in report.files] == ["2.txt", "0.txt"]
    assert seen == [(1, 2, "2.txt"), (2, 2, "0.txt")]
    assert [one.id for one in Archive(put.writer.folder).held()] == [1, 3]


def test_an_unknown_number_changes_nothing(put: Ingester) -> None:
    before = contents(put.writer.folder)
    with pytest.raises(UsageError, match="没有编号为 9 的文件"):
        put.release([1, 9])
    assert contents(put.writer.folder) == before


@pytest.mark.parametrize("step", ["_put_speech", "_put_passage", "_note_release", "audit"])
@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt, sqlite3.OperationalError])
def test_a_release_that_fails_leaves_both_as_they_were(
    put: Ingester, monkeypatch: pytest.MonkeyPatch, step: str, error: type[BaseException]
) -> None:
    before = contents(put.writer.folder)
    fail_after(monkeypatch, step, error)
    expected = ArchiveError if error is sqlite3.OperationalError else error
    with pytest.raises(expected, match="disk I/O error"):
        put.release([1])
    assert contents(put.writer.folder) == before
    monkeypatch.undo()
    assert put.release([1]).files[0].status == "added"


KILLED = """
import os, signal, sys
from pathlib import Path
sys.path.insert(0, {tests!r})
from fakes import FakeEncoder
from rag.archive import writer
from rag.pipeline.run import Ingester
from rag.text.words import Analyzer
real = writer.Writer._note_release
def killed(self, *args):
    real(self, *args)
    os.kill(os.getpid(), signal.SIGKILL)
writer.Writer._note_release = killed
Ingester.open(Path({folder!r}), FakeEncoder(), Analyzer()).release([1])
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs SIGKILL")
def test_a_release_that_is_killed_leaves_both_as_they_were(put: Ingester) -> None:
    put.writer.close()
    before = contents(put.writer.folder)
    program = KILLED.format(tests=str(Path(__file__).parents[1]), folder=str(put.writer.folder))
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, cwd=ROOT, timeout=60)
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert contents(put.writer.folder) == before
    assert ingester(put.writer.folder, put.analyzer).release([1]).files[0].status == "added"


def test_a_file_that_breaks_its_limits_stays_held(put: Ingester) -> None:
    before = contents(put.writer.folder)
    limited = Ingester(put.writer, FakeEncoder(), put.analyzer, workers=1, limits=FileLimits(seconds=0.0))
    with limited:
        (report,) = limited.release([1]).files
    assert (report.status, report.reason) == ("failed", "timeout")
    assert contents(put.writer.folder) == before


def test_a_file_that_was_altered_in_the_quarantine_stays_there(put: Ingester) -> None:
    put.writer.db.execute("UPDATE quarantine SET bytes = ?", (OPEN.encode(),))
    before = contents(put.writer.folder)
    (report,) = put.release([1]).files
    assert (report.status, report.reason) == ("failed", "damaged")
    assert "与存入时不一致" in str(report.message)
    assert contents(put.writer.folder) == before
