"""Patterns and parallels on texts, against naive readings of the same rules."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import UsageError
from rag.text.normalize import normalize
from rag.types import Span
from rag.write.patterns import (
    GAP,
    alike,
    asked_members,
    check_members,
    compile_pattern,
    full_sentences,
    is_pattern,
    matches,
    parallel_runs,
    parallels,
)


def met(pattern: str, text: str) -> list[str]:
    return [text[m.span.start : m.span.end] for m in matches(compile_pattern(pattern), text, 0, len(text))]


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("以*为抓手", "要以督查为抓手，以考核为抓手。", ["以督查为抓手", "以考核为抓手"]),
        ("以*为抓手", "以人为本。督查为抓手。", []),
        ("以*为抓手", "以为抓手。", []),
        ("既要*又要*", "既要抓大事，又要抓小事，不能偏废。", ["既要抓大事，又要抓小事"]),
        (
            "既要*又要*",
            "既要有敢抓敢管的硬作风真本事；又要有绣花一样的细功夫巧办法。",
            ["既要有敢抓敢管的硬作风真本事；又要有绣花一样的细功夫巧办法"],
        ),
        ("“*”", "他说「快、准、实」。", ["「快、准、实」"]),
        ("以*为抓手", "以督 查　为抓手", ["以督 查　为抓手"]),
        ("抓*", "一要抓：抓落实。", ["抓：抓落实"]),
        ("*为抓手", "以督查为抓手", ["以督查为抓手"]),
        ("5*年", "１５多年", ["５多年"]),
    ],
)
def test_what_a_pattern_matches(pattern: str, text: str, expected: list[str]) -> None:
    assert met(pattern, text) == expected


def test_a_star_reaches_no_further_than_its_limit() -> None:
    assert met("以*为", f"以{'字' * GAP}为") != []
    assert met("以*为", f"以{'字' * (GAP + 1)}为") == []


@pytest.mark.parametrize("pattern", ["", "*", "**", "，*。", "字" * 101])
def test_a_pattern_without_words_is_refused(pattern: str) -> None:
    with pytest.raises(UsageError):
        compile_pattern(pattern)


def test_special_characters_of_expressions_are_plain_text() -> None:
    assert met("（*）.", "（一）.") == ["（一）."]
    assert met("a.c*", "abc字") == []


PIECES = st.lists(
    st.sampled_from(["以", "为", "抓手", "实", "，", "。", "；", "\n", " ", "长长长长长长长长"]), max_size=40
)


@given(PIECES)
def test_matches_are_those_of_a_plain_expression_over_every_sentence(pieces: list[str]) -> None:
    text = "".join(pieces)
    pattern = compile_pattern("以*为抓手")
    found = [normalize(text[m.span.start : m.span.end]) for m in matches(pattern, text, 0, len(text))]
    plain = re.compile(f"以.{{1,{GAP}}}?为抓手")
    expected = [hit for a, b in full_sentences(text, 0, len(text)) for hit in plain.findall(normalize(text[a:b]))]
    assert found == expected
    for match in matches(pattern, text, 0, len(text)):
        assert match.sentence.start <= match.span.start < match.span.end <= match.sentence.end
        assert all(part in normalize(text[match.span.start : match.span.end]) for part in pattern.needed)


@pytest.mark.parametrize(
    ("text", "members"),
    [
        ("报成绩的多，报问题的少，报自己的多。", 3),
        ("要抓早抓小，要抓细抓实，要抓常抓长，大家记住。", 3),
        ("一道是在砖窑烫的，一道是开机床削的，一道是当年讨债被人砍的。", 3),
        ("把责任压到每一个人的肩上，不留空白；把任务分到每一天，不拖欠账；把成效晒在每一面墙上，不怕人看。", 3),
        ("今天开会，讲三件事，请大家认真听。", 0),
        ("第一，报得要快。第二，干部下去。第三，六月以前完成任务。", 0),
        ("很好，很好，很好。", 0),
    ],
)
def test_parallels_are_counted(text: str, members: int) -> None:
    found = parallels(text, 0, len(text), 3)
    assert [m.members for m in found] == ([members] if members else [])


UNITS = st.lists(
    st.sampled_from(["要抓早抓小", "要抓细抓实", "要看", "今天开会", "明天散会", "大家辛苦了", "抓早"]), max_size=12
)


@given(UNITS, st.integers(2, 5))
def test_runs_are_the_longest_ones_of_a_naive_search(units: list[str], least: int) -> None:
    def holds(first: int, last: int) -> bool:
        return all(alike(units[n], units[n + 1]) for n in range(first, last))

    every = [(i, j) for i in range(len(units)) for j in range(i + least - 1, len(units)) if holds(i, j)]
    longest = [(i, j) for i, j in every if not any((a, b) != (i, j) and a <= i and j <= b for a, b in every)]
    assert parallel_runs(units, least) == longest


@given(PIECES, st.integers(2, 4))
def test_parallels_lie_in_their_line_and_never_overlap(pieces: list[str], least: int) -> None:
    text = "".join(pieces)
    found = parallels(text, 0, len(text), least)
    assert all("\n" not in text[m.span.start : m.span.end] and m.members >= least for m in found)
    assert all(a.span.end <= b.span.start for a, b in pairwise(found))
    assert all(m.sentence.start <= m.span.start and m.span.end <= m.sentence.end for m in found)


def test_sentences_that_a_semicolon_divides_are_one() -> None:
    text = "甲甲甲甲甲甲甲甲甲甲甲甲甲甲甲；乙乙乙乙乙乙乙乙乙乙乙乙乙乙乙。丙。"
    assert full_sentences(text, 0, len(text)) == [Span(0, 32), Span(32, 34)]


def test_what_a_box_asks_for() -> None:
    assert [asked_members(text) for text in ("排比", "排比4", "排比（5）", "讲团结的排比")] == [3, 4, 5, None]
    assert [is_pattern(text) for text in ("以*为", "以＊为", "以…为")] == [True, True, False]
    for wrong in (0, 1, 21):
        with pytest.raises(UsageError, match=str(wrong)):
            check_members(wrong)
