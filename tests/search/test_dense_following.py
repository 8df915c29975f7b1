"""A large archive's vector index follows it without being made anew, and never says anything else than a new one would."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from fakes import FakeEncoder, filler, ingester, speech, write

from rag.archive.reader import Archive
from rag.archive.writer import Writer
from rag.pipeline.reindex import reindex_archive
from rag.pipeline.run import Ingester
from rag.search import ann, dense
from rag.search.dense import DenseIndex
from rag.text.words import Analyzer
from rag.types import Filters


@pytest.fixture(params=["flat", "ivf-sq8"])
def put(
    request: pytest.FixtureRequest, tmp_path: Path, analyzer: Analyzer, monkeypatch: pytest.MonkeyPatch
) -> Ingester:
    """An archive that counts as large, with either kind of index; half of it may change before that is made anew."""
    monkeypatch.setattr(dense, "SMALL", 0)
    monkeypatch.setattr(dense, "REBUILT_SHARE", 0.5)
    if request.param == "ivf-sq8":
        monkeypatch.setattr(ann.build, "__defaults__", (0,))
    one = ingester(tmp_path / "archive", analyzer)
    for n, word in enumerate(("信息", "会议", "安全", "信息会议")):
        one.ingest_file(write(tmp_path / f"{n}.txt", speech(f"第{n}次讲话", filler(word, 200))))
    return one


def add(put: Ingester, folder: Path, word: str, count: int = 30) -> None:
    put.ingest_file(write(folder / f"{word}.txt", speech(f"{word}讲话", filler(word, count))))


def query(word: str) -> np.ndarray:
    return FakeEncoder().encode_queries([word])[0]


def same_as_new(archive: Archive, index: DenseIndex) -> None:
    """The same ids as brute force over the archive's vectors, in an order that differs in equal cosines only."""
    ids, vectors = archive.passage_vectors()
    assert len(index) == len(ids)
    for word in FakeEncoder().axes:
        truth = dict(zip(ids.tolist(), (vectors @ query(word)).tolist(), strict=True))
        found = index.search(query(word), 10)
        best = sorted(truth.values(), reverse=True)[:10]
        assert list(found.values()) == pytest.approx(best, abs=0.02)
        assert [truth[i] for i in found] == pytest.approx(list(found.values()), abs=0.02)


def test_added_and_removed_passages(put: Ingester, tmp_path: Path) -> None:
    archive = Archive(put.writer.folder)
    first = DenseIndex.open(archive)
    add(put, tmp_path, "作风")
    second = DenseIndex.open(archive, first)
    assert second.base is first.base
    same_as_new(archive, second)
    put.writer.remove_source(archive.sources()[0].id)
    third = DenseIndex.open(archive, second)
    assert third.base is first.base
    same_as_new(archive, third)
    assert len(first) != len(second) != len(third)


def test_a_new_process_continues_the_stored_one(put: Ingester, tmp_path: Path) -> None:
    archive = Archive(put.writer.folder)
    before = DenseIndex.open(archive)
    add(put, tmp_path, "作风")
    found = DenseIndex.open(Archive(put.writer.folder))
    assert found.base.stamp["generation"] == before.generation < found.generation
    same_as_new(archive, found)


def test_filters_hold_for_what_was_added(put: Ingester, tmp_path: Path) -> None:
    archive = Archive(put.writer.folder)
    first = DenseIndex.open(archive)
    add(put, tmp_path, "作风")
    index = DenseIndex.open(archive, first)
    for one in archive.speeches():
        allowed = archive.permitted(Filters(speech_ids=(one.speech_id,)))
        assert allowed is not None
        assert set(index.search(query("信息"), 500, allowed)) == set(archive.passage_ids([one.id]))


def test_after_too_many_changes_it_is_made_anew(put: Ingester, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dense, "REBUILT_SHARE", 0.0)
    archive = Archive(put.writer.folder)
    first = DenseIndex.open(archive)
    add(put, tmp_path, "作风")
    second = DenseIndex.open(archive, first)
    assert second.base.stamp["generation"] == second.generation
    same_as_new(archive, second)


def test_other_vectors_of_the_same_passages_are_not_overlooked(put: Ingester) -> None:
    archive = Archive(put.writer.folder)
    first = DenseIndex.open(archive)
    writer = Writer(put.writer.folder)
    reindex_archive(writer, archive, FakeEncoder(("安全", "信息", "会议", "作风")), None)
    reindex_archive(writer, archive, FakeEncoder(), None)
    second = DenseIndex.open(archive, first)
    assert second.base is not first.base
    same_as_new(archive, second)


def test_the_kind_and_its_measured_recall_are_stored(put: Ingester) -> None:
    archive = Archive(put.writer.folder)
    made = DenseIndex.open(archive).base.plan
    read = DenseIndex.open(Archive(put.writer.folder)).base.plan
    assert made == read
    assert (made.kind == "flat") == (made.lists == 0)
    assert 0.9 <= made.recall <= 1.0


def test_a_small_archives_index_stands_while_no_half_of_it_changes(tmp_path: Path, analyzer: Analyzer) -> None:
    one = ingester(tmp_path / "archive", analyzer)
    for n in range(5):
        one.ingest_file(write(tmp_path / f"{n}.txt", speech(f"第{n}次讲话", filler("信息会议", 20))))
    archive = Archive(one.writer.folder)
    first = DenseIndex.open(archive)
    assert 0 < len(first) <= dense.SMALL
    one.writer.remove_source(archive.sources()[0].id)
    second = DenseIndex.open(archive, first)
    assert second.base is first.base
    same_as_new(archive, second)
    for source in archive.sources()[:2]:
        one.writer.remove_source(source.id)
    third = DenseIndex.open(archive, second)
    assert third.base is not first.base
    same_as_new(archive, third)
