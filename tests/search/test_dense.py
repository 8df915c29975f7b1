"""The vector index: derived, checked, rebuilt; never believed when it does not fit."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import numpy as np
import pytest
from fakes import FakeEncoder, filler, ingester, speech, write

from rag.archive.reader import Archive
from rag.archive.writer import Writer
from rag.pipeline.reindex import reindex_archive
from rag.pipeline.run import Ingester
from rag.search import dense, derived
from rag.search.dense import DenseIndex
from rag.search.dense_file import STAMP
from rag.text.words import Analyzer


@pytest.fixture
def put(tmp_path: Path, analyzer: Analyzer) -> Ingester:
    one = ingester(tmp_path / "archive", analyzer)
    for n, body in enumerate((filler("信息"), filler("信息会议"), filler("安全"))):
        one.ingest_file(write(tmp_path / f"{n}.txt", speech(f"第{n}次讲话", body)))
    return one


def read(put: Ingester) -> Archive:
    return Archive(put.writer.folder)


def vector(**counts: int) -> np.ndarray:
    values = np.array([counts.get(word, 0) for word in FakeEncoder().axes], dtype=np.float32)
    return values / np.linalg.norm(values)


@pytest.fixture
def builds(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Grows by one with every build."""
    seen: list[int] = []
    real = dense._build

    def build(archive: Archive, stamp: dict[str, object]) -> object:
        seen.append(archive.generation)
        return real(archive, stamp)

    monkeypatch.setattr(dense, "_build", build)
    return seen


def stored(put: Ingester) -> list[str]:
    return sorted(path.name for path in put.writer.folder.iterdir() if not path.name.startswith("archive.sqlite"))


def test_cosines_by_hand(put: Ingester) -> None:
    """«信息» against 信息 = 1, against 信息会议 (equally often) = 1/√2, against 安全 = 0."""
    archive = read(put)
    speeches = {one.id: one.ordinal for one in archive.speeches()}
    names = {one.id: one.file for one in archive.speeches()}
    found = DenseIndex.open(archive).search(vector(信息=1), 10)
    rows = archive.passages(found)
    scores = {names[rows[i].speech]: score for i, score in found.items()}
    assert len(speeches) == 3
    assert scores == {
        "0.txt": pytest.approx(1.0, abs=1e-3),
        "1.txt": pytest.approx(2**-0.5, abs=1e-3),
        "2.txt": pytest.approx(0.0, abs=1e-3),
    }
    assert list(found.values()) == sorted(found.values(), reverse=True)


def test_only_allowed_ids_and_no_more_than_asked(put: Ingester) -> None:
    archive = read(put)
    index = DenseIndex.open(archive)
    ids = archive.passage_ids()
    assert set(index.search(vector(信息=1), 10, {ids[2]})) == {ids[2]}
    assert index.search(vector(信息=1), 10, set()) == {}
    assert len(index.search(vector(信息=1), 2)) == 2
    assert set(index.search(vector(信息=1), 10, {ids[0], 999_999})) == {ids[0]}


def test_the_stored_index_is_used_as_long_as_it_fits(put: Ingester, builds: list[int]) -> None:
    assert len(DenseIndex.open(read(put))) == len(DenseIndex.open(read(put))) == 3
    assert len(builds) == 1
    assert len(stored(put)) == 2


def test_it_is_rebuilt_when_the_archive_changes_and_the_old_one_swept_away(
    put: Ingester, builds: list[int], tmp_path: Path
) -> None:
    first = DenseIndex.open(read(put))
    for name in ("作风", "安全"):
        put.ingest_file(write(tmp_path / f"{name}.txt", speech(f"{name}讲话", filler(name))))
    second = DenseIndex.open(read(put))
    assert (len(first), len(second), len(builds)) == (3, 5, 2)
    assert second.generation == read(put).generation > first.generation
    assert len(stored(put)) == 2


def damage_cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-40])


def damage_garbage(path: Path) -> None:
    path.write_bytes(os.urandom(500))


def damage_empty(path: Path) -> None:
    path.write_bytes(b"")


@pytest.mark.parametrize("damage", [Path.unlink, damage_cut, damage_garbage, damage_empty])
@pytest.mark.parametrize("which", ["*.faiss", STAMP])
def test_a_torn_or_missing_file_is_rebuilt(put: Ingester, builds: list[int], damage: object, which: str) -> None:
    expected = DenseIndex.open(read(put)).search(vector(信息=1), 10)
    (path,) = put.writer.folder.glob(which)
    damage(path)  # type: ignore[operator]
    assert DenseIndex.open(read(put)).search(vector(信息=1), 10) == expected
    assert len(builds) == 2
    DenseIndex.open(read(put))
    assert len(builds) == 2


