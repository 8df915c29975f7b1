"""Which years a question names, and whether the quotations have to do with them."""

from __future__ import annotations

import pytest

from rag.answer.years import asked_years, years_notice
from rag.types import Place, Point, Quote


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("2019年报送了多少条信息", [(2019, 2019)]),
        ("二〇一九年的信访", [(2019, 2019)]),
        ("2012年和2019年的招商引资有什么不同", [(2012, 2012), (2019, 2019)]),
        ("2018年到2020年信息工作讲了什么", [(2018, 2020)]),
        ("reports in 2013 and from 2016 to 2018", [(2013, 2013), (2016, 2018)]),
        ("2020至2018年", []),
        ("电话12019345有几个人接", []),
        ("这些年怎么变的", []),
    ],
)
def test_years_and_spans_are_read(question: str, expected: list[tuple[int, int]]) -> None:
    assert [(years[0], years[-1]) for years in asked_years(question)] == expected


def told(question: str, text: str, year: int | None) -> str | None:
    quote = Quote(text, 1, 0, len(text))
    return years_notice(question, [Point("要点", (quote,))], {1: Place("s1", "讲话", "1.txt", year, (), 0, len(text), None)})


@pytest.mark.parametrize(
    ("text", "year"),
    [("报送信息三百条。", 2019), ("2019年报送信息三百条。", 2022), ("二〇一九年报送三百条。", None), ("去年报送三百条。", 2020)],
)
def test_a_quotation_of_the_year_or_about_it_needs_no_notice(text: str, year: int | None) -> None:
    assert told("2019年报送了多少条信息", text, year) is None


@pytest.mark.parametrize(("text", "year"), [("报送信息三百条。", 2020), ("去年报送三百条。", 2019 + 2), ("报送三百条。", None)])
def test_a_quotation_of_another_year_is_named(text: str, year: int | None) -> None:
    assert told("2019年报送了多少条信息", text, year) == "引用的原文没有出自或提到 2019 年的，请核对年份。"


def test_only_the_years_that_are_missing_are_named() -> None:
    question = "2012年、2016到2018年和2020年怎么要求的"
    assert told(question, "要快报。", 2012) == "引用的原文没有出自或提到 2016—2018、2020 年的，请核对年份。"
    assert told("怎么要求的", "要快报。", None) is None
