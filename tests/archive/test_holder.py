"""Whoever finds the archive locked is told by whom and since when."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from rag.archive.connect import connect, transaction
from rag.archive.holder import PREFIX, holders, noted
from rag.config import ROOT
from rag.errors import ArchiveError

WRITING = """
import sys
from pathlib import Path
from rag.archive.connect import connect, transaction
from rag.archive.holder import noted
folder = Path(sys.argv[1])
with noted(folder), transaction(connect(folder, create=True)):
    print("writing", flush=True)
    sys.stdin.read()
"""


def note(folder: Path, pid: int, host: str = "", since: str = "2026-01-02T03:04:05+08:00") -> Path:
    path = folder / f"{PREFIX}{host or 'here'}-{pid}.json"
    path.write_text(json.dumps({"pid": pid, "host": host or socket.gethostname(), "since": since}), encoding="utf-8")
    return path


def test_a_locked_archive_names_the_process_that_writes(tmp_path: Path) -> None:
    connection = connect(tmp_path, create=True)
    connection.execute("PRAGMA busy_timeout = 50")
    command = [sys.executable, "-c", WRITING, str(tmp_path)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "writing\n"
        with pytest.raises(ArchiveError) as refused, transaction(connection):
            pytest.fail("two at once")
        assert re.search(rf"正在写入的是进程 {other.pid}（自 \d{{4}}-\d\d-\d\d \d\d:\d\d:\d\d 起）", str(refused.value))
        other.communicate("")
    with transaction(connection):
        assert holders(tmp_path) == ""


def test_ones_own_note_is_not_told_and_goes_away(tmp_path: Path) -> None:
    with noted(tmp_path):
        assert len(list(tmp_path.glob(PREFIX + "*"))) == 1
        assert holders(tmp_path) == ""
    assert list(tmp_path.glob(PREFIX + "*")) == []


@pytest.mark.skipif(sys.platform == "win32", reason="there nobody can be asked whether a process runs")
def test_notes_of_killed_processes_are_swept(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as gone:
        gone.wait()
    stale = note(tmp_path, gone.pid)
    assert holders(tmp_path) == ""
    with noted(tmp_path):
        assert not stale.exists()


def test_another_computers_process_is_named_with_it(tmp_path: Path) -> None:
    note(tmp_path, 7, host="pc-2")
    assert holders(tmp_path) == "进程 7（自 2026-01-02 03:04:05 起，在 pc-2 上）"


@pytest.mark.parametrize("torn", ["", "{", "[]", '{"pid": "x"}', '{"pid": 1, "host": "a", "since": "yesterday"}'])
def test_torn_notes_tell_nothing(tmp_path: Path, torn: str) -> None:
    (tmp_path / f"{PREFIX}a-1.json").write_text(torn, encoding="utf-8")
    assert holders(tmp_path) == ""


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="the superuser may write everywhere")
def test_a_folder_that_cannot_be_written_is_no_error_here(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with noted(tmp_path):
        pass
    tmp_path.chmod(0o700)
