"""The text of a speech and the account of what is left over."""

from __future__ import annotations

import pytest
from speeches import lines_of

from rag.ingest.assemble import STRAY_SPACE, WHITE_SPACE, assemble, removals, to_source
from rag.ingest.lines import MARKUP
from rag.text.words import Analyzer
from rag.types import Piece, Removal, Span


def test_an_exact_account(analyzer: Analyzer) -> None:
    source = " 甲\n乙\n站点\n丙"
    lines = lines_of(source)
    made = assemble(source, [[Span(1, 2), Span(3, 4)], [Span(8, 9)]], analyzer)
    assert made.text == "甲乙\n丙"
    assert made.pieces == (Piece(0, 1, 1), Piece(1, 3, 1), Piece(3, 8, 1))
    assert made.paragraphs == (Span(0, 2), Span(3, 4))
    assert removals(source, made.pieces, lines, {2: "site"}) == [
        Removal(0, 1, WHITE_SPACE),
        Removal(2, 3, WHITE_SPACE),
        Removal(4, 5, WHITE_SPACE),
        Removal(5, 7, "site"),
        Removal(7, 8, WHITE_SPACE),
    ]


def test_spaces_inside_words_go_and_others_stay(analyzer: Analyzer) -> None:
    source = "认真抓好发展　观的落实 请大家讨论"
    made = assemble(source, [[Span(0, len(source))]], analyzer)
    assert made.text == "认真抓好发展观的落实 请大家讨论"
    assert removals(source, made.pieces, lines_of(source), {}) == [Removal(6, 7, STRAY_SPACE)]


def test_empty_spans_and_paragraphs_leave_no_trace(analyzer: Analyzer) -> None:
    assert assemble("甲 乙", [[], [Span(1, 2)], [Span(0, 0), Span(2, 3)]], analyzer).text == "乙"


def test_latin_lines_are_joined_with_a_space(analyzer: Analyzer) -> None:
    source = "hard\nwork"
    made = assemble(source, [[Span(0, 4), Span(5, 9)]], analyzer)
    assert made.text == "hard work"
    assert made.pieces == (Piece(0, 0, 4), Piece(5, 5, 4))


def test_markdown_marks_have_a_reason_of_their_own(analyzer: Analyzer) -> None:
    source = "# 甲\n> 乙"
    lines = lines_of(source, "md")
    made = assemble(source, [[Span(line.start, line.end)] for line in lines], analyzer)
    assert [r.reason for r in removals(source, made.pieces, lines, {})] == [MARKUP, WHITE_SPACE, MARKUP]


def test_a_lost_character_is_a_bug_and_says_so() -> None:
    with pytest.raises(ValueError, match=r"characters 1\.\.2 would be lost: '乙'"):
        removals("甲乙", [Piece(0, 0, 1)], lines_of("甲乙"), {})


def test_a_character_used_twice_is_a_bug_and_says_so() -> None:
    with pytest.raises(ValueError, match="used twice"):
        removals("甲乙", [Piece(0, 0, 2), Piece(2, 1, 1)], lines_of("甲乙"), {})


def test_nul_and_zero_width_characters_count_as_white_space() -> None:
    source = "\x00\u200b甲\u00ad\ufeff"
    assert removals(source, [Piece(0, 2, 1)], lines_of(source), {}) == [
        Removal(0, 2, WHITE_SPACE), Removal(3, 5, WHITE_SPACE),
    ]  # fmt: skip


@pytest.mark.parametrize(("offset", "origin"), [(0, 10), (2, 12), (3, 20), (4, 20), (5, 21), (6, 22)])
def test_to_source(offset: int, origin: int) -> None:
    pieces = [Piece(0, 10, 3), Piece(4, 20, 2)]
    assert to_source(pieces, offset) == origin
