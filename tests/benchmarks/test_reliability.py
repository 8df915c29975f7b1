"""The reliability harnesses in short: a few kills, a few readers, and that they see a fault where there is one."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import sys
from pathlib import Path

import pytest
from fakes import filler, speech, write

from benchmarks.reliability.__main__ import put_section
from benchmarks.reliability.crowd import Rhythm, crowd
from benchmarks.reliability.disk import full_disk, read_only, torn_index
from benchmarks.reliability.kill import Expected, kill
from benchmarks.reliability.state import is_new, source_states, whole_state
from rag.archive.connect import FILE
from rag.encoder.load import load_encoder
from rag.pipeline.run import Ingester
from rag.text.words import Analyzer

SUBJECTS = ("信息", "会议", "安全", "作风", "督查", "信访")
pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs POSIX signals and limits")


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sources")
    for n, subject in enumerate(SUBJECTS):
        write(folder / f"{n}.txt", speech(f"在{subject}工作会议上的讲话", filler(subject, 40), filler("基层", 20 + n)))
    return folder


@pytest.fixture
def archive(sources: Path, tmp_path: Path, analyzer: Analyzer) -> Path:
    with Ingester.open(tmp_path / "archive", load_encoder(), analyzer) as one:
        one.ingest_paths([sources])
        one.writer.close()
    return tmp_path / "archive"


def test_killed_runs_leave_whole_files_and_finish_alike(sources: Path, analyzer: Analyzer) -> None:
    out = kill(sources, times=3, workers=1, seed=1, encoder=load_encoder(), analyzer=analyzer)
    assert out.faults == []
    assert len(out.left) == 3
    assert all(one.opened for one in out.left)
    assert out.compared >= 1
    assert "| **all** | 3 |" in out.table()[-1]


def test_a_full_disk(sources: Path, analyzer: Analyzer) -> None:
    lines, faults = full_disk(sources, load_encoder(), analyzer, steps=2)
    assert faults == []
    assert "status 2" in lines[0]


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the superuser cannot be held to permissions")
def test_a_folder_that_may_only_be_read(sources: Path, analyzer: Analyzer) -> None:
    lines, faults = read_only(sources, load_encoder(), analyzer)
    assert faults == []
    assert "status 2" in lines[0]


def test_torn_index_files(sources: Path, analyzer: Analyzer) -> None:
    lines, faults = torn_index(sources, load_encoder(), analyzer)
    assert faults == []
    assert len(lines) >= 10


def test_readers_beside_an_ingestion(sources: Path, analyzer: Analyzer) -> None:
    texts = [path.read_text(encoding="utf-8") for path in sorted(sources.glob("*.txt"))]
    out = crowd(texts, 2, Rhythm(rest=3, busy=2, seconds=9), 0.05, load_encoder(), analyzer)
    assert out.faults == []
    assert out.files > 0
    assert out.looks > 0


def test_a_half_file_is_seen(archive: Path, analyzer: Analyzer) -> None:
    expected = Expected.of(archive, load_encoder(), analyzer)
    assert expected.of_a_part(archive, analyzer) == []
    assert expected.of_the_whole(archive, load_encoder(), analyzer) == []
    db = sqlite3.connect(archive / FILE)
    db.execute("UPDATE passages SET page = 99 WHERE id = (SELECT max(id) FROM passages)")
    db.commit()
    db.close()
    assert any("not as in an undisturbed run" in fault for fault in expected.of_a_part(archive, analyzer))
    assert "table passages differs" in expected.of_the_whole(archive, load_encoder(), analyzer)


def test_states_ignore_the_time_of_day_only(archive: Path, sources: Path, tmp_path: Path, analyzer: Analyzer) -> None:
    with Ingester.open(tmp_path / "again", load_encoder(), analyzer) as one:
        one.ingest_paths([sources])
        one.writer.db.execute("UPDATE sources SET added_at = '2001-01-01'")
        one.writer.close()
    assert whole_state(tmp_path / "again") == whole_state(archive)
    assert source_states(tmp_path / "again") == source_states(archive)
    assert is_new(tmp_path / "none")
    shutil.copytree(archive, tmp_path / "copy")
    os.truncate(tmp_path / "copy" / FILE, 0)
    assert is_new(tmp_path / "copy")


def test_a_section_of_the_report_is_replaced_and_the_rest_stays(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# Title\n\nText.\n\n## First\n\nold\n\n## Other\n\nkept\n", encoding="utf-8")
    put_section(page, "First", "new\n")
    put_section(page, "Last", "added")
    assert page.read_text(encoding="utf-8") == (
        "# Title\n\nText.\n\n## First\n\nnew\n\n## Other\n\nkept\n\n## Last\n\nadded\n"
    )
