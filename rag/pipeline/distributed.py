"""Embedding on many processes or machines, with Dask: workers write shards, one writer puts them into the archive.

Workers see texts and a folder, never the archive: SQLite has one writer, and is not for network drives. The batches are
those of `reindex_archive`, so that the vectors are the same. A shard is named after what it is made of and the encoder:
one that is there already is used, whoever wrote it, and one of other texts is never taken for it.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import uuid4

from rag.archive.reader import Archive
from rag.archive.writer import Writer
from rag.encoder.base import Encoder
from rag.encoder.load import load_encoder
from rag.errors import ArchiveError, EncoderError, UsageError
from rag.pipeline.embedding import BATCH, Batch, Row, encode_batch, read_batch
from rag.pipeline.labelling import label_missing
from rag.pipeline.shards import SUFFIX, read_shard, write_shard

CONNECTING_S = 20
AHEAD = 3  # batches a thread of the workers that are computed or wait to be written
_THREADS = {"RAYON_NUM_THREADS": "1", "TOKENIZERS_PARALLELISM": "false"}


@contextmanager
def cluster(workers: int = 0, scheduler: str | None = None) -> Iterator[Any]:
    """A Dask client of the scheduler at an address, or of ``workers`` processes on this machine alone.

    Raises:
        UsageError: Dask is not installed, nothing answers at the address, or no worker has joined.
    """
    try:
        import pyarrow  # noqa: F401
        from distributed import Client, LocalCluster
    except ImportError as error:
        raise UsageError('没有安装 Dask。请运行：python -m pip install ".[dask]"') from error
    if scheduler is None:
        local = LocalCluster(
            n_workers=workers, threads_per_worker=1, host="127.0.0.1", dashboard_address="127.0.0.1:0", env=_THREADS
        )
        with local, Client(local) as client:
            yield client
        return
    try:
        client = Client(scheduler, timeout=CONNECTING_S)
        client.wait_for_workers(1, timeout=CONNECTING_S)
    except (OSError, ValueError, TimeoutError) as error:
        raise UsageError(
            f"连不上 Dask 调度器（{scheduler}），或者没有工作进程加入。请检查地址，并启动 dask worker。"
        ) from error
    with client:
        yield client


def reindex_distributed(
    writer: Writer,
    archive: Archive,
    encoder: Encoder,
    model: str | None,
    client: Any,
    shards: Path,
    progress: Callable[[int], None] = lambda done: None,
) -> int:
    """`reindex_archive` on the workers of a Dask client; ``shards`` is a folder that this machine and they share.

    A batch whose worker dies goes to another one. A shard is deleted once its vectors are in the archive; whatever
    ends this process, the next run goes on with the shards that are complete.

    Raises:
        EncoderError: a worker has another model, or the workers keep dying.
        ArchiveError: the workers cannot write the folder, what they write does not arrive, or a shard is damaged.
    """
    shards.mkdir(parents=True, exist_ok=True)
    writer.change_encoder(encoder.name, encoder.fingerprint, encoder.dimension, model)
    total, encoded = archive.count("passages"), 0
    for batch, shard in _computed(client, _batches(writer, archive), model, encoder.fingerprint, shards):
        writer.put_vectors(_rows(shard, batch, encoder))
        shard.unlink()
        encoded += len(batch.ids)
        progress(total - archive.unencoded())
    label_missing(writer)
    return encoded


def _batches(writer: Writer, archive: Archive) -> Iterator[Batch]:
    last = 0
    while ids := writer.unencoded(BATCH, after=last):
        yield read_batch(archive, ids)
        last = ids[-1]


def _computed(
    client: Any, batches: Iterator[Batch], model: str | None, fingerprint: str, shards: Path
) -> Iterator[tuple[Batch, Path]]:
    """Batches with their shards, in the order in which these are done; few are under way at any time."""
    from distributed import as_completed

    folder, waiting = shards.resolve(), dict[str, Batch]()
    run = uuid4().hex  # a scheduler that lives on hands out what a key has given before, errors too

    def submit(batch: Batch) -> Any:
        name = batch.key(fingerprint) + SUFFIX
        future = client.submit(embed, model, fingerprint, batch, str(folder / name), key=f"yanju-{run}-{name}", pure=False)
        waiting[future.key] = batch
        return future

    ahead = AHEAD * max(1, sum(client.nthreads().values()))
    underway = as_completed([submit(batch) for batch in islice(batches, ahead)])
    for future in underway:
        with _worker_errors():
            path = Path(future.result())
        yield waiting.pop(future.key), path
        future.release()
        for batch in islice(batches, 1):
            underway.add(submit(batch))


def embed(model: str | None, fingerprint: str, batch: Batch, path: str) -> str:
    """What a worker does: a batch into a shard, unless that is there.

    Raises:
        EncoderError: this machine has another model.
        ArchiveError: the shard cannot be written.
    """
    encoder = _encoder(model)
    if encoder.fingerprint != fingerprint:
        raise EncoderError(
            f"工作机 {socket.gethostname()} 上的模型不同（{encoder.fingerprint} ≠ {fingerprint}）。请装上同一个模型后重新运行。"
        )
    shard = Path(path)
    with suppress(OSError, ValueError):  # none, or a damaged one, which is written anew
        read_shard(shard, batch.ids, fingerprint, encoder.dimension)
        return path
    try:
        write_shard(shard, encode_batch(encoder, batch), fingerprint, encoder.dimension)
    except OSError as error:
        raise ArchiveError(
            f"工作机 {socket.gethostname()} 写不了分片文件夹 {shard.parent}（{error.strerror}）。"
            "请用 --shards 指定各机器路径相同、都能读写的共享文件夹。"
        ) from error
    return path


@lru_cache(maxsize=1)
def _encoder(model: str | None) -> Encoder:
    return load_encoder(model)


def _rows(shard: Path, batch: Batch, encoder: Encoder) -> list[Row]:
    try:
        return read_shard(shard, batch.ids, encoder.fingerprint, encoder.dimension)
    except FileNotFoundError as error:
        raise ArchiveError(
            f"工作机写好的分片不在 {shard.parent}。请用 --shards 指定各机器路径相同、都能读写的共享文件夹。"
        ) from error
    except (OSError, ValueError) as error:
        shard.unlink(missing_ok=True)
        raise ArchiveError(f"分片 {shard.name} 已损坏，已删除。请重新运行，其余分片不会重算。") from error


@contextmanager
def _worker_errors() -> Iterator[None]:
    from distributed import CancelledError, KilledWorker
    from distributed.comm import CommClosedError

    try:
        yield
    except KilledWorker as error:
        raise EncoderError(
            "工作进程在同一批段落上接连退出（多为内存不足）。请减少进程数后重新运行，已完成的不会重算。"
        ) from error
    except (CancelledError, CommClosedError) as error:
        raise ArchiveError("与 Dask 调度器的连接断了。请检查后重新运行，已完成的不会重算。") from error
