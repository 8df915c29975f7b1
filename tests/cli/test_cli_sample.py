"""The sample archive follows the program."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

import pytest
from fakes import ingester, speech, write

from rag.archive.reader import Archive
from rag.archive.writer import Writer
from rag.cli import serving
from rag.encoder.load import load_encoder
from rag.session import Session
from rag.text.words import Analyzer


@pytest.fixture
def older(tmp_path: Path, analyzer: Analyzer, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A sample archive whose vectors an encoder made that the program no longer ships."""
    write(tmp_path / "speeches" / "a.txt", speech("在全市信息工作会议上的讲话", "紧急信息要在三十分钟内报告。" * 3))
    monkeypatch.setattr(serving, "SAMPLE_SPEECHES", tmp_path / "speeches")
    monkeypatch.setattr(serving, "SAMPLE_ARCHIVE", tmp_path / "sample")
    with ingester(tmp_path / "sample", analyzer) as put:
        put.ingest_paths([tmp_path / "speeches"])
    return tmp_path / "sample"


def test_after_an_update_with_another_encoder_its_vectors_are_made_anew(older: Path) -> None:
    assert serving.sample(Namespace(json=False)) == 0
    assert Archive(older).encoder_fingerprint == load_encoder().fingerprint
    assert Session.open(older).retriever.search("多长时间内报告").hits


def test_an_encoder_that_was_chosen_stays(older: Path) -> None:
    writer = Writer(older)
    stored = Archive(older).encoder_fingerprint
    assert stored is not None
    writer.db.execute("INSERT OR REPLACE INTO meta VALUES ('encoder_source', 'mine')")
    serving._follow_the_shipped_encoder(older)
    assert Archive(older).encoder_fingerprint == stored


def test_a_sample_archive_that_is_not_there_yet(tmp_path: Path) -> None:
    serving._follow_the_shipped_encoder(tmp_path / "none")
    assert not (tmp_path / "none").exists()
