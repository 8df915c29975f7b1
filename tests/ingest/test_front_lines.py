"""Dates and speakers in the forms in which they really stand under, in and above titles."""

from __future__ import annotations

import pytest
from speeches import CALL, PAST, TASKS, TITLE, ingest, joined

from rag.ingest.dates import find_date
from rag.ingest.people import find_organisation, find_place, find_speaker
from rag.text.words import Analyzer

DAY = "2019-03-05"


def card(analyzer: Analyzer, *front: str) -> dict[str, object]:
    (one,) = ingest(joined([*front, "同志们：", PAST, TASKS, CALL]), analyzer, name="无题.txt").speeches
    return {key: found.value for key, found in one.metadata.items()}


@pytest.mark.parametrize(
    "line", ["（二〇一九年三月五日）", "（二○一九年三月五日）", "２０１９年３月５日", "（2019年3月5日上午）"]
)
def test_dates_in_other_digits(line: str, analyzer: Analyzer) -> None:
    assert card(analyzer, TITLE, line)["date"] == DAY


@pytest.mark.parametrize(
    ("line", "name", "post"),
    [
        ("（2019年3月5日　贺延舟）", "贺延舟", None),
        ("贺延舟（2019年3月5日）", "贺延舟", None),
        ("（县委书记 贺延舟 二〇一九年三月五日）", "贺延舟", "县委书记"),
        ("讲话人：县委书记贺延舟　时间：2019年3月5日", "贺延舟", "县委书记"),
        ("（2019年3月5日于石坪）", None, None),
        ("（2019年3月5日，根据录音整理）", None, None),
    ],
)
def test_a_speaker_beside_the_date(line: str, name: str | None, post: str | None, analyzer: Analyzer) -> None:
    one = card(analyzer, TITLE, line)
    assert (one["date"], one["speaker"], one["post"]) == (DAY, name, post)


@pytest.mark.parametrize(
    ("line", "name"),
    [("县委书记　贺 舟", "贺舟"), ("贺　　舟", "贺舟"), ("讲话人：贺 舟", "贺舟"), ("于和平", "于和平")],
)
def test_short_names_are_spaced(line: str, name: str) -> None:
    assert find_speaker("", [line], "")[0].value == name


@pytest.mark.parametrize("line", ["（全文）", "关注他", "（定稿）", "党组", "柳湾村", "赵书记", "县委书记党课"])
def test_words_that_begin_like_a_name(line: str) -> None:
    assert find_speaker("", [line], "")[0].value is None


def test_speakers_in_titles() -> None:
    assert find_speaker("贺延舟：在全县大会上的讲话", [], "")[0].value == "贺延舟"
    name, post = find_speaker("贺延舟县长在全县大会上的讲话", [], "")
    assert (name.value, post.value) == ("贺延舟", "县长")
    assert find_speaker("赵书记在全县大会上的讲话", [], "")[0].value is None


def test_what_stands_under_the_title_goes_before_what_stands_above(analyzer: Analyzer) -> None:
    one = card(analyzer, "领导讲话", "澜川县委办公室编　2019年3月18日", TITLE, "（2019年3月5日）")
    assert one["date"] == DAY


def test_a_pages_own_date_is_the_last_resort(analyzer: Analyzer) -> None:
    stamp = "原创 老笔杆 2021-06-01 07:30"
    assert card(analyzer, TITLE, stamp, "（2019年3月5日）")["date"] == DAY
    date, year = find_date("在2019年全县大会上的讲话", [stamp], "", [])
    assert (date.value, year.value) == (None, 2019)
    date, _ = find_date("在全县大会上的讲话", [stamp], "", [])
    assert date.value == "2021-06-01"
    assert date.confidence < 0.5
    date, _ = find_date("在全县大会上的讲话", ["时间：2019年3月5日 9:30"], "", [])
    assert date.value == DAY
    assert date.confidence > 0.9


def test_dates_and_years_in_titles() -> None:
    date, year = find_date("在全县大会上的讲话（2019年3月5日）", [], "", [])
    assert (date.value, year.value) == (DAY, 2019)
    for title, expected in [
        ("在全县2018年总结暨2019年动员大会上的讲话", 2019),
        ("关于2018年工作情况和2019年工作安排的报告", 2019),
        ("关于2021年至2025年规划的报告", 2021),
        ("在2018-2019年度总结会上的讲话", 2019),
    ]:
        assert find_date(title, [], "", [])[1].value == expected


def test_words_before_a_place_or_an_organisation_are_no_part_of_it() -> None:
    assert find_place("中共北京市委书记在全会上的讲话", "", []).value == "北京市"
    assert find_organisation("新任乡镇党委书记任职表态发言", [], "", [], None).value is None


@pytest.mark.parametrize(
    ("line", "name", "post"),
    [
        ("石坪乡柳湾村党支部书记　贺延舟（2019年3月5日）", "贺延舟", "石坪乡柳湾村党支部书记"),
        ("县信访局科长　贺延舟（2019年3月5日，在全县政法信访系统先进事迹报告会上）", "贺延舟", "县信访局科长"),
    ],
)
def test_a_byline_under_a_numbered_title_that_names_no_occasion(
    line: str, name: str, post: str, analyzer: Analyzer
) -> None:
    """Of two numbered parts in one file each keeps its own."""
    parts = [["一、窗口前的三千天", line], ["二、驻村日记里的五本账", "县水务局局长　于和平（2018年12月7日）"]]
    lines = ["交流发言选编", *(part for head in parts for part in [*head, "同志们：", PAST, TASKS, CALL, PAST, TASKS, "谢谢大家！"])]
    first, second = ingest(joined(lines), analyzer, name="发言选编.txt").speeches
    assert [first.metadata[key].value for key in ("date", "speaker", "post")] == [DAY, name, post]
    assert [second.metadata[key].value for key in ("date", "speaker")] == ["2018-12-07", "于和平"]


def test_a_byline_at_the_end_in_brackets(analyzer: Analyzer) -> None:
    line = "（石坪市委老干部局局长 贺延舟，2019年3月5日在全市老干部情况通报会上的讲话）"
    (one,) = ingest(joined(["同志们：", PAST, TASKS, CALL, line]), analyzer, name="无题.txt").speeches
    assert one.metadata["date"].value == DAY
