"""A quotation brings what it cannot be understood without."""

from __future__ import annotations

import pytest
from builders import sentence_list, speech_row

from rag.answer.pool import with_context
from rag.answer.select import Plan, select
from rag.text.sentences import sentences

RULE = "信息报送的第一条要求是快，越快越好，不能过夜。"
HALF = "复盘的结论是预警" + "到了县里，到了乡里，到了村里" * 4
OTHER = "可是还没有到户" + "，没有到人，没有到手" * 6


def quoted(text: str, wanted: str, longest: int = 220) -> str:
    """What is quoted for the sentence that holds the wanted words; neighbours do not join on their merit."""
    made = sentence_list(speech_row(text), [1.0] * len(sentences(text)))
    chosen = next(one for one in made if wanted in one.text)
    span = with_context(chosen, {}, longest, 2.0)
    return text[span.start : span.end]


@pytest.mark.parametrize(
    ("text", "wanted", "whole"),
    [
        pytest.param(
            f"{RULE}\n（二）表格只填一张底表。\n各部门自己去取数，村里不再另报。\n{RULE}",
            "只填",
            "（二）表格只填一张底表。\n各部门自己去取数，村里不再另报。",
            id="heading",
        ),
        pytest.param(
            f"{RULE}\n发动职工找隐患，找到一条重大隐患奖励两千元，\n奖金由企业当月兑现。{RULE}",
            "发动",
            "发动职工找隐患，找到一条重大隐患奖励两千元，\n奖金由企业当月兑现。",
            id="line cut at its end",
        ),
        pytest.param(
            f"{RULE}去年有一条首报，把三人被困写成三十人被困，一字之\n差，惊动了省里，调动了六支队伍。{RULE}",
            "惊动",
            "去年有一条首报，把三人被困写成三十人被困，一字之\n差，惊动了省里，调动了六支队伍。",
            id="line cut before it",
        ),
        pytest.param(
            f"{RULE}{HALF}；{OTHER}。{RULE}",
            HALF,
            f"{HALF}；{OTHER}。",
            id="half a sentence",
        ),
        pytest.param(
            f"{RULE}年轻职工遇事最常找的是什么？是人工智能。{RULE}",
            "最常",
            "年轻职工遇事最常找的是什么？是人工智能。",
            id="question",
        ),
        pytest.param(
            f"{RULE}老师在信里写道：“我教了三十八年书。那条缝能不能开大一点？”{RULE}",
            "那条缝",
            "老师在信里写道：“我教了三十八年书。那条缝能不能开大一点？”",
            id="inside quotation marks",
        ),
        pytest.param(
            f"{RULE}\n指标\t2013年底\t2022年底\n建档户数\t9870\t1540\n会员总数（万人）\t28.4\t47.2\n{RULE}",
            "会员总数",
            "指标\t2013年底\t2022年底\n建档户数\t9870\t1540\n会员总数（万人）\t28.4\t47.2",
            id="table",
        ),
    ],
)  # fmt: skip
def test_a_sentence_brings_what_it_needs(text: str, wanted: str, whole: str) -> None:
    assert quoted(text, wanted) == whole


@pytest.mark.parametrize(
    "text",
    [
        f"在全市工作会议上的讲话，摘要发言稿\n{RULE}",
        f"{RULE}\n二、守住三个不变\n（一）时限的红线不变。",
        f"工作之家，职工娘家\n{RULE}",
        f"隐瞒不报的四起，一律从重处理，全部点名通报o\n{RULE}",
    ],
)
def test_titles_headings_short_lines_and_misread_full_stops_do_not_join(text: str) -> None:
    assert quoted(text, "越快越好") == RULE


def test_what_cannot_be_closed_within_the_longest_is_not_begun() -> None:
    text = f"{RULE}{HALF}；{OTHER}。"
    made = sentence_list(speech_row(text), [1.0, 0.9, 0.1])
    span = with_context(made[0], {one.span: one.score for one in made}, len(RULE + HALF) + 10, 0.4)
    assert text[span.start : span.end] == RULE


def test_a_heading_is_no_quotation_where_what_it_heads_is_quoted_already() -> None:
    text = "（二）表格只填一张底表。\n各部门自己去取数，村里不再另报。"
    picked = select(sentence_list(speech_row(text), [0.9, 1.0]), Plan(share=2.0))
    assert [text[pick.span.start : pick.span.end] for pick in picked] == ["各部门自己去取数，村里不再另报。"]
