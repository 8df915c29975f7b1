"""Which numbers of a text are figures, and of what."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.explore.figures import figures


def read(text: str) -> list[tuple[str, float, str]]:
    return [(text[one.start : one.end], one.value, one.unit) for one in figures(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("全市签订集体合同1857份。", [("1857份", 1857, "份")]),
        ("投入1.2亿元，同比增长8.5%。", [("1.2亿元", 120_000_000, "元"), ("8.5%", 8.5, "%")]),
        ("按时率百分之六十七，低了五个百分点。", [("百分之六十七", 67, "%"), ("五个百分点", 5, "个百分点")]),
        ("覆盖职工３．５万人次。", [("３．５万人次", 35_000, "人次")]),
        ("初信初访办结率提高到八成八，三分之一是老信访。", [("八成八", 88, "%"), ("三分之一", 33.33, "%")]),
        ("报送信息六千四百多条。", [("六千四百多条", 6_400, "条")]),
        ("最多等一个半小时，不得超过两个小时。", [("一个半小时", 1.5, "小时"), ("两个小时", 2, "小时")]),
        (
            "路上走了两小时五十分钟，又用了一个小时零十分钟。",
            [("两小时五十分钟", 170, "分钟"), ("一个小时零十分钟", 70, "分钟")],
        ),
        ("补助四百多块钱。", [("四百多块钱", 400, "元")]),
        (
            "涉及人数65人，网上报名2000人，共计：300人。",
            [("65人", 65, "人"), ("2000人", 2_000, "人"), ("300人", 300, "人")],
        ),
        ("扣罚不超过千分之五。", [("千分之五", 0.5, "%")]),
    ],
)
def test_figures_are_found_with_value_and_unit(text: str, found: list[tuple[str, float, str]]) -> None:
    assert read(text) == found


def test_a_range_has_two_values() -> None:
    (one,) = figures("每个点配备3至5人。")
    assert (one.value, one.high, one.unit) == (3, 5, "人")


@pytest.mark.parametrize(
    "text",
    [
        "2019年3月5日上午九点召开会议。",
        "这是第3次会议，第十二届委员会。",
        "全省职工代表大会、工会九届十二次全委会的精神。",
        "落实中央八项规定，增强“四个意识”，做到两个维护。",
        "讲三个方面的意见，一是认识要高。",
        "千家万户的事，几十个村，三五天，一个人，一件事。",
        "进展不是十分理想，守好一亩三分地。",
        "文号〔2019〕5号，编号3。",
        "1．加强领导。（2）落实责任。",
        "追了一年零七个月的案子。",
        "“五个一”工程和“三个三分”。",
        "两个人，三家店，一次会。",
        "第 1 页",
    ],
)
def test_what_counts_nothing_is_no_figure(text: str) -> None:
    assert read(text) == []


def test_the_clause_says_what_was_counted() -> None:
    text = "去年，全市签订集体合同，共1857份，覆盖企业四千家。"
    first, second = figures(text)
    assert text[slice(*first.clause)] == "全市签订集体合同，共1857份"
    assert text[slice(*second.clause)] == "共1857份，覆盖企业四千家"


def test_a_comma_inside_a_number_ends_no_clause() -> None:
    text = "全区共发放救助金1,857,000元。"
    (one,) = figures(text)
    assert (one.value, text[slice(*one.clause)]) == (1_857_000, "全区共发放救助金1,857,000元")


PIECES = st.sampled_from(
    [
        "，",
        "。",
        "\n",
        "第",
        "百分之",
        "十",
        "三百",
        "1,857",
        "2.5",
        "万",
        "元",
        "人",
        "个",
        "多",
        "至",
        "、",
        "同志们：",
        "增长",
        "%",
        "年",
        "两",
    ]
)


@given(st.lists(PIECES, max_size=30).map("".join))
def test_spans_stand_in_their_clause_and_never_overlap(text: str) -> None:
    at = 0
    for one in figures(text):
        assert at <= one.start < one.end <= len(text)
        assert one.clause.start <= one.start
        assert one.end <= one.clause.end
        assert "\n" not in text[slice(*one.clause)]
        assert one.value >= 0
        at = one.end


@given(st.lists(PIECES, max_size=20).map("".join), st.lists(PIECES, max_size=20).map("".join))
def test_offsets_count_from_the_start_of_the_text(before: str, text: str) -> None:
    shifted = figures(f"{before}\n{text}", len(before) + 1)
    assert [(one.start - len(before) - 1, one.value, one.unit) for one in shifted] == [
        (one.start, one.value, one.unit) for one in figures(text)
    ]
