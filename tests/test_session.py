"""Opening an archive with the encoder that its vectors come from."""

from __future__ import annotations

from pathlib import Path

import pytest
from fakes import FakeEncoder, filler, ingester, speech, write

from rag.archive.writer import Writer
from rag.config import SHIPPED_MODEL
from rag.errors import ArchiveError, EncoderError, UsageError
from rag.session import Session, chosen_encoder, lasting_name, shared_analyzer
from rag.text.words import Analyzer


def test_the_archives_own_encoder_wins_over_the_environment(
    sample_archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YANJU_MODEL", "nobody/no-such-model")
    session = Session.open(sample_archive)
    assert session.retriever.encoder.name == SHIPPED_MODEL
    assert session.answerer.retriever is session.retriever


def test_an_encoder_that_is_handed_over_is_used(tmp_path: Path, analyzer: Analyzer) -> None:
    put = ingester(tmp_path / "archive", analyzer)
    put.ingest_file(write(tmp_path / "a.txt", speech("信息讲话", filler("信息"))))
    session = Session.open(tmp_path / "archive", FakeEncoder())
    assert session.retriever.search("信息").hits
    with pytest.raises(ArchiveError, match="reindex"):
        Session.open(tmp_path / "archive", FakeEncoder(("信息",)))


def test_an_archive_whose_encoder_is_gone_names_it(tmp_path: Path) -> None:
    gone = tmp_path / "gone-model"
    Writer(tmp_path / "archive").claim_encoder("gone", "hub-0", 4, str(gone))
    with pytest.raises(EncoderError, match="gone-model"):
        Session.open(tmp_path / "archive")


@pytest.mark.parametrize("value", ["many", "-1", "1.5"])
def test_threads_must_be_a_number(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("YANJU_THREADS", value)
    with pytest.raises(UsageError, match=f"YANJU_THREADS 应为整数，实为「{value}」"):
        chosen_encoder()


def test_a_folder_is_remembered_by_its_whole_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("YANJU_MODEL", raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine").mkdir()
    assert lasting_name("mine") == str((tmp_path / "mine").resolve())
    assert lasting_name("BAAI/bge-small-zh-v1.5") == "BAAI/bge-small-zh-v1.5"
    assert lasting_name(None) is None
    monkeypatch.setenv("YANJU_MODEL", "mine")
    assert lasting_name(None) == str((tmp_path / "mine").resolve())


def test_the_analyzer_is_made_once() -> None:
    assert shared_analyzer() is shared_analyzer()
