"""Readers: the bytes of one file to a SourceText. What the bytes are decides, the name comes second.

Every failure is a ReadError whose ``reason`` is one of ``REASONS``:

=================  ================================================================
missing            no such file
unreadable         the system does not let us read it, or it is a folder
empty              no bytes, nothing but white space, or no text in it
oversized          over a limit: bytes, characters, pages, or size when unpacked
encoding           no decoding fits without loss, or the text was already garbled
encrypted          a password is set, or the cipher needs a component not installed
damaged            the format is right, the file is broken
no-text-layer      a PDF of pictures: needs OCR
needs-libreoffice  DOC, WPS, RTF, ODT on a computer without LibreOffice
unsupported        recognised as something that holds no readable text
binary             bytes that are no text and no known format
timeout            took longer than the limit
=================  ================================================================
"""

from __future__ import annotations

import dataclasses
from pathlib import Path

from rag.errors import ReadError
from rag.ingest.readers.limits import Deadline, ReadLimits
from rag.ingest.readers.sniff import BY_SUFFIX, disguise_note, sniff
from rag.types import SourceText

__all__ = ["DEFAULT_LIMITS", "REASONS", "SUPPORTED", "ReadLimits", "read_bytes", "read_source"]

SUPPORTED: tuple[str, ...] = tuple(BY_SUFFIX)
REASONS = frozenset(
    {
        "missing", "unreadable", "empty", "oversized", "encoding", "encrypted", "damaged", "no-text-layer",
        "needs-libreoffice", "unsupported", "binary", "timeout",
    }
)  # fmt: skip
DEFAULT_LIMITS = ReadLimits()


def read_source(path: Path, limits: ReadLimits = DEFAULT_LIMITS) -> SourceText:
    """The text of the file at ``path``. Raises ReadError; the caller names the file."""
    try:
        if path.is_dir():
            raise ReadError("unreadable", "这是文件夹，不是文件；请选择里面的文件。")
        limits.check_bytes(path.stat().st_size)
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise ReadError("missing", "文件不存在；请检查路径，或确认文件没有被移走。") from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "路径无效"
        raise ReadError(
            "unreadable", f"系统不允许读取这个文件（{reason}）；请检查权限，或关闭占用它的程序。"
        ) from error
    return read_bytes(data, path.name, limits)


def read_bytes(data: bytes, name: str, limits: ReadLimits = DEFAULT_LIMITS) -> SourceText:
    """The text of ``data``, uploaded as ``name``, of which only the suffix counts. Raises ReadError."""
    limits.check_bytes(len(data))
    # Only a chunk at a time: strip() would copy a big file.
    if not data or (len(data) < 4096 and not data.strip()):
        raise ReadError("empty", _EMPTY)
    suffix = Path(name).suffix.lower()
    found = sniff(data, suffix)
    source = _read(data, found, limits, Deadline(limits.seconds))
    if all(char.isspace() or char in "\ufeff\u200b" for char in source.text):
        raise ReadError("empty", _EMPTY)
    limits.check_chars(len(source.text))
    note = disguise_note(found, suffix)
    if note is None:
        return source
    return dataclasses.replace(source, notes=(note, *source.notes))


_EMPTY = "文件是空的，或者只有空白；请确认内容没有丢失。"


def _read(data: bytes, found: str, limits: ReadLimits, deadline: Deadline) -> SourceText:
    if found == "pdf":
        from rag.ingest.readers.pdf import read_pdf

        return read_pdf(data, limits, deadline)
    if found == "docx":
        from rag.ingest.readers.docx import read_docx

        return read_docx(data, limits, deadline)
    if found == "html":
        from rag.ingest.readers.html import read_html

        return read_html(data, limits, deadline)
    if found == "mhtml":
        from rag.ingest.readers.mhtml import read_mhtml

        return read_mhtml(data, limits, deadline)
    if found in ("txt", "md"):
        from rag.ingest.readers.plain import read_plain

        return read_plain(data, limits, deadline, markdown=found == "md")
    from rag.ingest.readers.office import read_office

    return read_office(data, found, limits, deadline)
