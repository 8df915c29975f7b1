"""Dates and years: read, never guessed."""

from __future__ import annotations

import pytest

from rag.ingest.dates import find_date, western_digits

Pair = tuple[str | int | None, str | int | None]


def found(title: str = "", front: tuple[str, ...] = (), body: str = "", closing: tuple[str, ...] = ()) -> Pair:
    date, year = find_date(title, front, body, closing)
    return date.value, year.value


@pytest.mark.parametrize(
    ("line", "date", "year"),
    [
        ("2019年3月5日", "2019-03-05", 2019),
        ("（2019年12月31日）", "2019-12-31", 2019),
        ("2019-03-05", "2019-03-05", 2019),
        ("2019.3.5", "2019-03-05", 2019),
        ("2019年3月", "2019-03", 2019),
        ("二〇一九年三月五日", "2019-03-05", 2019),
        ("二○一九年十二月三十一日", "2019-12-31", 2019),
        ("二〇二〇年十月", "2020-10", 2020),
        ("2019年2月30日", "2019-02", 2019),
        ("2020年2月29日", "2020-02-29", 2020),
    ],
)
def test_date_lines(line: str, date: str, year: int) -> None:
    assert found(front=(line,)) == (date, year)
    assert found(closing=(line,)) == (date, year)


@pytest.mark.parametrize(
    "line", ["20XX年3月5日", "20xx年X月X日", "**年", "2019年13月", "12345", "共2019人", "20_年", "电话2019345"]
)
def test_what_is_no_date(line: str) -> None:
    assert found(front=(line,)) == (None, None)


def test_a_date_line_wins_over_title_and_body() -> None:
    body = "今年是2021年。"
    assert found("2020年工作会议上的讲话", ("2019年3月5日",), body) == ("2019-03-05", 2019)
    assert found("2020年工作会议上的讲话", (), body) == (None, 2020)
    assert found("工作会议上的讲话", (), body) == (None, 2021)


@pytest.mark.parametrize(
    ("body", "year"),
    [
        ("今年是2020年，", 2020),
        ("今天召开全市2018年工作会议，", 2018),
        ("2020年是全面小康的收官之年。", 2020),
        ("安排部署2017年的工作任务。", 2017),
        ("二〇一六年是开局之年。", 2016),
        ("在2015年，我们修了路。", None),
        ("20XX年是开局之年。", None),
        ("改革开放1978年以来，", None),
        ("", None),
    ],
)
def test_the_body_tells_the_year_only_where_it_speaks_of_its_own(body: str, year: int | None) -> None:
    assert found(body=body) == (None, year)


@pytest.mark.parametrize("title", ["1990年代的讲话", "2019年以来的报告", "20xx年的讲话", "第2019次会议讲话"])
def test_titles_without_a_year_of_their_own(title: str) -> None:
    assert found(title) == (None, None)


def test_western_digits_keep_offsets() -> None:
    text = "自二〇一九年三月到二零二〇年，一九八四年"
    assert western_digits(text) == "自2019年三月到2020年，1984年"


def test_each_value_says_where_it_was_found() -> None:
    date, year = find_date("", ["2019年3月5日"], "", [])
    assert date.where == year.where != ""
    assert date.confidence > 0.5
    assert find_date("", [], "", [])[0].confidence == 0
