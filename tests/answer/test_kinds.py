"""Which kind of fact a question asks for, and which sentences state one."""

from __future__ import annotations

import pytest

from rag.answer.kinds import KINDS, asked_kinds, states_figure

STATED = {kind.name: kind.stated for kind in KINDS}


@pytest.mark.parametrize(
    ("question", "kinds"),
    [
        ("救助金一年发多少钱", ["money"]),
        ("入会率提高了多少", ["share"]),
        ("信息要在几小时内报", ["duration"]),
        ("有多少职工参加", ["people"]),
        ("哪一年开始的", ["date"]),
        ("我们县排第几名", ["rank"]),
        ("牺牲的干部叫什么名字", ["person"]),
        ("获奖的是谁", ["person"]),
        ("who was the model worker", ["person"]),
        ("迟报一次扣几分", ["score"]),
        ("签了多少份合同", ["count"]),
        ("标题用几号字", ["layout"]),
        ("几分钟能办完", ["duration"]),
        ("找谁批", []),
        ("这是谁家的事", []),
        ("他们对信息报送是怎么讲的", []),
        ("people who write reports", []),
    ],
)
def test_what_is_asked(question: str, kinds: list[str]) -> None:
    assert [kind.name for kind in asked_kinds(question)] == kinds


@pytest.mark.parametrize(
    ("kind", "states", "states_not"),
    [
        ("money", "每户补助3000元。", "补助要发到位。"),
        ("share", "建会率达到92%。", "建会率要提高。"),
        ("duration", "必须在30分钟内上报。", "必须尽快处置。"),
        ("people", "共有1200名职工参加。", "职工踊跃参加。"),
        ("date", "2019年启动。", "早就启动了。"),
        ("rank", "在全省排第3名。", "第三，要抓好落实。"),
        ("rank", "连续两年位居前三。", "前三年打基础。"),
        ("person", "副镇长陈德山，牺牲在堤上。", "副镇长牺牲在堤上。"),
        ("person", "要学习张明远同志的事迹。", "要学习先进同志的事迹。"),
        ("score", "迟报一次扣2分。", "要充分认识、分类指导。"),
        ("count", "签订集体合同1857份。", "签订集体合同。"),
        ("layout", "标题用二号字。", "标题要醒目。"),
    ],
)
def test_what_a_sentence_states(kind: str, states: str, states_not: str) -> None:
    assert STATED[kind].search(states)
    assert not STATED[kind].search(states_not)


def test_measured_facts() -> None:
    assert states_figure("1小时内电话报告，2小时内书面报告。")
    assert not states_figure("要及时报告。")
