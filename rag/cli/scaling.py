"""The subcommands for archives beyond one machine: migrate."""

from __future__ import annotations

import os
from argparse import Namespace
from dataclasses import asdict

from rag.cli.output import Progress, print_json
from rag.cli.status import DONE
from rag.config import archive_folder
from rag.errors import UsageError


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
