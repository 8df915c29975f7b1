"""素材篮 as a file of one of its formats."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from rag.errors import UsageError
from rag.write.export import TITLE, Entry
from rag.write.export_docx import docx_bytes
from rag.write.export_text import csv_bytes, markdown_bytes

FORMATS = ("docx", "md", "csv")
MEDIA_TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "md": "text/markdown",
    "csv": "text/csv",
}
_WRITERS: Mapping[str, Callable[[Sequence[Entry], str], bytes]] = {
    "docx": docx_bytes,
    "md": markdown_bytes,
    "csv": csv_bytes,
}


def rendered(found: Sequence[Entry], format: str, title: str = TITLE) -> bytes:
    """The entries as a file of one of the `FORMATS`."""
    return _WRITERS[format](found, title)


def write_file(path: Path, data: bytes) -> None:
    """Puts the file in its place once it is whole.

    Raises:
        UsageError: the place cannot be written.
    """
    temporary = path.with_name(path.name + ".part")
    try:
        temporary.write_bytes(data)
        os.replace(temporary, path)
    except OSError as error:
        raise UsageError("无法写入 {path}（{strerror}）。请换一个位置。", path=path, strerror=error.strerror) from error
    finally:
        with suppress(OSError):
            temporary.unlink()
