"""Automatic numbers, as Word writes them."""

from __future__ import annotations

import pytest
from docx_builder import definition, document, instance, level, numbered, paragraph, read

OUTLINE = definition(
    7,
    level(0, "chineseCounting", "%1、", '<w:suff w:val="nothing"/>'),
    level(1, "chineseCountingThousand", "（%2）"),
    level(2, "decimal", "%3."),
    level(3, "decimal", "%1.%3.%4", "<w:isLgl/>"),
)


def lines(*blocks: str, numbering: str, styles: str = "") -> list[str]:
    return read(document(*blocks, numbering=numbering, styles=styles)).text.split("\n")


def test_levels_count_and_deeper_ones_start_again() -> None:
    blocks = [numbered("文", 1, at) for at in (0, 1, 1, 2, 2, 0, 1, 2, 3)]
    assert lines(*blocks, numbering=OUTLINE + instance(1, 7)) == [
        "一、文", "（一）文", "（二）文", "1. 文", "2. 文", "二、文", "（一）文", "1. 文", "2.1.1 文",
    ]  # fmt: skip


def test_generated_spans_cover_label_and_separator_and_nothing_else() -> None:
    source = read(
        document(numbered("甲", 1), paragraph("乙"), numbered("丙", 1, 2), numbering=OUTLINE + instance(1, 7))
    )
    assert source.text == "一、甲\n乙\n1. 丙"
    assert [source.text[start:end] for start, end in source.generated] == ["一、", "1. "]


def test_eleven_and_start_value() -> None:
    numbering = definition(3, level(0, "chineseCounting", "第%1条", start=10)) + instance(1, 3)
    assert lines(*[numbered("文", 1)] * 3, numbering=numbering) == ["第十条文", "第十一条文", "第十二条文"]


@pytest.mark.parametrize(
    ("style", "expected"),
    [
        ("upperRoman", "II"), ("lowerLetter", "b"), ("upperLetter", "B"), ("ideographDigital", "二"),
        ("japaneseCounting", "二"), ("decimalEnclosedCircleChinese", "②"), ("decimalZero", "02"),
        ("ideographTraditional", "乙"),
    ],
)  # fmt: skip
def test_formats(style: str, expected: str) -> None:
    numbering = definition(3, level(0, style, "%1）", '<w:suff w:val="space"/>')) + instance(1, 3)
    assert lines(numbered("甲", 1), numbered("乙", 1), numbering=numbering)[1] == f"{expected}） 乙"


def test_unknown_format_is_decimal_and_noted() -> None:
    source = read(document(numbered("文", 1), numbering=definition(3, level(0, "hebrew1", "%1.")) + instance(1, 3)))
    assert source.text == "1. 文"
    assert "hebrew1" in source.notes[0]


def test_instances_of_one_definition_count_on_unless_told_to_start_again() -> None:
    restart = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'
    numbering = OUTLINE + instance(1, 7) + instance(2, 7) + instance(3, 7, restart)
    blocks = [numbered("文", num) for num in (1, 1, 2, 3, 3, 1)]
    assert lines(*blocks, numbering=numbering) == [f"{number}、文" for number in "一二三一二三"]


def test_instance_may_redefine_a_level() -> None:
    override = f'<w:lvlOverride w:ilvl="0">{level(0, "decimal", "%1、")}</w:lvlOverride>'
    assert lines(numbered("文", 2), numbering=OUTLINE + instance(2, 7, override)) == ["1、文"]


def test_restart_rules() -> None:
    numbering = definition(
        3,
        level(0, "decimal", "%1."),
        level(1, "decimal", "%2)", '<w:lvlRestart w:val="0"/>'),
        level(2, "decimal", "(%3)", '<w:lvlRestart w:val="1"/>'),
    ) + instance(1, 3)
    blocks = [numbered("", 1, at) for at in (0, 1, 2, 1, 2, 0, 1, 2)]
    made = "1. |1) |(1) |2) |(2) |2. |3) |(1) "
    assert "|".join(lines(*blocks, paragraph("完"), numbering=numbering)[:-1]) == made


def test_deep_level_without_its_parents_shows_their_start() -> None:
    numbering = definition(3, level(0, "decimal", "%1."), level(1, "decimal", "%1.%2")) + instance(1, 3)
    assert lines(numbered("甲", 1, 1), numbered("乙", 1, 0), numbering=numbering) == ["1.1 甲", "1. 乙"]


def test_numbers_through_styles() -> None:
    styles = (
        '<w:style w:type="paragraph" w:styleId="条一"><w:name w:val="条一"/>'
        '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="条二"><w:name w:val="条二"/><w:basedOn w:val="条一"/>'
        '<w:pPr><w:numPr><w:ilvl w:val="1"/><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="子"><w:name w:val="子"/><w:basedOn w:val="条二"/></w:style>'
    )
    numbering = definition(
        7,
        level(0, "chineseCounting", "%1、", '<w:pStyle w:val="条一"/>'),
        level(1, "chineseCounting", "（%2）", '<w:pStyle w:val="条二"/>'),
    ) + instance(1, 7)
    off = '<w:pStyle w:val="条一"/><w:numPr><w:numId w:val="0"/></w:numPr>'
    blocks = [paragraph("文", f'<w:pStyle w:val="{style}"/>') for style in ("条一", "条二", "子", "条一")]
    assert lines(*blocks, paragraph("文", off), numbering=numbering, styles=styles) == [
        "一、文", "（一）文", "（二）文", "二、文", "文",
    ]  # fmt: skip


def test_list_styles_lead_to_their_definition() -> None:
    styles = (
        '<w:style w:type="numbering" w:styleId="列表"><w:name w:val="列表"/>'
        '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
    )
    linked = '<w:abstractNum w:abstractNumId="9"><w:numStyleLink w:val="列表"/></w:abstractNum>'
    numbering = OUTLINE + linked + instance(1, 7) + instance(2, 9)
    assert lines(numbered("文", 2), numbering=numbering, styles=styles) == ["一、文"]


def test_bullets() -> None:
    numbering = definition(3, level(0, "bullet", "\uf06c"), level(1, "bullet", "◆")) + instance(1, 3)
    assert lines(numbered("甲", 1), numbered("乙", 1, 1), numbering=numbering) == ["• 甲", "◆乙"]


def test_custom_format_falls_back() -> None:
    custom = (
        '<w:lvl w:ilvl="0"><w:start w:val="1"/><mc:AlternateContent><mc:Choice Requires="w14">'
        '<w:numFmt w:val="custom" w:format="001, 002"/></mc:Choice><mc:Fallback><w:numFmt w:val="decimalZero"/>'
        '</mc:Fallback></mc:AlternateContent><w:lvlText w:val="%1."/></w:lvl>'
    )
    assert lines(numbered("文", 1), numbering=definition(3, custom) + instance(1, 3)) == ["01. 文"]


def test_numbering_that_is_not_defined_is_ignored() -> None:
    assert lines(numbered("文", 42), numbered("文", 1, 8), numbering=OUTLINE + instance(1, 7)) == ["文", "文"]


def test_numbered_heading_span_covers_the_number() -> None:
    block = paragraph("认识", '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr><w:outlineLvl w:val="0"/>')
    source = read(document(block, numbering=OUTLINE + instance(1, 7)))
    assert [source.text[start:end] for start, end in source.headings] == ["一、认识"]
