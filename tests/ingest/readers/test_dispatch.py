"""Which reader gets a file, and the limits every file meets."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import docx
import pytest
from reportlab.pdfgen.canvas import Canvas

from rag.errors import ReadError
from rag.ingest.readers import REASONS, SUPPORTED, ReadLimits, read_bytes, read_source
from rag.ingest.readers.sniff import BY_SUFFIX, NAMES

TEXT = "同志们：今天召开全县办公室主任会议，主要任务是总结工作。"
PAGE = f"<!DOCTYPE html><html><body><p>{TEXT}</p></body></html>"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


def pdf() -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out)
    canvas.drawString(72, 720, "Comrades")
    canvas.save()
    return out.getvalue()


def word() -> bytes:
    out = io.BytesIO()
    document = docx.Document()
    document.add_paragraph(TEXT)
    document.save(out)
    return out.getvalue()


def zipped(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/"), content)
    return out.getvalue()


def refused(data: bytes, name: str, limits: ReadLimits | None = None) -> ReadError:
    with pytest.raises(ReadError) as caught:
        read_bytes(data, name, limits or ReadLimits())
    assert caught.value.reason in REASONS
    return caught.value


@pytest.mark.parametrize(
    ("data", "name", "found"),
    [
        (pdf(), "a.txt", "pdf"),
        (PAGE.encode(), "a.pdf", "html"),
        (PAGE.encode("gb18030"), "a.doc", "html"),
        (PAGE.encode("utf-16"), "a.txt", "html"),
        (word(), "a.doc", "docx"),
        (word(), "a.wps", "docx"),
        (TEXT.encode("gb18030"), "a.docx", "txt"),
        (TEXT.encode(), "a.pdf", "txt"),
    ],
)
def test_content_decides_and_the_disguise_is_noted(data: bytes, name: str, found: str) -> None:
    source = read_bytes(data, name)
    assert source.format == found
    assert f"扩展名是 {Path(name).suffix}，内容是{NAMES[found]}" in source.notes[0]


@pytest.mark.parametrize(("data", "name"), [(pdf(), "a.PDF"), (word(), "讲话.docx"), (TEXT.encode(), "a.txt")])
def test_files_that_are_what_they_say_have_no_note(data: bytes, name: str) -> None:
    assert read_bytes(data, name).notes == ()


def test_unknown_suffix_is_read_by_content_with_a_note() -> None:
    source = read_bytes(TEXT.encode(), "讲话")
    assert source.text == TEXT
    assert "（无）" in source.notes[0]


def test_markup_in_markdown_and_in_prose_stays_text() -> None:
    for name in ("a.md", "a.txt"):
        text = "同志们：网页的 <html> 标签要规范。\n"
        assert read_bytes(text.encode(), name).text == text
    assert read_bytes(b"<html> tags", "a.md").format == "md"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "OCR"),
        (b"\xff\xd8\xff\xe0" + bytes(50), "OCR"),
        (b"Rar!\x1a\x07\x00" + bytes(50), "解压"),
        (zipped(**{"a.txt": b"x"}), "解压"),
        (zipped(**{"OFD.xml": b"<x/>"}), "OFD"),
        (zipped(**{"[Content_Types].xml": b"<x/>", "xl__workbook.xml": b"<x/>"}), "表格"),
        (OLE + "Workbook".encode("utf-16-le"), "表格"),
    ],
)
def test_what_holds_no_readable_text_is_named(data: bytes, words: str) -> None:
    error = refused(data, "a.txt")
    assert error.reason == "unsupported"
    assert words in str(error)


def test_office_files_with_a_password() -> None:
    assert refused(OLE + "EncryptedPackage".encode("utf-16-le"), "a.docx").reason == "encrypted"
    word97 = OLE + b"\xec\xa5\xc1\x00" + bytes(7) + b"\x01" + "WordDocument".encode("utf-16-le")
    assert refused(word97, "a.doc").reason == "encrypted"


def test_broken_zip_is_damaged() -> None:
    assert refused(word()[:400], "a.docx").reason == "damaged"


def test_limits_on_bytes_and_characters() -> None:
    data = TEXT.encode()
    assert refused(data, "a.txt", ReadLimits(max_bytes=len(data) - 1)).reason == "oversized"
    assert refused(data, "a.txt", ReadLimits(max_chars=len(TEXT) - 1)).reason == "oversized"
    assert read_bytes(data, "a.txt", ReadLimits(max_bytes=len(data), max_chars=len(TEXT))).text == TEXT


@pytest.mark.parametrize(
    ("data", "name"), [(TEXT.encode(), "a.txt"), (pdf(), "a.pdf"), (word(), "a.docx"), (PAGE.encode(), "a.html")]
)
def test_time_limit(data: bytes, name: str) -> None:
    assert refused(data, name, ReadLimits(seconds=-1)).reason == "timeout"


def test_read_source_reads_a_file_and_names_what_is_wrong(tmp_path: Path) -> None:
    path = tmp_path / "讲话.txt"
    path.write_bytes(TEXT.encode("gb18030"))
    assert read_source(path).text == TEXT
    for bad, reason in ((tmp_path / "没有.txt", "missing"), (tmp_path, "unreadable"), (Path("a\x00b"), "unreadable")):
        with pytest.raises(ReadError) as caught:
            read_source(bad)
        assert caught.value.reason == reason
    with pytest.raises(ReadError) as caught:
        read_source(path, ReadLimits(max_bytes=3))
    assert caught.value.reason == "oversized"


def test_supported_suffixes() -> None:
    assert {".txt", ".md", ".pdf", ".docx", ".html", ".htm", ".doc", ".wps", ".rtf", ".odt"} <= set(SUPPORTED)
    assert set(BY_SUFFIX.values()) <= set(NAMES)
