"""Another encoder for an archive, with interruptions."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from fakes import FakeEncoder, filler, ingester, speech, write

from rag.archive.reader import Archive
from rag.archive.writer import Writer
from rag.encoder.base import Vectors
from rag.errors import ArchiveError
from rag.pipeline import reindex as module
from rag.pipeline.reindex import reindex_archive
from rag.pipeline.run import Ingester
from rag.text.words import Analyzer

OTHER = FakeEncoder(("安全", "信息"), name="other")


class Interrupted(FakeEncoder):
    """Stops at the third request."""

    requests = 0

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        self.requests += 1
        if self.requests > 2:
            raise KeyboardInterrupt
        return super().encode_passages(texts)


@pytest.fixture
def put(tmp_path: Path, analyzer: Analyzer) -> Ingester:
    one = ingester(tmp_path / "archive", analyzer)
    for n, word in enumerate(("信息", "安全", "会议")):
        one.ingest_file(write(tmp_path / f"{n}.txt", speech(f"{word}讲话", filler(word, 40))))
    return one


def reindex(put: Ingester, encoder: FakeEncoder, model: str | None = "other") -> int:
    return reindex_archive(Writer(put.writer.folder), Archive(put.writer.folder), encoder, model)


def vectors(put: Ingester) -> list[list[float]]:
    archive = Archive(put.writer.folder)
    rows = archive.passages(archive.passage_ids())
    return [np.concatenate([rows[i].vector[None], rows[i].sentence_vectors]).ravel().tolist() for i in sorted(rows)]


def test_vectors_are_those_of_ingesting_anew_with_the_other_encoder(put: Ingester, tmp_path: Path) -> None:
    assert reindex(put, OTHER) == Archive(put.writer.folder).count("passages")
    fresh = Ingester.open(tmp_path / "fresh", OTHER, put.analyzer)
    fresh.ingest_paths([tmp_path / f"{n}.txt" for n in range(3)])
    assert vectors(put) == vectors(fresh)
    archive = Archive(put.writer.folder)
    assert (archive.encoder_fingerprint, archive.dimension) == (OTHER.fingerprint, 2)
    assert (archive.meta("encoder_name"), archive.meta("encoder_source")) == ("other", "other")


def test_an_interrupted_run_goes_on_where_it_stopped(put: Ingester, monkeypatch: pytest.MonkeyPatch) -> None:
    total = Archive(put.writer.folder).count("passages")
    monkeypatch.setattr(Writer, "unencoded", lambda self, limit, real=Writer.unencoded: real(self, 3))
    with pytest.raises(KeyboardInterrupt):
        reindex(put, Interrupted(OTHER.axes))
    assert Archive(put.writer.folder).unencoded() == total - 3
    assert reindex(put, OTHER) == total - 3
    assert Archive(put.writer.folder).unencoded() == 0
    assert reindex(put, OTHER) == 0


def test_progress_counts_up_to_all(put: Ingester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Writer, "unencoded", lambda self, limit, real=Writer.unencoded: real(self, 4))
    total, seen = Archive(put.writer.folder).count("passages"), list[int]()
    reindex_archive(Writer(put.writer.folder), Archive(put.writer.folder), OTHER, None, seen.append)
    assert seen == sorted({*range(4, total, 4), total})


def test_a_passage_removed_meanwhile_is_left_out(put: Ingester, monkeypatch: pytest.MonkeyPatch) -> None:
    real = module._encode

    def late(archive: Archive, encoder: FakeEncoder, ids: list[int]) -> list[tuple[int, Vectors, Vectors]]:
        sources = archive.sources()
        if len(sources) == 3:
            put.writer.remove_source(sources[0].id)
        return real(archive, encoder, ids)

    monkeypatch.setattr(module, "_encode", late)
    reindex(put, OTHER)
    archive = Archive(put.writer.folder)
    assert (archive.count("sources"), archive.unencoded()) == (2, 0)


def test_two_runs_with_different_encoders_do_not_mix(put: Ingester, monkeypatch: pytest.MonkeyPatch) -> None:
    third = FakeEncoder(("会议", "安全", "作风"), name="third")
    real = module._encode

    def overtaken(archive: Archive, encoder: FakeEncoder, ids: list[int]) -> list[tuple[int, Vectors, Vectors]]:
        found = real(archive, encoder, ids)
        if encoder is OTHER:
            reindex(put, third, "third")
        return found

    monkeypatch.setattr(module, "_encode", overtaken)
    with pytest.raises(ArchiveError, match="另一个程序"):
        reindex(put, OTHER)
    archive = Archive(put.writer.folder)
    assert archive.encoder_fingerprint == third.fingerprint
    assert {row.vector.shape for row in archive.passages(archive.passage_ids()).values()} == {(3,)}
    assert archive.unencoded() == 0
