"""Which files a set of paths means."""

from __future__ import annotations

import os
import stat
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
        try:
            mode = path.stat().st_mode
        except OSError as error:
            yield _missing(path) if isinstance(error, FileNotFoundError) else unreadable(path, error)
            continue
        if stat.S_ISDIR(mode):
            yield from _in_folder(path)
        else:
            yield path


def unreadable(path: Path, error: OSError) -> FileReport:
    """The report of something that the system does not let us read."""
    message = f"无法读取（{error.strerror or error}），请检查路径和权限。"
    return FileReport(readable(path), FAILED, reason="unreadable", message=message)


def readable(path: Path) -> str:
    """A path as text that can be stored and shown: names in the encoding of old archives are decoded."""
    name = str(path)
    try:
        name.encode()
    except UnicodeEncodeError:
        return os.fsencode(path).decode("gb18030", errors="replace")
    return name


def _missing(path: Path) -> FileReport:
    return FileReport(readable(path), FAILED, reason="missing", message="文件不存在，请检查路径。")


def _target(link: Path) -> Path:
    """Where a link leads. Unlike `Path.resolve` this gives a loop back as it is; reading it then fails with a report."""
    return Path(os.path.realpath(link))


def _in_folder(folder: Path) -> Iterator[Path | FileReport]:
    root = _target(folder)
    refused: list[OSError] = []
    for base, folders, names in os.walk(folder, onerror=refused.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(base) / name
            if name.startswith((".", "~$")):
                continue
            if path.is_symlink() and not _target(path).is_relative_to(root):
                message = "链接指向文件夹之外，未读取。"
                yield FileReport(readable(path), SKIPPED, reason="outside", message=message)
            elif path.suffix.lower() not in SUPPORTED:
                message = f"不支持 {path.suffix or '无扩展名的'} 文件。"
                yield FileReport(readable(path), SKIPPED, reason="unsupported", message=message)
            else:
                yield path
    for error in refused:
        yield unreadable(Path(error.filename), error)
