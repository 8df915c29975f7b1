"""Labels, salutations, titles, collection marks: each with what only looks like one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.ingest import marks


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("一", 1),
        ("十", 10),
        ("十二", 12),
        ("二十", 20),
        ("三十四", 34),
        ("一百零五", 105),
        ("两", 2),
        ("7", 7),
        ("１２", 12),
    ],
)
def test_chinese_number(text: str, value: int) -> None:
    assert marks.chinese_number(text) == value


def test_a_word_is_no_number() -> None:
    with pytest.raises(ValueError, match="not a numeral: '一些'"):
        marks.chinese_number("一些")


@pytest.mark.parametrize(
    ("text", "kind", "number", "label"),
    [
        ("第一部分 形势", "part", 1, "第一部分 "),
        ("第三章：任务", "part", 3, "第三章："),
        ("一、形势", "cjk", 1, "一、"),
        ("十二、任务", "cjk", 12, "十二、"),
        ("一、2018年工作回顾", "cjk", 1, "一、"),
        ("二、20xx年的任务", "cjk", 2, "二、"),
        ("（二）任务", "paren", 2, "（二）"),
        ("(三)、任务", "paren", 3, "(三)、"),
        ("1.任务", "digit", 1, "1."),
        ("12、任务", "digit", 12, "12、"),
        ("3）任务", "digit", 3, "3）"),
        ("（4）任务", "paren-digit", 4, "（4）"),
        ("②任务", "circled", 2, "②"),
    ],
)
def test_heading_labels(text: str, kind: str, number: int, label: str) -> None:
    assert marks.heading_label(text) == marks.Label(kind, number, len(label))
    assert marks.heading_label("前文" + text, 2) == marks.Label(kind, number, len(label))


@pytest.mark.parametrize(
    "text", ["3.5亿元", "2019年", "一些人", "第一，抓", "十分重要", "一、", "（说明）", "100、大", "三、5个百分点", ""]
)
def test_what_is_no_heading_label(text: str) -> None:
    assert marks.heading_label(text) is None


@pytest.mark.parametrize(
    ("text", "number"),
    [("一是抓", 1), ("其二，抓", 2), ("第三，抓", 3), ("首先，抓", 1), ("最后，抓", 0), ("二要抓", 2)],
)
def test_inline_labels(text: str, number: int) -> None:
    label = marks.inline_label(text)
    assert label is not None
    assert (label.kind, label.number) == ("inline", number)


@pytest.mark.parametrize("text", ["是一个", "其实", "第三方", "一是一", "首都"])
def test_what_is_no_inline_label(text: str) -> None:
    assert marks.inline_label(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "同志们：",
        "各位委员、同志们:",
        "尊敬的各位领导，各位来宾：",
        "（主持人）各位代表：",
        "老师们、同学们：",
        "各位乡亲：",
    ],
)
def test_salutations(text: str) -> None:
    assert marks.is_salutation(text)


@pytest.mark.parametrize(
    "text", ["同志们都知道：这件事要办。", "一、致各位同志：", "主要任务：", "同志们", "下面，我讲三点意见："]
)
def test_what_is_no_salutation(text: str) -> None:
    assert not marks.is_salutation(text)


@pytest.mark.parametrize(
    "text",
    ["在全市工作会议上的讲话", "《关于信息工作的报告》", "在开幕式上的致辞（节选）", "2019年工作总结", "经验交流材料"],
)
def test_titles(text: str) -> None:
    assert marks.is_title(text)


@pytest.mark.parametrize("text", ["讲话", "他作了讲话。", "一、学习讲话", "我听了报告：", "x" * 70 + "讲话"])
def test_what_is_no_title(text: str) -> None:
    assert not marks.is_title(text)


def test_a_title_broken_by_the_page_is_one_title() -> None:
    assert marks.is_wrapped_title("在全市办公室系统信息", "工作会议上的讲话")
    assert not marks.is_wrapped_title("今天的会很重要。", "工作会议上的讲话")
    assert not marks.is_wrapped_title("在全市会议上的讲话", "在全县会议上的讲话")


@pytest.mark.parametrize(
    ("title", "genre"),
    [
        ("在全市会议上的讲话", "讲话"), ("开幕词", "致辞"), ("工会工作报告", "报告"), ("表彰会主持词", "主持词"),
        ("经验交流发言", "交流发言"), ("在听取工作报告时的讲话", "讲话"), ("关于某事的通知", None),
    ],
)  # fmt: skip
def test_genre_is_what_the_title_ends_in(title: str, genre: str | None) -> None:
    assert marks.genre_of(title) == genre


@pytest.mark.parametrize(
    ("text", "member"),
    [
        ("会议讲话 篇3", (3, "会议讲话", "")),
        ("会议讲话（篇十二）", (12, "会议讲话", "")),
        ("范文1：在大会上的发言", (1, "", "在大会上的发言")),
        ("第三篇：在座谈会上的讲话", (3, "", "在座谈会上的讲话")),
        ("【第2篇】", (2, "", "")),
    ],
)
def test_collection_marks(text: str, member: tuple[int, str, str]) -> None:
    assert marks.collection_member(text) == marks.Member(*member)


@pytest.mark.parametrize(
    "text", ["第三篇章要写好", "第一篇讲的是为人民服务。", "全年编发信息三百篇", "写好实干这篇大文章", "篇" * 100]
)
def test_what_is_no_collection_mark(text: str) -> None:
    assert marks.collection_member(text) is None


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("讲话(精选14篇)", 14),
        ("讲话稿三篇", 3),
        ("合集（共5篇）", 5),
        ("第三篇：发言", None),
        ("开启第三篇章", None),
        ("讲话", None),
    ],
)
def test_announced_count(text: str, count: int | None) -> None:
    assert marks.announced_count(text) == count


@given(st.text(st.sampled_from("第一十百（）(1)、.．①篇 章是其，：讲话在会同志们\u3000"), max_size=80))
def test_no_line_is_too_odd_to_be_read(text: str) -> None:
    label = marks.heading_label(text)
    assert label is None or 0 < label.length < len(text)
    marks.inline_label(text)
    marks.collection_member(text)
    marks.announced_count(text)
    assert not (marks.is_salutation(text) and marks.is_title(text))
