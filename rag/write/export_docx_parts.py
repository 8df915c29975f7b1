"""What python-docx has no words for: fonts with their substitutes, Chinese numbering, page numbers left and right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from docx.document import Document
    from docx.styles.style import ParagraphStyle

TITLE_FONT, BODY_FONT, FIRST_FONT, SECOND_FONT, NUMBER_FONT = (
    "方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312", "宋体"
)  # fmt: skip
LATIN_FONT = "Times New Roman"
# What a word processor takes where the font is missing (ECMA-376, 17.8.3.1: a list separated by commas).
SUBSTITUTES = {
    TITLE_FONT: "方正小标宋_GBK,华文中宋,STZhongsong,宋体",
    BODY_FONT: "仿宋,FangSong,华文仿宋,STFangsong",
    FIRST_FONT: "SimHei,微软雅黑",
    SECOND_FONT: "楷体,KaiTi,华文楷体,STKaiti",
    NUMBER_FONT: "SimSun,Songti SC",
}
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_CHARACTERS = 200  # hundredths of a character: two


def set_font(style: ParagraphStyle, name: str, points: float, *, bold: bool = False) -> None:
    """Gives a style a Chinese font (Latin letters in Times New Roman), a size and black ink."""
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    style.font.size, style.font.bold, style.font.italic = Pt(points), bold, False
    style.font.color.rgb = RGBColor(0, 0, 0)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for attribute in list(fonts.attrib):
        del fonts.attrib[attribute]
    for kind, font in (("ascii", LATIN_FONT), ("hAnsi", LATIN_FONT), ("eastAsia", name), ("cs", LATIN_FONT)):
        fonts.set(qn(f"w:{kind}"), font)
    fonts.set(qn("w:hint"), "eastAsia")


def indent_two_characters(style: ParagraphStyle, points: float) -> None:
    """First line indented by two characters of the size given."""
    from docx.oxml.ns import qn
    from docx.shared import Pt

    style.paragraph_format.first_line_indent = Pt(2 * points)
    style.element.pPr.ind.set(qn("w:firstLineChars"), str(_CHARACTERS))


def declare_fonts(document: Document) -> None:
    """Replaces the font table by one that names substitutes."""
    from docx.opc.constants import RELATIONSHIP_TYPE

    fonts = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{others}"/><w:charset w:val="86"/>'
        f'<w:family w:val="{"modern" if name in (FIRST_FONT, SECOND_FONT, BODY_FONT) else "roman"}"/>'
        '<w:pitch w:val="default"/></w:font>'
        for name, others in SUBSTITUTES.items()
    )
    part = document.part.part_related_by(RELATIONSHIP_TYPE.FONT_TABLE)
    part._blob = (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:fonts xmlns:w="{_W}">{fonts}</w:fonts>'.encode()
    )


def declare_language(document: Document) -> None:
    """Simplified Chinese, so that a substitute font draws its punctuation where it belongs."""
    from docx.oxml.ns import qn

    for language in document.styles.element.xpath("./w:docDefaults//w:lang"):
        language.set(qn("w:eastAsia"), "zh-CN")


def number_headings(document: Document, levels: tuple[tuple[ParagraphStyle, str, str], ...]) -> None:
    """Numbers styles as one list of several levels: (style, number format, text of the level such as «%1、»)."""
    from docx.oxml import parse_xml
    from docx.oxml.ns import qn

    numbering = document.part.numbering_part.element
    abstract = max((int(a.get(qn("w:abstractNumId"))) for a in numbering.findall(qn("w:abstractNum"))), default=-1) + 1
    written = "".join(
        f'<w:lvl w:ilvl="{n}"><w:start w:val="1"/><w:numFmt w:val="{format}"/><w:pStyle w:val="{style.style_id}"/>'
        f'<w:suff w:val="nothing"/><w:lvlText w:val="{text}"/><w:lvlJc w:val="left"/></w:lvl>'
        for n, (style, format, text) in enumerate(levels)
    )
    element = parse_xml(
        f'<w:abstractNum xmlns:w="{_W}" w:abstractNumId="{abstract}"><w:multiLevelType w:val="multilevel"/>{written}</w:abstractNum>'
    )
    first = numbering.find(qn("w:num"))
    if first is None:
        numbering.append(element)
    else:
        first.addprevious(element)
    number = numbering.add_num(abstract).numId
    for n, (style, _format, _text) in enumerate(levels):
        properties = style.element.get_or_add_pPr().get_or_add_numPr()
        properties.get_or_add_ilvl().val = n
        properties.get_or_add_numId().val = number


def number_pages(document: Document, points: float) -> None:
    """«— 1 —» at the outer edge, one character from it: right on odd pages, left on even ones."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    document.settings.odd_and_even_pages_header_footer = True
    section = document.sections[0]
    for footer, side in ((section.footer, WD_ALIGN_PARAGRAPH.RIGHT), (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT)):
        footer.is_linked_to_previous = False
        paragraph = footer.paragraphs[0]
        paragraph.alignment = side
        edge = paragraph.paragraph_format
        edge.left_indent = edge.right_indent = Pt(points)
        paragraph.add_run("— ")
        _page_field(paragraph)
        paragraph.add_run(" —")


def _page_field(paragraph: Any) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), " PAGE ")
    run = OxmlElement("w:r")
    shown = OxmlElement("w:t")
    shown.text = "1"
    run.append(shown)
    field.append(run)
    paragraph._p.append(field)
