"""Which sentences can be quoted, and how much around them."""

from __future__ import annotations

import pytest
from builders import sentence_list, speech_row

from rag.answer.pool import Sentence, quotable, with_context
from rag.types import Span

LONG = "信息报送的第一条要求是快，越快越好，不能过夜。"


@pytest.mark.parametrize(
    "text",
    [
        "信息报送要快，要准，要实，不得迟报漏报。",
        "要坚持“快、准、实”的信息报送工作要求。”",
        "没有句号但是足够长的一整句话也是可以引用的内容",
    ],
)
def test_sentences_that_say_something(text: str) -> None:
    assert quotable(text)


@pytest.mark.parametrize(
    "text",
    ["要快。", "同志们：", "各位代表、同志们，大家上午好：", "一、提高认识，增强做好信息工作的责任感", "（一）抓信息", "信" * 401,
     "——在全市办公室系统会务工作经验交流会上的发言", "在全市信息工作会议上的讲话"],
)  # fmt: skip
def test_headings_salutations_fragments_and_monsters_are_not_quoted(text: str) -> None:
    assert not quotable(text)


def context(text: str, scores: list[float], n: int, longest: int = 220, share: float = 2.0) -> str:
    """What is quoted for the n-th sentence; a share of 2 keeps neighbours from joining on their own merit."""
    speech = speech_row(text)
    by_span = {s.span: s for s in sentence_list(speech, scores)}
    chosen: Sentence = by_span[sorted(by_span)[n]]
    span = with_context(chosen, {span: s.score for span, s in by_span.items()}, longest, share)
    return text[span.start : span.end]


def test_a_sentence_that_stands_alone_is_quoted_alone() -> None:
    assert context(LONG * 3, [1, 1, 1], 1) == LONG


def test_one_that_leans_back_brings_its_predecessor() -> None:
    text = LONG + "这是一条铁的纪律，谁也不能违反。" + LONG
    assert context(text, [1, 1, 1], 1) == LONG + "这是一条铁的纪律，谁也不能违反。"


def test_but_not_over_a_line_break() -> None:
    text = LONG + "\n这是一条铁的纪律，谁也不能违反。"
    assert context(text, [1, 1], 1) == "这是一条铁的纪律，谁也不能违反。"


def test_and_not_beyond_the_longest() -> None:
    text = LONG + "这是一条铁的纪律，谁也不能违反。"
    assert context(text, [1, 1], 1, longest=30) == "这是一条铁的纪律，谁也不能违反。"


def test_neighbours_that_answer_as_well_join_and_others_do_not() -> None:
    """Share 0.4 of 1.0: 0.5 joins, 0.3 does not."""
    text = "甲" * 20 + "。" + "乙" * 20 + "。" + "丙" * 20 + "。"
    assert context(text, [0.3, 1.0, 0.5], 1, share=0.4) == text[21:]
    assert context(text, [0.5, 1.0, 0.3], 1, share=0.4) == text[:42]


def test_the_better_neighbour_joins_first_when_there_is_room_for_one() -> None:
    text = "甲" * 20 + "。" + "乙" * 20 + "。" + "丙" * 20 + "。"
    assert context(text, [0.8, 1.0, 0.9], 1, longest=42, share=0.4) == text[21:]


def test_a_span_lies_on_sentence_borders() -> None:
    text = "甲" * 20 + "。" + "这" * 20 + "。"
    (one, *_) = [s for s in sentence_list(speech_row(text), [0.1, 1.0]) if s.score == 1.0]
    assert with_context(one, {}, 220, 0.4) == Span(0, 42)
