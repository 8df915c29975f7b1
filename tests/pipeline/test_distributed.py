"""Embedding with Dask: the vectors of a single process, whatever dies on the way."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fakes import FakeEncoder, filler, ingester, speech, write

from rag.archive.reader import Archive
from rag.archive.writer import Writer
from rag.encoder.base import Encoder
from rag.encoder.load import load_encoder
from rag.errors import ArchiveError, EncoderError, UsageError
from rag.pipeline import distributed as module
from rag.pipeline.distributed import cluster, reindex_distributed
from rag.pipeline.reindex import reindex_archive
from rag.pipeline.run import Ingester
from rag.pipeline.shards import SUFFIX
from rag.text.words import Analyzer

OTHER = FakeEncoder(("安全", "信息"), name="other")
Everything = list[tuple[int, bytes, bytes]]


@pytest.fixture
def folder(tmp_path: Path, analyzer: Analyzer) -> Path:
    """An archive of some thirty passages."""
    one: Ingester = ingester(tmp_path / "archive", analyzer)
    for n, word in enumerate(("信息", "安全", "会议", "作风")):
        one.ingest_file(write(tmp_path / f"{n}.txt", speech(f"{word}讲话", filler(word, 80))))
    return tmp_path / "archive"


@pytest.fixture(autouse=True)
def _small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BATCH", 2)


@pytest.fixture(scope="module")
def client() -> Iterator[Any]:
    """Two workers as threads of this process, which see what a test has put in another's place."""
    dask = pytest.importorskip("distributed", reason="the extra «dask» is not installed")
    with dask.Client(processes=False, n_workers=2, threads_per_worker=1, dashboard_address="127.0.0.1:0") as one:
        yield one


@pytest.fixture
def encoder(monkeypatch: pytest.MonkeyPatch) -> FakeEncoder:
    """The encoder that workers load."""
    one = FakeEncoder(OTHER.axes, name="other")
    monkeypatch.setattr(module, "_encoder", lambda model: one)
    return one


def everything(folder: Path) -> Everything:
    return Archive(folder).db.execute("SELECT id, vector, sentence_vectors FROM passages ORDER BY id").fetchall()


def embed(folder: Path, client: Any, encoder: Encoder = OTHER, **options: Callable[[int], None]) -> int:
    shards = folder.parent / "shards"
    return reindex_distributed(Writer(folder), Archive(folder), encoder, None, client, shards, **options)


def alone(folder: Path, encoder: Encoder) -> Everything:
    """The rows of a single process."""
    reindex_archive(Writer(folder), Archive(folder), encoder, None)
    rows = everything(folder)
    Writer(folder).change_encoder("none", "none", 1, None)
    return rows


def test_vectors_and_ids_are_those_of_a_single_process(folder: Path, client: Any, encoder: FakeEncoder) -> None:
    expected, seen = alone(folder, OTHER), list[int]()
    assert embed(folder, client, progress=seen.append) == len(expected)
    assert everything(folder) == expected
    assert seen == [*range(2, len(expected), 2), len(expected)]
    assert list((folder.parent / "shards").iterdir()) == []
    assert Archive(folder).encoder_fingerprint == OTHER.fingerprint
    assert embed(folder, client) == 0


def test_complete_shards_of_a_run_that_ended_are_used(
    folder: Path, client: Any, encoder: FakeEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = alone(folder, OTHER)

    def interrupted(self: Writer, rows: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(Writer, "put_vectors", interrupted)
        with pytest.raises(KeyboardInterrupt):
            embed(folder, client)
    client.run(lambda: None)  # what was under way is done
    there = len(list((folder.parent / "shards").glob(f"*{SUFFIX}")))
    assert there > 0
    texts = encoder.texts
    embed(folder, client)
    sentences = sum(len(one.sentences) for one in Archive(folder).passages(Archive(folder).passage_ids()).values())
    assert encoder.texts - texts < len(expected) + sentences
    assert everything(folder) == expected


def test_a_damaged_shard_is_written_anew_by_the_workers(folder: Path, client: Any, encoder: FakeEncoder) -> None:
    expected = alone(folder, OTHER)
    Writer(folder).change_encoder("other", OTHER.fingerprint, 2, None)
    for batch in module._batches(Writer(folder), Archive(folder)):
        write(folder.parent / "shards" / (batch.key(OTHER.fingerprint) + SUFFIX), "PAR1 and then nothing")
    embed(folder, client)
    assert everything(folder) == expected


def test_a_killed_worker_loses_nothing(folder: Path) -> None:
    pytest.importorskip("distributed", reason="the extra «dask» is not installed")
    shipped = load_encoder()
    expected, killed = alone(folder, shipped), list[int]()
    with cluster(workers=2) as client:

        def kill(done: int) -> None:
            if not killed:
                killed.extend(client.run(os.getpid).values())
                os.kill(killed[0], signal.SIGKILL)

        assert embed(folder, client, shipped, progress=kill) == len(expected)
    assert len(killed) == 2
    assert everything(folder) == expected


def test_what_failed_in_one_run_is_tried_again_in_the_next(
    folder: Path, client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also while something, here the error itself, still holds on to the run that failed."""
    expected = alone(folder, OTHER)
    monkeypatch.setattr(module, "_encoder", lambda model: FakeEncoder(("会议",), name="wrong"))
    with pytest.raises(EncoderError, match="模型不同") as held:
        embed(folder, client)
    monkeypatch.setattr(module, "_encoder", lambda model: FakeEncoder(OTHER.axes, name="other"))
    embed(folder, client)
    assert everything(folder) == expected
    assert held.value is not None


@pytest.mark.parametrize(
    ("damage", "what"),
    [(Path.unlink, "工作机写好的分片不在"), (lambda path: path.write_bytes(b"PAR1"), "已损坏，已删除")],
)
def test_a_shard_that_does_not_arrive_is_said(
    folder: Path, client: Any, encoder: FakeEncoder, monkeypatch: pytest.MonkeyPatch, damage: Any, what: str
) -> None:
    real = module._rows

    def late(shard: Path, *rest: Any) -> Any:
        damage(shard)
        return real(shard, *rest)

    monkeypatch.setattr(module, "_rows", late)
    with pytest.raises(ArchiveError, match=what):
        embed(folder, client)


def test_a_worker_with_another_model_is_refused(folder: Path, client: Any, encoder: FakeEncoder) -> None:
    with pytest.raises(EncoderError, match=r"模型不同（fake-\w+ ≠ fake-\w+）"):
        embed(folder, client, FakeEncoder(("会议",), name="third"))


def test_a_folder_that_workers_cannot_write_is_said(folder: Path, tmp_path: Path, encoder: FakeEncoder) -> None:
    batch = next(module._batches(Writer(folder), Archive(folder)), None)
    assert batch is None
    Writer(folder).change_encoder("other", OTHER.fingerprint, 2, None)
    batch = next(module._batches(Writer(folder), Archive(folder)))
    with pytest.raises(ArchiveError, match=r"写不了分片文件夹 .*--shards"):
        module.embed(None, OTHER.fingerprint, batch, str(tmp_path / "none" / "shard.parquet"))


def test_nobody_answering_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed", reason="the extra «dask» is not installed")
    monkeypatch.setattr(module, "CONNECTING_S", 0.2)
    with (
        pytest.raises(UsageError, match=r"连不上 Dask 调度器（tcp://127.0.0.1:9）"),
        cluster(scheduler="tcp://127.0.0.1:9"),
    ):
        pass
