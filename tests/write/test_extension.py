"""Alignment from a common beginning: exact figures by hand, then against an independent edit distance."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from rag.write.extension import DROP, EDIT, Block, extend

LETTERS = "甲乙丙丁"


def test_equal_texts_are_one_block() -> None:
    assert extend("全面从严治党永远在路上", "全面从严治党永远在路上") == [Block(0, 0, 11)]


def test_one_changed_one_missing_and_one_added_letter() -> None:
    a = "信息工作是办公室的第一项职责谁也不能马虎应付"
    assert extend(a, a.replace("第一", "第二")) == [Block(0, 0, 10), Block(11, 11, 11)]
    assert extend(a, a.replace("第一项", "第项")) == [Block(0, 0, 10), Block(11, 10, 11)]
    assert extend(a, a.replace("第一项", "第一大项")) == [Block(0, 0, 11), Block(11, 12, 11)]


def test_it_stops_where_the_texts_part() -> None:
    assert extend("信息工作很重要甲乙丙丁戊己庚辛", "信息工作很重要子丑寅卯辰巳午未") == [Block(0, 0, 7)]
    assert extend("甲乙", "丙丁") == []
    assert extend("", "甲") == []


def test_it_does_not_cross_more_edits_than_the_drop_allows() -> None:
    allowed = int(
        DROP / (EDIT - 1)
    )  # a substitution goes one letter on and costs EDIT; what it leads to counts at once
    other = "子丑寅卯辰巳午未申酉"
    same = "这一段话后面还是一样的有二十多个字可以说明问题了吧"
    near = extend("开头相同" + "甲" * allowed + same, "开头相同" + other[:allowed] + same)
    far = extend("开头相同" + "甲" * (allowed + 2) + same, "开头相同" + other[: allowed + 2] + same)
    assert near[-1].length == len(same)
    assert far == [Block(0, 0, 4)]


def best_score(a: str, b: str) -> float:
    """The best (i + j) / 2 - EDIT · distance(a[:i], b[:j]) over all prefixes, by the whole table of Levenshtein (1966)."""
    row = list(range(len(b) + 1))
    best = max(j / 2 - EDIT * row[j] for j in range(len(b) + 1))
    for i, letter in enumerate(a, 1):
        new = [i]
        for j, other in enumerate(b, 1):
            new.append(min(row[j] + 1, new[j - 1] + 1, row[j - 1] + (letter != other)))
        row = new
        best = max(best, *((i + j) / 2 - EDIT * row[j] for j in range(len(b) + 1)))
    return best


@given(st.text(LETTERS, max_size=14), st.text(LETTERS, max_size=14))
def test_blocks_are_equal_in_order_and_as_good_as_the_whole_table_says(a: str, b: str) -> None:
    blocks = extend(a, b)
    assert all(a[i : i + n] == b[j : j + n] for i, j, n in blocks)
    ends = [(0, 0), *((i + n, j + n) for i, j, n in blocks)]
    assert all(i >= end_a and j >= end_b for (i, j, _), (end_a, end_b) in zip(blocks, ends, strict=False))
    edits = sum(max(i - end_a, j - end_b) for (i, j, _), (end_a, end_b) in zip(blocks, ends, strict=False))
    score = sum(ends[-1]) / 2 - EDIT * edits
    # Below a drop of DROP nothing is given up, and 14 letters cannot win back what a drop costs.
    assert score == best_score(a, b)
