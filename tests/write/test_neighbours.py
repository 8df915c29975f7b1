"""Sentences that cannot stand alone bring the ones that they need."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.text.sentences import sentences
from rag.write.neighbours import with_neighbours


def shown(text: str, core: str, longest: int = 150) -> str:
    spans = sentences(text)
    n = next(n for n, (a, b) in enumerate(spans) if core in text[a:b])
    span = with_neighbours(text, spans, n, longest)
    return text[span.start : span.end]


@pytest.mark.parametrize(
    ("text", "core", "expected"),
    [
        ("信息要快。信息要准。", "要准", "信息要准。"),
        ("信息要快。这是底线。", "底线", "信息要快。这是底线。"),
        ("要抓好三件事。一是快。二是准。", "二是", "要抓好三件事。一是快。二是准。"),
        ("要做到以下两条：\n一是报得快。\n二是报得准。", "一是", "要做到以下两条：\n一是报得快。"),
        (
            "有的人只顾自己的进度不管别人；有的人只管表态不管落实办事。",
            "表态",
            "有的人只顾自己的进度不管别人；有的人只管表态不管落实办事。",
        ),
        ("先讲一件事：\n去年报错三次。", "先讲", "先讲一件事：\n去年报错三次。"),
        ("上一段。\n这是新的一段。", "新的", "这是新的一段。"),
        ("其实不难。", "其实", "其实不难。"),
        ("同志们：\n信息要快。", "要快", "信息要快。"),
    ],
)
def test_what_a_sentence_brings(text: str, core: str, expected: str) -> None:
    assert shown(text, core) == expected


def test_neighbours_stay_away_where_they_would_be_too_long() -> None:
    assert shown("信息要快，要准，要全，要实。这是底线。", "底线", longest=8) == "这是底线。"


@given(st.lists(st.sampled_from(["一是", "这", "快", "准；", "：", "。", "\n"]), max_size=30), st.integers(1, 60))
def test_the_span_holds_the_sentence_and_keeps_to_sentences(parts: list[str], longest: int) -> None:
    text = "".join(parts)
    spans = sentences(text)
    for n, core in enumerate(spans):
        span = with_neighbours(text, spans, n, longest)
        assert span.start <= core.start < core.end <= span.end
        assert span == core or span.end - span.start <= longest
        assert span.start in {a for a, _ in spans}
        assert span.end in {b for _, b in spans}
