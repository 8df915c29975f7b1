"""Words and pairs for the lexical index."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.text.words import STOP_WORDS, Analyzer, normalize_keeping_gaps, pairs


def test_cut_gives_the_text_back(analyzer: Analyzer) -> None:
    text = "要抓好 信息报送,Ａ1！\n"
    assert "".join(analyzer.cut(text)) == text


def test_words_are_normalised_and_searchable_by_their_parts(analyzer: Analyzer) -> None:
    words = analyzer.words("ＫＰＩ考核与信息 报送 3.5亿")
    assert {"kpi", "考核", "信息", "报送", "3.5", "亿"} <= set(words)
    assert not any(word.isspace() or word in "，。" for word in words)


def test_search_mode_lists_the_words_inside_a_long_word(analyzer: Analyzer) -> None:
    assert analyzer.words("发展观") == ["发展", "发展观"]


@pytest.mark.parametrize("text", ["", " \n", "，。！", "\ud800", "\x00"])
def test_nothing_to_index_gives_no_words(text: str, analyzer: Analyzer) -> None:
    assert analyzer.words(text) == []
    assert pairs(text) == []
    assert analyzer.query_words(text) == []


def test_query_words_leave_out_function_words_and_repetitions(analyzer: Analyzer) -> None:
    assert analyzer.query_words("他们对信息是怎么讲的，信息") == ["信息"]
    assert analyzer.query_words("what did they say about reporting") == ["reporting"]


def test_a_query_of_function_words_keeps_them(analyzer: Analyzer) -> None:
    assert analyzer.query_words("为什么") != []
    assert set(analyzer.query_words("the the")) == {"the"}
    assert "the" in STOP_WORDS


def test_vocabulary_stays_whole() -> None:
    name = "澜川镜湖办"
    assert name not in Analyzer().words(f"在{name}座谈")
    assert name in Analyzer([name]).words(f"在{name}座谈")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("信息报送", ["信息", "息报", "报送"]),
        ("信 息", ["信息"]),
        ("好", ["好"]),
        ("GDP 增长3.5%", ["gdp", "增长", "3.5"]),
        ("信息，报送", ["信息", "报送"]),
        ("hard work", ["hard", "work"]),
    ],
)
def test_pairs(text: str, expected: list[str]) -> None:
    assert pairs(text) == expected


def test_gaps_between_latin_words_survive() -> None:
    assert normalize_keeping_gaps("Hard  Work 信 息 A") == "hard work信息a"


CJK_TEXT = st.text(st.sampled_from("信息报送办公室工作"), min_size=2, max_size=12)


@given(CJK_TEXT, CJK_TEXT)
def test_a_substring_has_its_pairs_in_a_row(inner: str, outer: str) -> None:
    needle, stack = pairs(inner), pairs(outer + inner + outer)
    assert any(stack[i : i + len(needle)] == needle for i in range(len(stack)))
