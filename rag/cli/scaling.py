"""The subcommands for archives beyond one machine: migrate, and reindex on many processes or machines."""

from __future__ import annotations

import os
from argparse import Namespace
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from rag.cli.output import Progress, print_json
from rag.cli.status import DONE
from rag.config import archive_folder
from rag.errors import UsageError

if TYPE_CHECKING:
    from rag.archive.reader import Archive
    from rag.archive.writer import Writer
    from rag.encoder.base import Encoder


def migrate(options: Namespace) -> int:
    from rag.archive.reader import Archive
    from rag.search.milvus.collection import URI
    from rag.search.milvus.migrate import migrate as migrate_archive

    uri = options.uri or os.environ.get(URI)
    if not uri:
        raise UsageError(f"请用 --uri 写明 Milvus 的地址（或 Milvus Lite 的文件），或设置环境变量 {URI}。")
    bar = Progress("迁移")
    done = migrate_archive(Archive(archive_folder(options.archive)), uri, options.index, bar)
    if options.json:
        print_json(asdict(done))
    else:
        print(f"Milvus 中现有 {done.passages} 个段落（本次写入 {done.written} 个，移除 {done.removed} 个）")
    return DONE


def reindex_with(
    options: Namespace,
    writer: Writer,
    archive: Archive,
    encoder: Encoder,
    model: str | None,
    progress: Callable[[int], None],
) -> int:
    """Reindexes in this process, or with Dask where the options ask for it; returns how many passages were encoded."""
    from rag.pipeline.distributed import cluster, reindex_distributed
    from rag.pipeline.reindex import reindex_archive

    if not options.workers and not options.scheduler:
        return reindex_archive(writer, archive, encoder, model, progress)
    if options.scheduler and not options.shards:
        raise UsageError("用 Dask 集群计算时，请用 --shards 指定各机器路径相同、都能读写的共享文件夹。")
    shards = Path(options.shards or archive.folder / "shards")
    with cluster(options.workers, options.scheduler) as client:
        done = reindex_distributed(writer, archive, encoder, model, client, shards, progress)
    if not options.shards:
        with suppress(OSError):  # something of someone else's is in it
            shards.rmdir()
    return done
