"""Lines, their contents and their margins."""

from __future__ import annotations

import pytest
from speeches import source

from rag.ingest.lines import display_width, split_lines


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029"])
def test_every_kind_of_line_end_divides(end: str) -> None:
    assert [line.text for line in split_lines(source(f"甲{end}乙{end}"))] == ["甲", "乙", ""]


@pytest.mark.parametrize(
    ("raw", "content"),
    [
        ("\u3000\u3000甲 乙 ", "甲 乙"),
        ("\ufeff甲\u200b", "甲"),
        ("\x00甲\x00乙\x00", "甲\x00乙"),
        ("\xa0\t甲\u00ad", "甲"),
        ("\x00\u200b \u3000", ""),
        ("", ""),
    ],
)
def test_white_space_and_nul_at_the_edges_are_no_content(raw: str, content: str) -> None:
    (line,) = split_lines(source(raw))
    assert line.text == raw[line.start : line.end] == content
    assert line.blank == (content == "")


@pytest.mark.parametrize(("lead", "width"), [("", 0), ("　　", 4), ("  ", 2), ("\t", 4), ("\ufeff　", 2)])
def test_indent_counts_half_width_columns(lead: str, width: int) -> None:
    assert split_lines(source(f"{lead}甲"))[0].indent == width


def test_form_feeds_count_pages() -> None:
    assert [(line.text, line.page) for line in split_lines(source("甲\n乙\f丙\f\f丁"))] == [
        ("甲", 0), ("乙", 0), ("丙", 1), ("", 2), ("丁", 3),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("raw", "marks", "content"),
    [
        ("# 标题", "# ", "标题"),
        ("### 一、标题", "### ", "一、标题"),
        ("> - 引文", "> - ", "引文"),
        ("* 要点", "* ", "要点"),
        ("---", "---", ""),
        ("## 一、认识 ##", "## ##", "一、认识"),
        ("**粗体**", "****", "粗体"),
        ("#标签", "", "#标签"),
        ("-3度", "", "-3度"),
    ],
)
def test_markdown_marks_are_told_from_content(raw: str, marks: str, content: str) -> None:
    (line,) = split_lines(source(raw, "md"))
    assert line.text == content
    assert "".join(raw[a:b] for a, b, _ in line.marks) == marks


def test_plain_text_has_no_markdown() -> None:
    assert split_lines(source("# 标题"))[0].text == "# 标题"


def test_key_ignores_punctuation_width_and_space() -> None:
    a, b = split_lines(source("在 全市会议（2019）\n在全市会议(２０１９)"))
    assert a.key == b.key


def test_display_width() -> None:
    assert display_width("ab信息，") == 8
