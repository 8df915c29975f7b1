"""Bytes of every format, damaged at random: a text or a ReadError, in one sentence; nothing else."""

from __future__ import annotations

import io
import zipfile
from functools import cache

import docx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reportlab.pdfgen.canvas import Canvas

from rag.errors import ReadError
from rag.ingest.readers import REASONS, ReadLimits, read_bytes

TEXT = "在全市信息工作会议上的讲话\n同志们：\n一、信息要快。\n（一）三小时内报送，不得迟报。\n"
LIMITS = ReadLimits(max_bytes=5_000_000, max_chars=1_000_000, max_unzipped=20_000_000, seconds=20)


@cache
def sound(format: str) -> bytes:
    out = io.BytesIO()
    if format == "docx":
        document = docx.Document()
        for line in TEXT.splitlines():
            document.add_paragraph(line)
        document.add_table(2, 2).cell(0, 0).text = "单位"
        document.save(out)
    elif format == "pdf":
        canvas = Canvas(out, pageCompression=0)
        canvas.drawString(72, 720, "Comrades, report at once. Report what is true.")
        canvas.showPage()
        canvas.drawString(72, 720, "Page two.")
        canvas.save()
    elif format == "html":
        body = "".join(f"<p>{line}</p>" for line in TEXT.splitlines())
        out.write(
            f"<!doctype html><html><head><meta charset=utf-8><title>讲话</title></head><body>{body}</body></html>".encode()
        )
    elif format == "mht":
        out.write(b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=b\r\n\r\n--b\r\n")
        out.write(b"Content-Type: text/html; charset=utf-8\r\n\r\n<p>" + TEXT.encode() + b"</p>\r\n--b--\r\n")
    else:
        out.write((f"# {TEXT}" if format == "md" else TEXT).encode("gb18030" if format == "txt" else "utf-8"))
    return out.getvalue()


@st.composite
def damaged(draw: st.DrawFn, format: str) -> bytes:
    """A sound file with some stretches overwritten, taken out, doubled, or with noise put in."""
    data = bytearray(sound(format))
    for _ in range(draw(st.integers(1, 6))):
        start = draw(st.integers(0, len(data)))
        end = min(len(data), start + draw(st.integers(0, 60)))
        how = draw(st.sampled_from(("noise", "out", "twice", "zero", "digits")))
        if how == "noise":
            data[start:end] = draw(st.binary(max_size=40))
        elif how == "out":
            del data[start:end]
        elif how == "twice":
            data[start:start] = data[start:end]
        elif how == "zero":
            data[start:end] = bytes(end - start)
        else:
            data[start:end] = b"9" * (end - start)
    return bytes(data)


def check(data: bytes, name: str) -> None:
    try:
        source = read_bytes(data, name, LIMITS)
    except ReadError as error:
        assert error.reason in REASONS
        assert "\n" not in str(error)
        return
    assert source.text.strip()
    source.text.encode()  # what cannot be encoded cannot be stored
    assert list(source.pages) == sorted(source.pages)
    for span in (*source.headings, *source.boilerplate, *source.generated):
        assert 0 <= span.start <= span.end <= len(source.text)


@pytest.mark.parametrize("format", ["txt", "md", "html", "mht", "pdf", "docx"])
def test_damaged_files(format: str) -> None:
    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(damaged(format))
    def run(data: bytes) -> None:
        check(data, f"讲话.{format}")

    run()


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.binary(max_size=3000), st.sampled_from(("txt", "md", "pdf", "docx", "html", "mht", "exe", "")))
def test_noise(data: bytes, suffix: str) -> None:
    check(data, f"a.{suffix}")


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=400))
def test_any_markup_in_a_document(inner: str) -> None:
    """A DOCX whose parts are sound zip members with any text in place of the XML."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(sound("docx"))) as whole, zipfile.ZipFile(out, "w") as target:
        for name in whole.namelist():
            body = whole.read(name)
            target.writestr(
                name, body.replace("信息".encode(), inner.encode()) if name == "word/document.xml" else body
            )
    check(out.getvalue(), "a.docx")
