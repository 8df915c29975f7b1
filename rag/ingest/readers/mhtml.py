"""MHTML, the single-file web page that browsers and Word write: the page in it is read as HTML."""

from __future__ import annotations

import dataclasses
import email
import email.message
import email.policy

from rag.errors import ReadError
from rag.ingest.readers.html import read_markup
from rag.ingest.readers.limits import Deadline, ReadLimits
from rag.ingest.readers.plain import decode
from rag.types import SourceText


def read_mhtml(data: bytes, limits: ReadLimits, deadline: Deadline) -> SourceText:
    """The first HTML part of ``data``. Raises ReadError ``damaged`` where there is none, else as for HTML."""
    for part in _parts(data):
        if part.get_content_type() == "text/html":
            content = part.get_payload(decode=True)
            if isinstance(content, bytes) and content.strip():
                source = read_markup(decode(content, part.get_content_charset()), limits, deadline)
                return dataclasses.replace(source, format="mhtml")
    raise ReadError("damaged", "单文件网页里没有网页内容；请在浏览器里打开，另存为网页或 DOCX 后再导入。")


def _parts(data: bytes) -> list[email.message.Message]:
    try:
        return list(email.message_from_bytes(data.lstrip(), policy=email.policy.compat32).walk())
    except RecursionError as error:  # parts within parts within parts: no browser writes that
        raise ReadError("damaged", "单文件网页的结构已损坏；请在浏览器里打开，另存为网页或 DOCX 后再导入。") from error
