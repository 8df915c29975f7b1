"""Files with a mark of secrecy are held until somebody lets them in, and the audit log says both."""

from __future__ import annotations

from pathlib import Path

import pytest
from fakes import FakeEncoder, filler, ingester, speech, write

from rag.archive.reader import Archive
from rag.archive.writer import Writer
from rag.pipeline.run import Ingester
from rag.text.words import Analyzer

TEXT = speech("信息工作讲话", filler("信息"))
MARKED = "机密★1年\n" + TEXT


def releasing(put: Ingester) -> Ingester:
    return Ingester(Writer(put.writer.folder), FakeEncoder(), put.analyzer, allow_marked=True)


def audit(put: Ingester) -> list[tuple[str, str, str]]:
    return put.writer.db.execute("SELECT action, target, detail FROM audit ORDER BY id").fetchall()


@pytest.fixture
def put(tmp_path: Path, analyzer: Analyzer) -> Ingester:
    return ingester(tmp_path / "archive", analyzer)


def test_a_marked_file_is_held_and_the_rest_goes_in(put: Ingester, tmp_path: Path) -> None:
    report = put.ingest_paths([write(tmp_path / "a.txt", MARKED), write(tmp_path / "b.txt", TEXT)])
    assert [(one.status, one.reason) for one in report.files] == [("failed", "marked"), ("added", None)]
    assert report.files[0].message == (
        "文件开头标有「机密★1年」，没有导入，已放入隔离区（编号 1）。确认允许入库的，由管理员在「档案管理」的「隔离区」放行，"
        f"或用命令 python -m rag quarantine release 1 --archive {put.writer.folder} 放行。"
    )
    archive = Archive(put.writer.folder)
    assert archive.count("sources") == 1
    assert [(one.path, one.name, one.mark) for one in archive.held()] == [
        ((tmp_path / "a.txt").resolve().as_posix(), "a.txt", "机密★1年")
    ]
    assert audit(put)[0] == ("quarantine", "a.txt", "机密★1年")


def test_an_upload_is_held_too(put: Ingester) -> None:
    assert put.ingest_upload("a.txt", MARKED.encode()).reason == "marked"
    assert [one.path for one in Archive(put.writer.folder).held()] == ["upload:a.txt"]


def test_the_same_bytes_again_get_the_same_message_and_no_second_copy(put: Ingester, tmp_path: Path) -> None:
    first = put.ingest_file(write(tmp_path / "a.txt", MARKED))
    again = put.ingest_file(tmp_path / "a.txt")
    upload = put.ingest_upload("b.txt", MARKED.encode())
    assert first.message == again.message == upload.message
    assert [one.name for one in Archive(put.writer.folder).held()] == ["a.txt"]


def test_a_file_that_was_held_leaves_the_quarantine_when_it_is_allowed_in(put: Ingester, tmp_path: Path) -> None:
    put.ingest_file(write(tmp_path / "a.txt", MARKED))
    assert releasing(put).ingest_file(tmp_path / "a.txt").status == "added"
    assert Archive(put.writer.folder).held() == []
    assert [action for action, _, _ in audit(put)] == ["quarantine", "add", "release"]


def test_bytes_that_are_in_the_archive_need_no_second_release(put: Ingester, tmp_path: Path) -> None:
    """A copy under another name, and the same file after the rules of cleaning have changed."""
    releasing(put).ingest_file(write(tmp_path / "a.txt", MARKED))
    assert put.ingest_file(write(tmp_path / "b.txt", MARKED)).status == "added"
    put.writer.db.execute("UPDATE sources SET settings = 'older' WHERE name = 'a.txt'")
    assert put.ingest_file(tmp_path / "a.txt").status == "updated"
    assert Archive(put.writer.folder).held() == []
    assert [action for action, _, _ in audit(put)] == ["add", "release", "add", "update"]


def test_a_released_file_goes_in_with_a_remark(put: Ingester, tmp_path: Path) -> None:
    report = releasing(put).ingest_file(write(tmp_path / "a.txt", MARKED))
    assert report.status == "added"
    assert report.notes[0] == "文件开头标有「机密★1年」，已按要求放行。"
    assert audit(put)[-1] == ("release", "a.txt", "机密★1年")


def test_a_file_that_becomes_marked_keeps_its_earlier_speeches(put: Ingester, tmp_path: Path) -> None:
    before = put.ingest_file(write(tmp_path / "a.txt", TEXT))
    assert put.ingest_file(write(tmp_path / "a.txt", MARKED)).reason == "marked"
    assert [one.speech_id for one in Archive(put.writer.folder).speeches()] == list(before.speech_ids)


def test_holding_leaves_the_index_alone(put: Ingester, tmp_path: Path) -> None:
    put.ingest_file(write(tmp_path / "a.txt", TEXT))
    generation = Archive(put.writer.folder).generation
    put.ingest_file(write(tmp_path / "b.txt", MARKED))
    assert Archive(put.writer.folder).generation == generation
