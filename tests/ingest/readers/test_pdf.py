"""PDFs, each made here: text layer, pages, passwords, scans, damage, limits."""

from __future__ import annotations

import io
import re

import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.generic import NameObject, StreamObject
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from rag.errors import ReadError
from rag.ingest.readers import ReadLimits, read_bytes

PAGES = (
    ("在全县办公室主任会议上的讲话", "同志们：", "今天召开这次会议，主要任务是部署工作。"),
    ("一、提高认识。", "信息报送要及时、准确。"),
    ("二、抓好落实。",),
)


def make(pages: tuple[tuple[str, ...], ...], title: str = "", scanned: tuple[int, ...] = (), latin: str = "") -> bytes:
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    out = io.BytesIO()
    canvas = Canvas(out)
    canvas.setTitle(title)
    for number, lines in enumerate(pages):
        canvas.setFont("STSong-Light", 12)
        for row, line in enumerate(lines):
            canvas.drawString(72, 760 - 30 * row, line)
        if number in scanned:
            canvas.drawImage(ImageReader(Image.new("RGB", (8, 8), "grey")), 72, 72)
        canvas.showPage()
    if latin:
        canvas.drawString(72, 760, latin)
    canvas.save()
    return out.getvalue()


def locked(user: str, owner: str) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(make(PAGES))))
    writer.encrypt(user, owner, algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def refused(data: bytes, limits: ReadLimits | None = None) -> ReadError:
    with pytest.raises(ReadError) as caught:
        read_bytes(data, "讲话.pdf", limits or ReadLimits())
    return caught.value


def test_text_of_every_page_with_offsets() -> None:
    source = read_bytes(make(PAGES), "讲话.pdf")
    assert source.format == "pdf"
    ends = (*(start - 1 for start in source.pages[1:]), len(source.text))
    got = [source.text[start:end] for start, end in zip(source.pages, ends, strict=True)]
    assert [tuple(page.split("\n")[:-1]) for page in got] == list(PAGES)
    assert [source.text[start - 1] for start in source.pages[1:]] == ["\f", "\f"]
    assert source.notes == ()


def test_title_is_a_hint_without_the_printer_drivers_prefix() -> None:
    assert read_bytes(make(PAGES, "Microsoft Word - 会议讲话"), "a.pdf").title == "会议讲话"


def test_owner_password_alone_keeps_nobody_out() -> None:
    assert read_bytes(locked("", "owner"), "a.pdf").text == read_bytes(make(PAGES), "a.pdf").text


def test_user_password() -> None:
    error = refused(locked("secret", "owner"))
    assert error.reason == "encrypted"
    assert "密码" in str(error)


def test_cipher_without_its_component_names_the_component(monkeypatch: pytest.MonkeyPatch) -> None:
    from pypdf.errors import DependencyError

    def without(self: PdfReader, password: str) -> None:
        raise DependencyError("cryptography>=3.1 is required for AES algorithm")

    monkeypatch.setattr(PdfReader, "decrypt", without)
    error = refused(locked("", "owner"))
    assert error.reason == "encrypted"
    assert "pip install cryptography" in str(error)


def test_blank_pages_and_scans_have_no_text_layer() -> None:
    for data in (make(((), ())), make(((), ()), scanned=(0, 1))):
        error = refused(data)
        assert error.reason == "no-text-layer"
        assert "OCR" in str(error)


def test_a_scanned_page_among_others_is_reported() -> None:
    source = read_bytes(make((PAGES[0], (), PAGES[2]), scanned=(1,)), "a.pdf")
    assert len(source.pages) == 3
    assert "第 2 页只有图片" in source.notes[0]


def test_damage() -> None:
    whole = make(PAGES)
    assert refused(b"%PDF-1.4\n" + b"\x80garbage" * 50).reason == "damaged"
    assert refused(whole[:300]).reason == "damaged"


def test_one_broken_page_is_reported_and_the_rest_read() -> None:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(make(PAGES))))
    for page in writer.pages:
        page.compress_content_streams()
    out = io.BytesIO()
    writer.write(out)
    # An unknown filter name of the same length, in the first content stream only.
    broken = re.sub(rb"/FlateDecode", b"/FlattDecode", out.getvalue(), count=1)
    source = read_bytes(broken, "a.pdf")
    assert len(source.pages) == 3
    assert any("页损坏" in note for note in source.notes)


def test_font_without_a_usable_character_map_is_refused() -> None:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(make((), latin="ABC" * 30))))
    mapping = StreamObject()
    mapping.set_data(
        b"/CIDInit /ProcSet findresource begin begincmap 1 begincodespacerange <00> <ff> endcodespacerange "
        b"1 beginbfrange <41> <43> <e041> endbfrange endcmap end"
    )
    fonts = writer.pages[0]["/Resources"]["/Font"]
    for name in fonts:
        fonts[name].get_object()[NameObject("/ToUnicode")] = writer._add_object(mapping)
    out = io.BytesIO()
    writer.write(out)
    error = refused(out.getvalue())
    assert error.reason == "encoding"
    assert "OCR" in str(error)


def test_limits() -> None:
    data = make(PAGES)
    assert refused(data, ReadLimits(max_pages=2)).reason == "oversized"
    assert refused(data, ReadLimits(max_chars=10)).reason == "oversized"
    assert refused(data, ReadLimits(seconds=-1)).reason == "timeout"


def test_time_runs_out_within_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    from rag.ingest.readers.limits import Deadline
    from rag.ingest.readers.pdf import read_pdf

    clock = iter(range(1000))
    monkeypatch.setattr("rag.ingest.readers.limits.time.monotonic", lambda: next(clock))
    with pytest.raises(ReadError) as caught:
        read_pdf(make((PAGES[0] * 3,)), ReadLimits(), Deadline(seconds=4, started=0))
    assert caught.value.reason == "timeout"
