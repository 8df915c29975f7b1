"""Files with a mark of secrecy stay out until somebody lets them in, and the audit log says both."""

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


def test_a_marked_file_stays_out_and_the_rest_goes_in(put: Ingester, tmp_path: Path) -> None:
    report = put.ingest_paths([write(tmp_path / "a.txt", MARKED), write(tmp_path / "b.txt", TEXT)])
    assert [(one.status, one.reason) for one in report.files] == [("failed", "marked"), ("added", None)]
    assert "「机密★1年」" in str(report.files[0].message)
    assert "--allow-marked" in str(report.files[0].message)
    assert Archive(put.writer.folder).count("sources") == 1
    assert audit(put)[0] == ("refuse", "a.txt", "机密★1年")


def test_an_upload_is_held_back_too(put: Ingester) -> None:
    assert put.ingest_upload("a.txt", MARKED.encode()).reason == "marked"


def test_a_released_file_goes_in_with_a_remark(put: Ingester, tmp_path: Path) -> None:
    report = releasing(put).ingest_file(write(tmp_path / "a.txt", MARKED))
    assert report.status == "added"
    assert report.notes[0] == "文件开头标有「机密★1年」，已按要求放行。"
    assert audit(put)[-1] == ("release", "a.txt", "机密★1年")


def test_a_file_that_becomes_marked_keeps_its_earlier_speeches(put: Ingester, tmp_path: Path) -> None:
    before = put.ingest_file(write(tmp_path / "a.txt", TEXT))
    assert put.ingest_file(write(tmp_path / "a.txt", MARKED)).reason == "marked"
    assert [one.speech_id for one in Archive(put.writer.folder).speeches()] == list(before.speech_ids)


def test_a_refusal_leaves_the_index_alone(put: Ingester, tmp_path: Path) -> None:
    put.ingest_file(write(tmp_path / "a.txt", TEXT))
    generation = Archive(put.writer.folder).generation
    put.ingest_file(write(tmp_path / "b.txt", MARKED))
    assert Archive(put.writer.folder).generation == generation
