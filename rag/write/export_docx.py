"""素材篮 as a Word document in the layout of GB/T 9704—2012 (党政机关公文格式)."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from rag.write.citation import SAMPLE
from rag.write.export import Entry, runs
from rag.write.export_docx_parts import (
    BODY_FONT,
    FIRST_FONT,
    NUMBER_FONT,
    SECOND_FONT,
    TITLE_FONT,
    declare_fonts,
    declare_language,
    indent_two_characters,
    number_headings,
    number_pages,
    set_font,
)

if TYPE_CHECKING:
    from docx.document import Document
    from docx.styles.style import ParagraphStyle
    from docx.text.paragraph import Paragraph

# Millimetres: the paper, its margins (天头、订口 and what they leave of 156 × 225), and the page number's place.
PAGE, MARGINS, FOOTER = (210, 297), {"top": 37, "bottom": 35, "left": 28, "right": 26}, 25
ER_HAO, SAN_HAO, SI_HAO = 22, 16, 14  # 二号, 三号, 四号 in points
LINE = 28  # points
QUOTE, SOURCE, NOTE, NOTICE = "引文", "出处", "批注", "说明"
# Characters that XML 1.0 cannot hold at all, not even escaped.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def docx_bytes(entries: Sequence[Entry], title: str) -> bytes:
    """The document: a heading a speech, below it one a section, and each quotation with its source and the reader's note.

    The paragraphs of style `QUOTE` that follow each other, joined by line breaks, are a quotation character for
    character, but for control characters that XML cannot hold.
    """
    from docx import Document
    from docx.shared import Pt

    document = Document()
    _lay_out(document)
    _styles(document)
    head = _write(document, "Title", title)
    if any(one.citation and one.citation.sample for one in entries):
        head = _write(document, "Subtitle", SAMPLE)
    head.paragraph_format.space_after = Pt(LINE)
    for name, members in runs(entries):
        _write(document, "Heading 1", name)
        heading = ""
        for one in members:
            if one.heading and one.heading != heading:
                _write(document, "Heading 2", one.heading)
            heading = one.heading
            _write_entry(document, one)
    document.core_properties.title, document.core_properties.author = _clean(title), "言据"
    document.core_properties.comments = ""
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def _write_entry(document: Document, one: Entry) -> None:
    if one.notice:
        _write(document, NOTICE, f"说明：{one.notice}")
    for line in one.quote.split("\n") if one.quote else ():
        _write(document, QUOTE, line)
    if one.citation:
        _write(document, SOURCE, f"——{one.citation.line}")
    if one.item.note:
        _write(document, NOTE, f"批注：{one.item.note}")


def _write(document: Document, style: str, text: str) -> Paragraph:
    return document.add_paragraph(_clean(text), style)


def _clean(text: str) -> str:
    return _NOT_XML.sub("", text)


def _lay_out(document: Document) -> None:
    from docx.enum.section import WD_ORIENT
    from docx.shared import Mm

    section = document.sections[0]
    section.orientation = WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(PAGE[0]), Mm(PAGE[1])
    for side, width in MARGINS.items():
        setattr(section, f"{side}_margin", Mm(width))
    section.footer_distance = Mm(FOOTER)
    declare_fonts(document)
    declare_language(document)


def _styles(document: Document) -> None:
    from docx.enum.style import WD_STYLE_TYPE
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    styles = document.styles
    looks = {
        "Normal": (BODY_FONT, SAN_HAO), "Title": (TITLE_FONT, ER_HAO), "Subtitle": (SECOND_FONT, SAN_HAO),
        "Heading 1": (FIRST_FONT, SAN_HAO), "Heading 2": (SECOND_FONT, SAN_HAO), "Footer": (NUMBER_FONT, SI_HAO),
        QUOTE: (BODY_FONT, SAN_HAO), SOURCE: (BODY_FONT, SI_HAO), NOTE: (SECOND_FONT, SI_HAO), NOTICE: (FIRST_FONT, SI_HAO),
    }  # fmt: skip
    for name, (font, points) in looks.items():
        style = styles[name] if name in styles else styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        if name in (QUOTE, SOURCE, NOTE, NOTICE):
            style.base_style = styles["Normal"]
        set_font(style, font, points)
        _space(style)
        if name in ("Title", "Subtitle"):
            style.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
        elif name not in ("Normal", "Footer"):
            indent_two_characters(style, points)
    for name in (QUOTE, NOTICE):
        styles[name].paragraph_format.keep_with_next = True
    levels = ((styles["Heading 1"], "chineseCounting", "%1、"), (styles["Heading 2"], "chineseCounting", "（%2）"))
    number_headings(document, levels)
    number_pages(document, SI_HAO)


def _space(style: ParagraphStyle) -> None:
    """Exactly 28 points a line, nothing before or after; a heading stays with what follows it."""
    from docx.enum.text import WD_LINE_SPACING
    from docx.shared import Pt

    form = style.paragraph_format
    form.space_before = form.space_after = Pt(0)
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(LINE)
    form.keep_with_next = style.name.startswith("Heading")
    form.widow_control = True
    for border in style.element.pPr.xpath("./w:pBdr"):
        style.element.pPr.remove(border)
