"""The Word document: read back it holds the quotations, and it has the layout of GB/T 9704—2012."""

from __future__ import annotations

import io
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.archive.reader import Archive
from rag.text.sentences import sentences
from rag.types import Span
from rag.write.citation import FullCitation
from rag.write.export import Entry, Item, entries
from rag.write.export_docx import docx_bytes
from rag.write.following import Fate


def cited(quote: str, *, title: str = "讲话", heading: str = "抓落实", note: str = "", sample: bool = False) -> Entry:
    citation = FullCitation(title, "某市", "张三", "", "2019年3月", "一、抓落实", 3, "讲话.pdf", sample)
    return Entry(Item(title, 0, 9, note), Fate.SAME, quote, title, Span(0, 9), citation, heading)


def parsed(data: bytes) -> Any:
    from docx import Document

    return Document(io.BytesIO(data))


def texts(document: Any, style: str) -> list[str]:
    return [p.text for p in document.paragraphs if p.style.name == style]


@pytest.fixture(scope="module")
def some(sample_archive: Path) -> tuple[Entry, ...]:
    """Two sentences in a row from the middle of every sixth sample speech."""
    archive = Archive(sample_archive)
    items = []
    for speech in archive.speeches()[::6]:
        spans = sentences(speech.text)
        middle = len(spans) // 2
        items.append(Item(speech.speech_id, spans[middle - 1].start, spans[middle].end, "用在开头"))
    return entries(archive, items, lambda words: None, sample=True)


def test_every_quotation_stands_in_the_document_character_for_character(some: tuple[Entry, ...], sample_archive: Path) -> None:
    archive = Archive(sample_archive)
    document = parsed(docx_bytes(some, "素材摘编"))
    assert "\n".join(texts(document, "引文")) == "\n".join(one.quote for one in some)
    assert all(archive.speech(one.speech_id).text[slice(*one.span)] == one.quote for one in some)
    assert texts(document, "出处") == [f"——{one.citation.line}" for one in some if one.citation]
    assert all(line.endswith("，示例（虚构）") for line in texts(document, "出处"))
    assert texts(document, "批注") == ["批注：用在开头"] * len(some)


@given(st.text(st.characters(blacklist_categories=["Cs", "Cc"]), min_size=1))
def test_any_quotation_comes_back(quote: str) -> None:
    document = parsed(docx_bytes([cited(quote)], "题"))
    assert "\n".join(texts(document, "引文")) == quote.replace("\ufffe", "").replace("\uffff", "")


def test_headings_follow_speech_and_section() -> None:
    found = [cited("甲。"), cited("乙。"), cited("丙。", heading="抓典型"), cited("丁。", title="另一篇", heading="")]
    document = parsed(docx_bytes(found, "素材摘编"))
    assert [(p.style.name, p.text) for p in document.paragraphs if p.style.name.startswith(("Title", "Heading"))] == [
        ("Title", "素材摘编"), ("Heading 1", "讲话"), ("Heading 2", "抓落实"), ("Heading 2", "抓典型"), ("Heading 1", "另一篇"),
    ]  # fmt: skip
    assert texts(document, "Subtitle") == []


def test_the_sample_archive_is_marked_below_the_title() -> None:
    assert texts(parsed(docx_bytes([cited("甲。", sample=True)], "题")), "Subtitle") == ["示例（虚构）"]


def test_paper_margins_and_lines_are_those_of_the_standard() -> None:
    document = parsed(docx_bytes([cited("甲。")], "题"))
    page = document.sections[0]
    sizes = (page.page_width, page.page_height, page.top_margin, page.bottom_margin, page.left_margin, page.right_margin)
    assert [round(size.mm) for size in sizes] == [210, 297, 37, 35, 28, 26]
    for name in ("引文", "Heading 1", "Heading 2"):
        assert document.styles[name].paragraph_format.line_spacing.pt == 28


@pytest.mark.parametrize(
    ("style", "font", "points"),
    [("Title", "方正小标宋简体", 22), ("引文", "仿宋_GB2312", 16), ("Heading 1", "黑体", 16), ("Heading 2", "楷体_GB2312", 16), ("Footer", "宋体", 14)],
)  # fmt: skip
def test_fonts_are_those_of_the_standard_and_have_substitutes(style: str, font: str, points: int) -> None:
    from docx.opc.constants import RELATIONSHIP_TYPE
    from docx.oxml.ns import qn

    document = parsed(docx_bytes([cited("甲。")], "题"))
    look = document.styles[style]
    assert look.element.rPr.rFonts.get(qn("w:eastAsia")) == font
    assert look.font.size.pt == points
    table = document.part.part_related_by(RELATIONSHIP_TYPE.FONT_TABLE).blob.decode()
    assert f'<w:font w:name="{font}"><w:altName w:val="' in table


def test_word_numbers_the_headings_and_the_pages() -> None:
    document = parsed(docx_bytes([cited("甲。")], "题"))
    numbering = document.part.numbering_part.element
    shown = {level.get(f"{{{level.nsmap['w']}}}val") for level in numbering.iter("{*}lvlText")}
    assert {"%1、", "（%2）"} <= shown
    ids = [document.styles[name].element.pPr.numPr.numId.val for name in ("Heading 1", "Heading 2")]
    assert len(set(ids)) == 1
    assert document.settings.odd_and_even_pages_header_footer
    odd, even = document.sections[0].footer.paragraphs[0], document.sections[0].even_page_footer.paragraphs[0]
    assert [p.alignment.name for p in (odd, even)] == ["RIGHT", "LEFT"]
    for paragraph in (odd, even):
        assert paragraph._p.xpath("./w:fldSimple/@w:instr") == [" PAGE "]
        assert "".join(paragraph._p.xpath(".//w:t/text()")) == "— 1 —"


def test_our_own_reader_finds_the_numbers_that_word_shows(some: tuple[Entry, ...]) -> None:
    from rag.ingest.readers import read_bytes

    text = read_bytes(docx_bytes(some, "素材摘编"), "摘编.docx").text
    assert f"一、{some[0].citation.title}" in text  # type: ignore[union-attr]
    assert f"二、{some[1].citation.title}" in text  # type: ignore[union-attr]


def test_libreoffice_opens_it_and_prints_every_quotation(
    some: tuple[Entry, ...], tmp_path: Path, require_program: Callable[[str], str]
) -> None:
    from pypdf import PdfReader

    soffice = require_program("soffice")
    (tmp_path / "摘编.docx").write_bytes(docx_bytes(some, "素材摘编"))
    command = [soffice, f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless", "--convert-to", "pdf"]
    subprocess.run([*command, "--outdir", str(tmp_path), str(tmp_path / "摘编.docx")], check=True, capture_output=True, timeout=180)
    pages = PdfReader(tmp_path / "摘编.pdf").pages
    assert [round(float(side) / 72 * 25.4) for side in pages[0].mediabox[2:]] == [210, 297]
    printed = ["".join(page.extract_text().split()) for page in pages]
    assert all(f"—{n}—" in text for n, text in enumerate(printed, 1))
    whole = "".join(text.replace(f"—{n}—", "") for n, text in enumerate(printed, 1))
    lost = [one.quote for one in some if "".join(one.quote.split()) not in whole]
    assert lost == []
    assert "一、" in whole
    assert "（一）" in whole
