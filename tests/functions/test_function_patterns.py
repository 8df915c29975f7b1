"""What n-grams cannot see: parallel clauses, quotations, figures, marks, place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.functions.labels import SentenceInContext
from rag.functions.patterns import NAMES, patterns


def of(text: str, first: bool = False, last: bool = False) -> dict[str, float]:
    return dict(zip(NAMES, patterns(SentenceInContext(text, first, last)), strict=True))


def parallel(members: int, clause: str = "该{}的账要算清") -> str:
    """A sentence of so many clauses built alike."""
    return "，".join(clause.format(char) for char in "还补追交退存"[:members]) + "。"


@pytest.mark.parametrize(("members", "share"), [(1, 0.0), (2, 0.0), (3, 1 / 3), (4, 2 / 3), (5, 1.0), (6, 1.0)])
def test_parallel_clauses_count_from_three_and_fully_from_five(members: int, share: float) -> None:
    found = of(parallel(members))
    for name in ("even clauses", "same opening 1", "same ending 2", "in step", "repeated pair"):
        assert found[name] == pytest.approx(share), name
    assert found["three openings"] == found["three in step"] == float(members >= 3)
    assert found["clauses"] == members / 4


def test_a_list_of_tasks_is_not_parallel() -> None:
    found = of("加强领导，明确各级的责任，狠抓落实，年底以前全部完成。")
    assert found["three openings"] == found["three in step"] == found["in step"] == 0.0


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("全年新增就业3200人，增长8.5%。", {"figures", "two figures", "percent", "counted things", "attainment"}),
        ("各单位务必在6月底前整改到位。", {"figures", "deadline", "demand", "demands"}),
        ("古人说：“不积跬步，无以至千里。”", {"quoted", "long quotation", "quotation with lead-in", "somebody named"}),
        ("《条例》写得明白。", {"book title", "somebody named"}),
        ("钱从哪里来？", {"question", "short"}),
        ("让我们再出发！", {"exclamation", "rousing", "we", "short"}),
        ("下面，我讲三点意见：", {"ends in colon", "no end mark", "I", "announcing"}),
        ("一是抓学习，补短板。", {"list mark", "shortcoming"}),
        ("（二）提高质量", {"heading mark", "no end mark", "short"}),
        ("有的干部作风不实，应付了事。", {"shortcoming", "shortcomings"}),
        ("台账好比一面镜子。", {"likeness"}),
        ("谢谢大家！", {"thanks", "you", "exclamation"}),
        ("不当之处，请批评指正。", {"modest"}),
        ("推行首问负责制度，每周张榜公示。", {"measure"}),
        ("这件事关系到全县发展大局，十分重要。", {"weight"}),
    ],
)  # fmt: skip
def test_cues_are_seen(text: str, seen: set[str]) -> None:
    found = of(text)
    assert {name for name in seen if found[name] > 0} == seen


def test_our_county_is_not_the_speaker() -> None:
    assert of("我县经济持续增长。")["I"] == of("我们县里的事。")["I"] == 0.0
    assert of("我讲几句。")["I"] == 1.0


@pytest.mark.parametrize(("first", "last"), [(True, False), (False, True), (False, False)])
def test_the_place_in_the_speech(first: bool, last: bool) -> None:
    found = of("今天天气很好。", first, last)
    assert (found["first"], found["last"]) == (float(first), float(last))


@pytest.mark.parametrize("marks", ["“”", "「」", '""', "『』"])
def test_quotation_marks_of_any_kind_are_seen(marks: str) -> None:
    found = of(f"常言道{marks[0]}家和万事兴{marks[1]}，这话在理。")
    # The straight mark does not say which side it stands on.
    assert found["quoted"] == float(marks != '""')


@given(st.text(max_size=200), st.booleans(), st.booleans())
def test_every_sentence_has_all_numbers_within_bounds(text: str, first: bool, last: bool) -> None:
    found = patterns(SentenceInContext(text, first, last))
    assert len(found) == len(NAMES)
    assert all(0.0 <= number <= 2.0 for number in found)


@given(st.text(st.sampled_from("我们要抓好，。12"), max_size=40))
def test_white_space_and_widths_make_no_difference(text: str) -> None:
    spaced = " ".join(text).replace("1", "１").replace("，", ",")
    assert patterns(SentenceInContext(spaced)) == patterns(SentenceInContext(text))
