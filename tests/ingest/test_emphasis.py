"""Emphasis of Markdown goes; masks for names and figures stay."""

from __future__ import annotations

import pytest
from document_checks import check_document
from hypothesis import example, given
from hypothesis import strategies as st
from speeches import CALL, GREETING, PAST, TASKS, TITLE, ingest, joined, removed

from rag.ingest.emphasis import emphasis_marks
from rag.ingest.lines import MARKUP, split_lines
from rag.text.words import Analyzer
from rag.types import SourceText

ANALYZER = Analyzer()
PHRASES = ("重点工作", "一、抓好落实。", "首先，", "为官要干事", "为什么？", "work", "2021年的账")


def without_marks(*lines: str) -> list[str]:
    """What is left of each line."""
    return [
        "".join(char for n, char in enumerate(line) if not any(a <= n < b for a, b in marks))
        for line, marks in zip(lines, emphasis_marks(lines), strict=True)
    ]


@pytest.mark.parametrize(
    ("line", "left"),
    [
        ("**标题**", "标题"),
        ("我们**必须**坚持，也**能够**坚持。", "我们必须坚持，也能够坚持。"),
        ("**一是抓学习。**要常学常新。", "一是抓学习。要常学常新。"),
        ("**市委办公室要带头**，各单位跟上。", "市委办公室要带头，各单位跟上。"),
        ("***重中之重***", "重中之重"),
        ("__重点__：**__全文__**", "重点：全文"),
        ("**We must** report __in time__.", "We must report in time."),
    ],
)
def test_emphasis_is_markup(line: str, left: str) -> None:
    assert without_marks(line) == [left]


@pytest.mark.parametrize(
    "line",
    [
        "**县**镇党委书记", "在**市**区召开", "20**年**月**日", "**市委、**县委", "张**和王**同志", "至**年，从20**年起",
        "党员****名", "**村", "某**领导说，", "** 公司 **", "**，**", "**、张三、**", "* * *", "*****", "*要点*", "3*4*5",
        "20__年至20__年", "共__人，__元", "__年__", "____", "这是__重点__内容", "__ 甲__", "snake__case__name", "__",
    ],
)  # fmt: skip
def test_masks_blanks_and_lone_asterisks_stay(line: str) -> None:
    assert without_marks(line) == [line]


@pytest.mark.parametrize("mask", ["在**市召开", "20**年**月", "党员****名"])
def test_one_mask_keeps_the_asterisks_of_the_whole_file(mask: str) -> None:
    lines = ["**重点工作**", mask, "__附件__"]
    assert without_marks(*lines) == lines


@pytest.mark.parametrize("rule", ["***", "*****", "* * *", ""])
def test_rules_and_empty_lines_do_not_speak_against_emphasis(rule: str) -> None:
    assert without_marks("**重点**", rule) == ["重点", rule]


def test_only_markdown_has_emphasis() -> None:
    assert split_lines(SourceText("**重点**", "txt"))[0].text == "**重点**"


@given(st.lists(st.tuples(st.sampled_from(PHRASES), st.sampled_from(("", "**", "***", "__"))), min_size=1, max_size=6))
def test_marking_up_and_taking_apart_are_inverse(phrases: list[tuple[str, str]]) -> None:
    """Phrases stand apart by full stops, so that each pair of marks can only be emphasis."""
    marked = "。".join(f"{mark}{phrase}{mark}" for phrase, mark in phrases)
    (line,) = split_lines(SourceText(marked, "md"))
    assert line.text == "。".join(phrase for phrase, _ in phrases)
    assert "".join(marked[a:b] for a, b in line.spans) == line.text
    assert [reason for _, _, reason in line.marks] == [MARKUP] * 2 * sum(mark != "" for _, mark in phrases)


@given(st.lists(st.text(st.sampled_from("*_ 年市要点，。a1#>-"), max_size=24), max_size=4))
@example(["__**__", "**__**__"])
def test_marks_are_in_order_and_apart_and_nothing_but_marks(lines: list[str]) -> None:
    for line, marks in zip(lines, emphasis_marks(lines), strict=True):
        ends = [0, *(end for _, end in marks)]
        assert all(before <= mark.start for before, mark in zip(ends, marks, strict=False))
        assert {line[a:b] for a, b in marks} <= {"**", "***", "__"}
        assert len(marks) % 2 == 0


@given(st.lists(st.text(st.sampled_from("*_ 年要点，。\n#一、a"), max_size=30), max_size=5))
def test_nothing_is_lost_of_a_marked_up_file(dirt: list[str]) -> None:
    text = joined([f"# {TITLE}", GREETING, *(f"**{PAST}**{one}" for one in dirt), TASKS])
    check_document(ingest(text, ANALYZER, "md"))


def test_a_marked_up_file_reads_like_a_plain_one() -> None:
    lead, rest = PAST.split("，", 1)
    marked = joined(
        [
            f"# **{TITLE}**",
            "",
            GREETING,
            "",
            "## 形势 ##",
            "",
            f"**{lead}**，{rest}",
            "",
            "**一、任务**",
            "",
            f"> {TASKS}",
            "",
            CALL,
        ]
    )
    plain = joined([TITLE, GREETING, "形势", PAST, "一、任务", TASKS, CALL])
    document = ingest(marked, ANALYZER, "md")
    (speech,) = document.speeches
    assert speech.text == plain
    assert speech.title == TITLE
    assert [(node.kind, node.heading) for node in speech.sections] == [("cjk", "任务")]
    assert not any(flag.kind == "placeholder" for flag in speech.flags)
    assert removed(document, MARKUP) == ["# **", "**", "## ", "##", "**", "**", "**", "**", "> "]


def test_white_space_beside_emphasis_stays_as_it_was() -> None:
    text = joined([TITLE, GREETING, f"**先说成绩。** 2021年，{PAST}", "We **must** report, **now**and then.", CALL])
    (speech,) = ingest(text, ANALYZER, "md").speeches
    assert speech.text.split("\n")[2].startswith("先说成绩。 2021年，")
    assert speech.text.split("\n")[3] == "We must report, nowand then."
