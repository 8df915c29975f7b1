"""Segments, citations, and text that Markdown must not touch."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.archive.rows import SpeechRow
from rag.types import Found, Piece, Section, Span
from rag.ui import citing, reading
from rag.ui.components import plain
from rag.ui.marking import Mark, joined, segments, word_marks

TEXT = "在全市会议上的讲话\n同志们：\n一、抓紧\n信息要报。会议要短。\n二、抓实\n完。"


def row(text: str = TEXT, **metadata: object) -> SpeechRow:
    names = ("title", "occasion", "speaker", "post", "organisation", "place", "date", "year", "genre", "language")
    values = {name: Found(metadata.get(name)) for name in names}  # type: ignore[arg-type]
    sections = (
        Section("cjk", 2, "一、", "抓紧", 15, 19, 31, None),
        Section("cjk", 2, "二、", "抓实", 31, 35, 38, None),
    )
    return SpeechRow(1, "k.h", "甲.txt", 1, 0, text, "c", (Piece(0, 100, len(text)),), values, sections, ())


def test_segments_carry_every_mark_that_covers_them() -> None:
    marks = [Mark(2, 6, "quote"), Mark(4, 8, "word", "记"), Mark(4, 5, "word")]
    assert segments("0123456789", 1, 9, marks) == [
        {"t": "1", "at": 1},
        {"t": "23", "at": 2, "c": "quote"},
        {"t": "4", "at": 4, "c": "quote word", "n": "记"},
        {"t": "5", "at": 5, "c": "quote word", "n": "记"},
        {"t": "67", "at": 6, "c": "word", "n": "记"},
        {"t": "8", "at": 8},
    ]


@given(st.text(max_size=40), st.lists(st.tuples(st.integers(0, 45), st.integers(0, 45)), max_size=6))
def test_segments_are_the_text_cut_up(text: str, spans: list[tuple[int, int]]) -> None:
    marks = [Mark(min(a, b), max(a, b), "x") for a, b in spans]
    assert "".join(part["t"] for part in segments(text, 0, len(text), marks)) == text


def test_words_are_found_whatever_their_width_and_case() -> None:
    assert word_marks("ＡＢ信息，信 息", ["ab", "信息", "息"], offset=10) == [
        Mark(10, 14, "word"),
        Mark(15, 18, "word"),
    ]
    assert joined([Span(0, 2), Span(1, 4), Span(6, 7)]) == [Span(0, 4), Span(6, 7)]


@pytest.mark.parametrize(
    ("metadata", "line"),
    [
        ({}, "《讲话》，一、抓紧"),
        ({"speaker": "张三", "date": "2019-03-05", "year": 2019}, "《讲话》，张三，2019年3月5日，一、抓紧"),
        ({"year": 2019}, "《讲话》，2019年，一、抓紧"),
    ],
)
def test_a_citation_names_what_is_known(metadata: dict[str, object], line: str) -> None:
    assert citing.citation(row(title="讲话", **metadata), 20) == line
    assert citing.citation(row(title="讲话", **metadata), 20, 3) == line + "，第3页"


def test_pages_start_where_the_source_breaks() -> None:
    starts = citing.page_starts(row(title="讲话"), [0, 100, 110])
    assert starts == [(0, 2), (10, 3)]
    assert [citing.page_at(starts, n) for n in (0, 9, 10)] == [2, 2, 3]
    assert citing.page_at([], 5) is None


def test_a_speech_is_shown_whole_line_by_line() -> None:
    shown = reading.paragraphs(row(title="讲话"), Span(20, 25), ["会议"], [], [(20, 2)])
    assert "\n".join("".join(s["t"] for s in p["segs"]) for p in shown) == TEXT
    assert [p["kind"] for p in shown] == ["title", "front", "head2", "body", "head2", "body"]
    body = shown[3]["segs"]
    assert [s["t"] for s in body if "target" in s.get("c", "")] == ["信", "息要报。"]
    assert body[0]["p"] == 2
    assert [s["t"] for s in body if "word" in s.get("c", "")] == ["会议"]
    assert len({s["s"] for s in body}) == 2


def test_the_neighbours_of_a_quotation_are_its_sentences() -> None:
    assert citing.neighbours(TEXT, Span(20, 25)) == ("一、抓紧", "会议要短。")


def test_plain_leaves_nothing_for_markdown() -> None:
    assert plain("**粗**\n# 题") == "\\*\\*粗\\*\\* \\# 题"
    assert ":red[" not in plain(":red[x]")
    assert "http://" not in plain("见 http://a.b")
    assert plain("普通文字，第1条") == "普通文字，第1条"


def test_flags_are_named_and_counted() -> None:
    from rag.types import Flag

    speech = replace(row(title="讲话"), flags=(Flag("placeholder", 3, 4, ""), Flag("placeholder", 9, 10, "")))
    assert reading.flag_summary(speech) == [{"text": "占位符 2", "at": 3}]