def test_a_sound_index_of_another_size_under_the_right_name_is_rebuilt(put: Ingester, builds: list[int]) -> None:
    import faiss

    DenseIndex.open(read(put))
    (path,) = put.writer.folder.glob("*.faiss")
    faiss.write_index(faiss.IndexIDMap2(faiss.IndexFlatIP(4)), str(path))
    assert len(DenseIndex.open(read(put))) == 3
    assert len(builds) == 2


@pytest.mark.parametrize("stamp", ["[]", "{}", "null", '{"file": 3}', '{"file": "../../etc/passwd"}'])
def test_a_stamp_that_is_something_else_is_not_followed(put: Ingester, builds: list[int], stamp: str) -> None:
    DenseIndex.open(read(put))
    (put.writer.folder / STAMP).write_text(stamp)
    assert len(DenseIndex.open(read(put))) == 3
    assert len(builds) == 2


def test_an_index_of_another_archive_state_with_the_same_numbers_is_noticed(
    put: Ingester, builds: list[int], tmp_path: Path
) -> None:
    """Two copies of a backup grow apart: same generation, same number of passages, other contents; the first one's
    index lies beside the second one's archive."""
    put.writer.close()
    copies = [Path(shutil.copytree(put.writer.folder, tmp_path / name)) for name in ("one", "two")]
    for copy, word in zip(copies, ("作风", "会议"), strict=True):
        put = ingester(copy, put.analyzer)
        put.ingest_file(write(tmp_path / f"{word}.txt", speech(f"{word}讲话", filler(word))))
    DenseIndex.open(Archive(copies[0]))
    for path in (*copies[0].glob("*.faiss"), copies[0] / STAMP):
        shutil.copy(path, copies[1])
    states = [(Archive(copy).generation, Archive(copy).count("passages")) for copy in copies]
    assert states[0] == states[1]
    (best,) = DenseIndex.open(Archive(copies[1])).search(vector(会议=1), 1).values()
    assert best == pytest.approx(1.0, abs=1e-3)
    assert len(builds) == 2


def test_another_encoder_means_another_index(put: Ingester, builds: list[int]) -> None:
    DenseIndex.open(read(put))
    other = FakeEncoder(("安全", "信息"))
    reindex_archive(Writer(put.writer.folder), read(put), other, None)
    index = DenseIndex.open(read(put))
    assert len(builds) == 2
    assert max(index.search(np.array([1, 0], dtype=np.float32), 3).values()) == pytest.approx(1.0, abs=1e-3)


@pytest.mark.parametrize("step", ["mkstemp", "write", "replace"])
def test_a_folder_that_takes_no_files_is_no_error(
    put: Ingester, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, step: str
) -> None:
    def refuse(*args: object, **kwargs: object) -> None:
        raise PermissionError(13, "Read-only file system")

    import faiss

    target = {"mkstemp": (derived.tempfile, "mkstemp"), "write": (faiss, "write_index"), "replace": (os, "replace")}[
        step
    ]
    monkeypatch.setattr(*target, refuse)
    assert len(DenseIndex.open(read(put)).search(vector(信息=1), 10)) == 3
    assert "未能存盘" in caplog.text
    assert not list(put.writer.folder.glob("*.faiss"))


def test_a_disk_that_fills_up_while_writing_leaves_no_half_index(
    put: Ingester, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    real = Path.open

    class Full:
        def __enter__(self) -> Full:
            return self

        def __exit__(self, *error: object) -> None: ...

        def write(self, data: bytes) -> int:
            raise OSError(28, "No space left on device")

    def opened(path: Path, mode: str = "r", **kwargs: object) -> object:
        return Full() if mode == "wb" else real(path, mode, **kwargs)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", opened)
    assert len(DenseIndex.open(read(put))) == 3
    assert "未能存盘" in caplog.text
    assert not list(put.writer.folder.glob("*.faiss"))


def test_an_archive_without_passages(tmp_path: Path) -> None:
    Writer(tmp_path).close()
    index = DenseIndex.open(Archive(tmp_path))
    assert len(index) == 0
    assert index.search(np.ones(1, dtype=np.float32), 5) == {}
