"""Sections: how they nest, where their headings and spans end."""

from __future__ import annotations

import pytest
from speeches import CALL, PAST, TASKS, joined

from rag.ingest.outline import outline, path_at, shown, trim_heading
from rag.types import Section, Span


def spans(text: str) -> list[Span]:
    out, at = [], 0
    for line in text.split("\n"):
        out.append(Span(at, at + len(line)))
        at += len(line) + 1
    return out


def tree(*lines: str) -> list[tuple[str, str | None]]:
    """(what the reader sees of a node, what he sees of its parent) of every node."""
    text = joined(lines)
    nodes = outline(text, spans(text))
    return [(shown(n), None if n.parent is None else shown(nodes[n.parent])) for n in nodes]


def test_levels_nest() -> None:
    assert tree(
        "第一部分 总论", "一、形势", "（一）成绩", "1.办文", "（1）提速", "（二）不足", "二、任务", "第二部分 分论"
    ) == [
        ("第一部分总论", None),
        ("一、形势", "第一部分总论"),
        ("（一）成绩", "一、形势"),
        ("1.办文", "（一）成绩"),
        ("（1）提速", "1.办文"),
        ("（二）不足", "一、形势"),
        ("二、任务", "第一部分总论"),
        ("第二部分分论", None),
    ]


def test_a_series_that_begins_again_is_nested_once() -> None:
    assert tree("一、总的情况", "一、办文", "二、办会", "三、办事", "二、下步打算") == [
        ("一、总的情况", None),
        ("一、办文", "一、总的情况"),
        ("二、办会", "一、总的情况"),
        ("三、办事", "一、总的情况"),
        ("二、下步打算", None),
    ]


def test_a_list_whose_numbers_are_all_one_is_no_staircase() -> None:
    text = joined(["1. 加强学习"] * 50)
    assert max(node.level for node in outline(text, spans(text))) <= 5


def test_missing_and_skipped_numbers_do_not_break_the_tree() -> None:
    assert [parent for _, parent in tree("二、形势", "（三）成绩", "四、任务", "（一）办文")] == [
        None, "二、形势", None, "四、任务",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("line", "heading"),
    [
        ("一、提高认识", "提高认识"),
        ("（一）提高认识。" + PAST, "提高认识"),
        ("（一）提高认识，抓好落实。" + PAST, "提高认识，抓好落实"),
        ("1．提高认识：" + PAST, "提高认识"),
        ("二、要提高认识 " + CALL, "要提高认识"),
    ],
)
def test_the_heading_of_a_paragraph_is_its_lead(line: str, heading: str) -> None:
    (node,) = [n for n in outline(line, spans(line)) if n.kind != "inline"]
    assert node.heading == heading
    assert line[: node.heading_end].strip("。：") == node.label + heading


def test_inline_points_are_nodes_below_their_section() -> None:
    found = tree("一、任务", f"一是要办好文，少而精。{PAST}二是要办好会，短而实。{TASKS}", "二、要求")
    assert found == [
        ("一、任务", None),
        ("一是要办好文", "一、任务"),
        ("二是要办好会", "一、任务"),
        ("二、要求", None),
    ]


def test_headings_of_the_format_count_without_a_label() -> None:
    text = joined(["总论", PAST, "分论", TASKS])
    marked = [spans(text)[0], spans(text)[2]]
    assert [(n.kind, n.heading) for n in outline(text, spans(text), marked)] == [("format", "总论"), ("format", "分论")]


def test_ends_and_paths() -> None:
    text = joined(["开头", "一、形势", PAST, "（一）成绩", TASKS, "二、任务", "一是要办好文，少而精。二是要办好会。"])
    nodes = outline(text, spans(text))
    assert nodes[0].end == text.index("二、")
    assert nodes[1].end == text.index("二、")
    assert nodes[-1].end == len(text)

    def headings(offset: int) -> list[str]:
        return [nodes[n].heading for n in path_at(nodes, offset)]

    assert headings(0) == []
    assert headings(text.index(PAST)) == ["形势"]
    assert headings(text.index(TASKS)) == ["形势", "成绩"]
    assert headings(len(text) - 1) == ["任务"]


def brute_path(nodes: list[Section], offset: int) -> tuple[int, ...]:
    return tuple(n for n, node in enumerate(nodes) if node.start <= offset < node.end and node.kind != "inline")


def test_paths_equal_those_of_a_plain_search() -> None:
    text = joined(
        ["一、甲", "（一）乙", "一是好。二是快。", "（二）丙", "1.丁", "二、戊", PAST, "（一）己", "首先，快。"]
    )
    nodes = outline(text, spans(text))
    assert len(nodes) >= 9
    for offset in range(len(text) + 1):
        assert path_at(nodes, offset) == brute_path(nodes, offset)


def test_long_headings_are_cut_for_showing() -> None:
    assert trim_heading(" 短标题 ") == "短标题"
    assert trim_heading("长" * 60) == "长" * 47 + "…"


@pytest.mark.parametrize("text", ["", "3.5亿元投资", "同志们：", "只有一段话，没有标题。"])
def test_text_without_headings_has_no_outline(text: str) -> None:
    assert outline(text, spans(text)) == []
