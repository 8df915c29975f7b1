"""Which files a set of paths means."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from rag.ingest.readers import SUPPORTED
from rag.pipeline.report import FAILED, SKIPPED, FileReport


def find_files(paths: Iterable[Path]) -> Iterator[Path | FileReport]:
    """Files to ingest, in a stable order; a report in place of what cannot be ingested.

    A file named outright is always tried. In folders, hidden files and the lock files of office programs are passed
    over, other unsupported files are reported, and links that lead out of the folder are not followed.
    """
    for path in paths:
        if path.is_dir():
            yield from _in_folder(path)
        elif path.exists():
            yield path
        else:
            yield FileReport(str(path), FAILED, reason="missing", message="文件不存在，请检查路径。")


def _in_folder(folder: Path) -> Iterator[Path | FileReport]:
    root = folder.resolve()
    for base, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(base) / name
            if name.startswith((".", "~$")):
                continue
            if path.is_symlink() and not path.resolve().is_relative_to(root):
                yield FileReport(str(path), SKIPPED, reason="outside", message="链接指向文件夹之外，未读取。")
            elif path.suffix.lower() not in SUPPORTED:
                yield FileReport(
                    str(path), SKIPPED, reason="unsupported", message=f"不支持 {path.suffix or '无扩展名的'} 文件。"
                )
            else:
                yield path
