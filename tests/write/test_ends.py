"""Shared runs end at sentences rather than a few letters before or after one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.write.ends import FRAGMENT, at_sentences
from rag.write.runs import runs_between
from rag.write.stream import stream_of

SHARED = "守夜人不一定能把火扑灭，但是他第一声喊得早，全城的人就少受一分惊，这就是守夜的用处。"


def shown(a: str, b: str) -> tuple[str, str]:
    streams = stream_of(a), stream_of(b)
    (run,) = runs_between(*streams)
    cut = at_sentences(run, (a, b), streams)
    spans = streams[0].span(cut.start_a, cut.end_a), streams[1].span(cut.start_b, cut.end_b)
    return a[slice(*spans[0])], b[slice(*spans[1])]


@pytest.mark.parametrize(
    ("before", "other_before"), [("三月五日。", "六月一日。"), ("（2019年3月5日）\n", "（2021年6月1日）\n")]
)
def test_the_end_of_a_date_is_not_taken_along(before: str, other_before: str) -> None:
    own, other = shown(before + SHARED, other_before + SHARED)
    assert own == other == SHARED.rstrip("。")


def test_the_beginning_of_the_next_sentence_is_not_taken_along() -> None:
    own, other = shown(SHARED + "我们今天开会。", SHARED + "我们明年再谈。")
    assert own == other == SHARED.rstrip("。")


def test_whole_sentences_and_longer_parts_stay() -> None:
    assert shown("甲事。同志们！" + SHARED, "乙情。同志们！" + SHARED)[0] == "同志们！" + SHARED.rstrip("。")
    own, _ = shown("张三说过这样的一句话。" + SHARED, "李四写过这样的一句话。" + SHARED)
    assert own.startswith("过这样的一句话。")


def test_a_sentence_that_one_side_enters_in_its_middle_and_the_other_at_its_beginning_is_cut_too() -> None:
    own, other = shown("听说好的。" + SHARED, "好的。" + SHARED)
    assert own == other == SHARED.rstrip("。")


@given(
    st.text("甲。\n", max_size=9),
    st.text("甲乙。", max_size=9),
    st.text("丙。", max_size=9),
    st.text("丙！丁", max_size=9),
)
def test_little_is_cut_and_only_from_the_ends(before: str, other: str, after: str, last: str) -> None:
    texts = before + SHARED + after, other + SHARED + last
    streams = stream_of(texts[0]), stream_of(texts[1])
    (run,) = runs_between(*streams)
    cut = at_sentences(run, texts, streams)
    assert 0 <= cut.start_a - run.start_a == cut.start_b - run.start_b <= FRAGMENT
    assert 0 <= run.end_a - cut.end_a == run.end_b - cut.end_b <= FRAGMENT
    assert all(streams[0].text[i : i + n] == streams[1].text[j : j + n] for i, j, n in cut.blocks)
