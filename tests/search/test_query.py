"""What a query asks for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import UsageError
from rag.search.query import MAX_QUERY, parse_query, strip_wrapping


@pytest.mark.parametrize("text", ["", "  ", "\n\t　", "？？？", "-", '""', "-会议", '-"会议 纪要"', "-会议 -信息"])
def test_queries_that_ask_for_nothing(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_query(text)
    assert "\n" not in str(caught.value)


def test_too_long_says_how_long() -> None:
    parse_query("信" * MAX_QUERY)
    with pytest.raises(UsageError, match=f"{MAX_QUERY + 1} 字，最多 {MAX_QUERY} 字"):
        parse_query("信" * (MAX_QUERY + 1))


def test_straight_quotes_require_a_phrase() -> None:
    query = parse_query('怎么抓"信息报送"和"三 小时"')
    assert query.phrases == ("信息报送", "三 小时")
    assert query.preferred == ()
    assert query.plain == "怎么抓信息报送和三 小时"


def test_phrases_in_straight_quotes_are_required() -> None:
    query = parse_query('怎么抓"信息报送"和"三 小时"')
    assert (query.phrases, query.preferred) == (("信息报送", "三 小时"), ())
    assert query.plain == "怎么抓信息报送和三 小时"


@pytest.mark.parametrize("quotes", ["“”", "「」", "『』"])
def test_chinese_quotes_require_when_they_stand_alone_and_are_punctuation_in_a_sentence(quotes: str) -> None:
    alone = parse_query(f"{quotes[0]}信息报送{quotes[1]}，{quotes[0]}三 小时{quotes[1]}？")
    assert (alone.phrases, alone.preferred) == (("信息报送", "三 小时"), ())
    inside = parse_query(f"{quotes[0]}四个安心{quotes[1]}是哪四个")
    assert (inside.phrases, inside.preferred) == ((), ("四个安心",))
    assert inside.plain == "四个安心是哪四个"


def test_exclusion_needs_a_space_before_and_a_word_after() -> None:
    query = parse_query("信息 -会议 －约稿 -“红头 文件” 2018-2020 A-B")
    assert query.excluded == ("会议", "约稿", "红头 文件")
    assert query.plain == "信息 2018-2020 A-B"
    assert query.phrases == ()


def test_the_text_stays_as_typed_but_for_white_space() -> None:
    assert parse_query("  信息\n报送　怎么抓？ ").text == "信息 报送 怎么抓？"


@pytest.mark.parametrize(
    ("text", "core"),
    [
        ("他们对信息报送是怎么讲的", "信息报送"),
        ("请问关于作风建设有哪些要求？", "作风建设"),
        ("what did they say about information reporting", "information reporting"),
        ("信息报送", "信息报送"),
        ("怎么讲", "怎么讲"),
    ],
)
def test_the_core_is_what_is_asked_about(text: str, core: str) -> None:
    assert strip_wrapping(text) == core


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        query = parse_query(text)
    except UsageError:
        return
    assert query.plain
    assert query.core
    assert all(phrase.strip() for phrase in query.phrases)
    assert all(query.excluded)
