"""Opening a DOCX safely: size before anything is unpacked, repair of what python-docx stumbles over."""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import unescape

from rag.errors import ReadError
from rag.ingest.readers.limits import ReadLimits

if TYPE_CHECKING:
    from docx.document import Document

_DAMAGED = "DOCX 已损坏，打不开；请用 Word 或 WPS 打开修复，另存一份后再导入。"
_MAIN = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_MAIN_VARIANTS = re.compile(
    rb"application/vnd\.(?:ms-word\.(?:document|template)\.macroEnabled(?:Template)?"
    rb"|openxmlformats-officedocument\.wordprocessingml\.template)\.main\+xml"
)
_RELATIONSHIP = re.compile(rb"<(?:\w+:)?Relationship\b[^>]*?(?:/>|>\s*</(?:\w+:)?Relationship>)", re.S)
_TARGET = re.compile(rb"\bTarget\s*=\s*[\"']([^\"']*)[\"']")
_EXTERNAL = re.compile(rb"TargetMode\s*=\s*[\"']External[\"']")


def open_docx(data: bytes, limits: ReadLimits) -> Document:
    """The document in ``data``. Raises ReadError ``oversized`` (zip bomb) or ``damaged``."""
    import docx

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            limits.check_unzipped(sum(member.file_size for member in archive.infolist()))
        try:
            return docx.Document(io.BytesIO(data))
        except (KeyError, ValueError):  # dangling links, templates, macros: see _repaired
            return docx.Document(io.BytesIO(_repaired(data)))
    except (ReadError, MemoryError):
        raise
    except Exception as error:  # zipfile, lxml and python-docx each have their own ways to fail
        raise ReadError("damaged", _DAMAGED) from error


def related(document: Document, kind: str) -> list[Any]:
    """Root elements of the parts that the main part links to as ``kind`` (the last word of the relation's type)."""
    from docx.oxml.parser import parse_xml

    roots = []
    for relation in document.part.rels.values():
        if not relation.is_external and relation.reltype.endswith("/" + kind):
            part = relation.target_part
            try:
                roots.append(getattr(part, "element", None) if hasattr(part, "element") else parse_xml(part.blob))
            except SyntaxError as error:  # lxml's XMLSyntaxError is one
                raise ReadError("damaged", _DAMAGED) from error
    return roots


def _repaired(data: bytes) -> bytes:
    """A copy without links to members that are not there, with templates and macro files declared as documents."""
    source = zipfile.ZipFile(io.BytesIO(data))
    names = {name.lower() for name in source.namelist()}
    out = io.BytesIO()
    with source, zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as target:
        for name in dict.fromkeys(source.namelist()):
            content = source.read(name)
            if name.endswith(".rels"):
                content = _without_dangling(content, name, names)
            elif name == "[Content_Types].xml":
                content = _MAIN_VARIANTS.sub(_MAIN, content)
            target.writestr(name, content)
    return out.getvalue()


def _without_dangling(rels: bytes, name: str, names: set[str]) -> bytes:
    folder = name.rpartition("/")[0].removesuffix("_rels").strip("/")

    def keep(match: re.Match[bytes]) -> bytes:
        target = _TARGET.search(match[0])
        if target is None or _EXTERNAL.search(match[0]):
            return match[0]
        return match[0] if _member(folder, unescape(target[1].decode("utf-8", "replace"))) in names else b""

    return _RELATIONSHIP.sub(keep, rels)


def _member(folder: str, target: str) -> str:
    """The zip member that ``target`` names, seen from ``folder``; in lower case."""
    steps: list[str] = []
    for step in (target if target.startswith("/") else f"{folder}/{target}").split("/"):
        if step == "..":
            steps = steps[:-1]
        elif step not in ("", "."):
            steps.append(step)
    return "/".join(steps).lower()
