"""Flags: what a careful reader would mark, and what he would not."""

from __future__ import annotations

import pytest
from speeches import CALL, PAST

from rag.ingest import damage
from rag.ingest.damage import find_damage, is_cut_off
from rag.types import Span


def flagged(text: str, kind: str) -> list[str]:
    flags = find_damage(text, [Span(0, len(text))], [])
    assert all(flag.note for flag in flags)
    return [text[flag.start : flag.end] for flag in flags if flag.kind == kind]


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("紧密团结在以同志为的党中央周围", "同志为的党中央"),
        ("党的以来，成绩很大", "党的以来"),
        ("以“”为抓手", "“”"),
        ("印发[]16号文件", "[]16号"),
        ("成绩很大，，还要努力", "，，"),
        ("认真学习《》", "《》"),
    ],
)
def test_scrubbed_text(text: str, part: str) -> None:
    assert flagged(text, damage.SCRUBBED) == [part]


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("20XX年以来", "20XX年"), ("在X市召开", "X"), ("**年的工作", "**年"), ("20_年", "20_年"), ("某某同志", "某某"),
        ("第x届委员会", "第x届"), ("全市___人", "___"), ("xx同志", "xx"), ("第×次", "第×次"),
    ],
)  # fmt: skip
def test_placeholders(text: str, part: str) -> None:
    assert flagged(text, damage.PLACEHOLDER) == [part]


@pytest.mark.parametrize(
    "text", ["2019年，GDP增长", "3*4=12", "X光机", "Excel表", "《条例》和“十条”", "等等……", "好。", "a_b"]
)
def test_sound_text_has_no_flags(text: str) -> None:
    assert find_damage(text, [Span(0, len(text))], []) == []


def test_misread_full_stops() -> None:
    assert flagged("抓好落实遥路途遥远", damage.MISREAD) == ["遥"]


def test_stray_spaces_count_in_running_text_only() -> None:
    assert flagged(PAST.replace("办文", "办 文"), damage.STRAY_SPACE) == [" "]
    assert flagged("姓 名", damage.STRAY_SPACE) == []


def test_glued_headings_are_flagged_where_they_were_set_free() -> None:
    flags = find_damage(PAST, [Span(0, len(PAST))], [7])
    assert [(f.kind, f.start, f.end) for f in flags] == [(damage.GLUED, 7, 7)]


@pytest.mark.parametrize(
    "ending",
    [
        "结束了。",
        "努力奋斗！",
        "谢谢大家",
        "（完）",
        "他说：“好。”",
        "2019年3月5日",
        "二〇一九年三月五日",
        "澜川市总工会",
        "县委办公室",
    ],
)
def test_finished_endings(ending: str) -> None:
    assert not is_cut_off(ending)


@pytest.mark.parametrize(
    "ending",
    [
        "首先，我们认识到搞好信息工作，是新",
        "具体来说：",
        "一是要抓好，",
        "没有句号的一段话要是这样结束就是断了的一段话，还要写下去",
    ],
)
def test_endings_that_are_cut_off(ending: str) -> None:
    assert is_cut_off(ending)


def test_a_cut_off_speech_is_flagged_at_its_end() -> None:
    text = PAST + CALL[:-10]
    (flag,) = find_damage(text, [Span(0, len(text))], [])
    assert (flag.kind, flag.end) == (damage.TRUNCATED, len(text))
    assert flagged("短", damage.TRUNCATED) == []
