"""Paragraphs from lines."""

from __future__ import annotations

import pytest
from speeches import CALL, GREETING, PAST, TASKS, TITLE, ingest, joined, lines_of, paragraphs_of, wrapped

from rag.ingest.joining import free_glued_headings, glue, wrap_width
from rag.text.words import Analyzer
from rag.types import Span

PROSE = (PAST, TASKS, CALL, PAST + TASKS)


@pytest.mark.parametrize(("width", "indent"), [(30, "　　"), (40, "    "), (25, ""), (36, "　　")])
def test_hard_wrapped_paragraphs_are_whole_again(width: int, indent: str, analyzer: Analyzer) -> None:
    text = joined([TITLE, GREETING, *(wrapped(p, width, indent) for p in PROSE)])
    assert paragraphs_of(ingest(text, analyzer)) == [TITLE, GREETING, *PROSE]


def test_lines_that_are_paragraphs_stay_apart(analyzer: Analyzer) -> None:
    assert wrap_width(lines_of(joined(PROSE * 3))) is None
    assert paragraphs_of(ingest(joined([TITLE, GREETING, *PROSE]), analyzer)) == [TITLE, GREETING, *PROSE]


@pytest.mark.parametrize(
    "inside",
    [
        ["一、提高认识"],
        ["（一）要抓好各项重点任务的落实，确保全年工作圆满收官，不留尾巴"],
        ["云山苍苍", "江水泱泱", "先生之风", "山高水长"],
        ["云山苍苍，", "江水泱泱。"],
        ["单位\t数量", "县局\t12", "市局\t24"],
        ["　　　　　　　　　澜川市总工会", "　　　　　　　　　2019年3月5日"],
        ["同志们："],
    ],
)
def test_short_lines_among_wrapped_ones_stay_apart(inside: list[str], analyzer: Analyzer) -> None:
    before = [wrapped(p) for p in PROSE]
    text = joined([TITLE, GREETING, *before, *inside, *before])
    expected = [TITLE, GREETING, *PROSE, *(line.strip() for line in inside), *PROSE]
    assert paragraphs_of(ingest(text, analyzer)) == expected


def test_a_title_as_wide_as_the_page_stays_apart(analyzer: Analyzer) -> None:
    title = "在全市办公室系统信息报送和值班工作年度会议上的讲话"
    text = joined([title, *(wrapped(p, len(title), "") for p in PROSE)])
    assert paragraphs_of(ingest(text, analyzer)) == [title, *PROSE]


def test_a_greeting_stays_apart_from_an_unfinished_line(analyzer: Analyzer) -> None:
    unfinished = PAST[:30]
    text = joined([wrapped(PAST, 30, ""), wrapped(TASKS, 30, ""), unfinished, GREETING, wrapped(CALL, 30, "")])
    assert paragraphs_of(ingest(text, analyzer)) == [PAST, TASKS, unfinished, GREETING, CALL]


def test_a_heading_of_two_lines_is_one(analyzer: Analyzer) -> None:
    heading = "一、提高政治站位，充分认识做好新时代信息报送工作的重大意义和现实要求"
    body = [wrapped(p) for p in PROSE]
    text = joined([TITLE, GREETING, *body, wrapped(heading), *body])
    assert heading in paragraphs_of(ingest(text, analyzer))


def test_a_paragraph_goes_on_over_the_page(analyzer: Analyzer) -> None:
    whole = joined([TITLE, GREETING, *(wrapped(p) for p in PROSE)])
    cut = whole.index("\n", whole.index("收收发发"))
    text = f"{whole[:cut]}\n\f\n{whole[cut + 1 :]}"
    assert TASKS in paragraphs_of(ingest(text, analyzer))


def test_a_blank_line_ends_a_paragraph(analyzer: Analyzer) -> None:
    first, second = wrapped(PAST, 25, "").split("\n")[:2]
    text = joined([TITLE, GREETING, wrapped(TASKS, 25, ""), first, "", second, wrapped(TASKS, 25, "")])
    assert first in paragraphs_of(ingest(text, analyzer))


@pytest.mark.parametrize(
    ("left", "right", "between"), [("work", "hard", " "), ("信息", "报送", ""), ("work", "好", ""), ("end.", "(x", " ")]
)
def test_latin_words_keep_a_space_between_them(left: str, right: str, between: str) -> None:
    text = f"{left}\n{right}"
    assert glue(text, Span(0, len(left)), Span(len(left) + 1, len(text))) == between


def test_glued_headings_are_set_free() -> None:
    text = "请指正。一、首先谈谈概况。（二）再谈体会。"
    parts = [text[a:b] for [(a, b)] in free_glued_headings(text, [Span(0, len(text))])]
    assert parts == ["请指正。", "一、首先谈谈概况。", "（二）再谈体会。"]


def test_a_glued_heading_is_set_free_in_a_marked_up_line() -> None:
    text = "**请指正。**我讲两点。一、先谈**概况**，再谈体会。"
    (line,) = lines_of(text, "md")
    parts = ["".join(text[a:b] for a, b in group) for group in free_glued_headings(text, line.spans)]
    assert parts == ["请指正。我讲两点。", "一、先谈概况，再谈体会。"]


def test_words_that_only_marks_part_stay_together() -> None:
    assert glue("**now**here", Span(2, 5), Span(7, 11)) == ""


@pytest.mark.parametrize("text", ["抓好一、二线的工作。", "见附件（一）。", "一、形势和任务", "说明。一、"])
def test_what_is_no_glued_heading(text: str) -> None:
    assert free_glued_headings(text, [Span(0, len(text))]) == [[Span(0, len(text))]]
