"""DOCX files made in the tests: python-docx for the frame, raw XML for what it cannot make."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable

import docx
from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from rag.ingest.readers import ReadLimits, read_bytes
from rag.types import SourceText

NAMESPACES = (
    nsdecls("w", "r", "m") + ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    ' xmlns:v="urn:schemas-microsoft-com:vml"'
    ' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
)


def saved(document: Document) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def paragraph(text: str, properties: str = "") -> str:
    return f'<w:p><w:pPr>{properties}</w:pPr><w:r><w:t xml:space="preserve">{text}</w:t></w:r></w:p>'


def numbered(text: str, num_id: int, level: int = 0) -> str:
    return paragraph(text, f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{num_id}"/></w:numPr>')


def document(*blocks: str, numbering: str | None = None, styles: str = "") -> Document:
    """A document of raw ``blocks``; ``numbering`` replaces the definitions, ``styles`` are added."""
    made = docx.Document()
    body = made.element.body
    for block in blocks:
        body.insert(len(body) - 1, parse_xml(block.replace(">", f" {NAMESPACES}>", 1)))
    if numbering is not None:
        part = made.part.numbering_part
        for child in list(part.element):
            part.element.remove(child)
        for child in parse_xml(f"<w:numbering {NAMESPACES}>{numbering}</w:numbering>"):
            part.element.append(child)
    if styles:
        for child in parse_xml(f"<w:styles {NAMESPACES}>{styles}</w:styles>"):
            made.styles.element.append(child)
    return made


def level(at: int, style: str, text: str, extra: str = "", start: int = 1) -> str:
    return (
        f'<w:lvl w:ilvl="{at}"><w:start w:val="{start}"/><w:numFmt w:val="{style}"/>{extra}'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
    )


def definition(key: int, *levels: str) -> str:
    return f'<w:abstractNum w:abstractNumId="{key}">{"".join(levels)}</w:abstractNum>'


def instance(num_id: int, key: int, overrides: str = "") -> str:
    return f'<w:num w:numId="{num_id}"><w:abstractNumId w:val="{key}"/>{overrides}</w:num>'


def add_part(made: Document, name: str, kind: str, content: str) -> None:
    part = Part(PackURI(f"/word/{name}.xml"), f"application/vnd.{name}+xml", content.encode(), made.part.package)
    made.part.relate_to(part, getattr(RELATIONSHIP_TYPE, kind))


def read(made: Document, limits: ReadLimits | None = None) -> SourceText:
    return read_bytes(saved(made), "讲话.docx", limits or ReadLimits())


def rewritten(data: bytes, change: Callable[[str, bytes], bytes], added: Iterable[tuple[str, bytes]] = ()) -> bytes:
    """A copy of the zip ``data`` with each member passed through ``change``."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(name, change(name, source.read(name)))
        for name, content in added:
            target.writestr(name, content)
    return out.getvalue()


__all__ = [
    "add_part",
    "definition",
    "document",
    "instance",
    "level",
    "numbered",
    "paragraph",
    "read",
    "rewritten",
    "saved",
]
