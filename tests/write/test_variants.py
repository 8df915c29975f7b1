"""Formulations with a letter changed or a word put in, against an independent search."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.write.stream import stream_of
from rag.write.variants import occurrences

WORDS = ("一件", "事", "一次", "办")


def found(text: str, formulation: str = "一件事一次办", words: tuple[str, ...] = WORDS) -> list[tuple[str, int]]:
    stream = stream_of(text)
    return [(stream.text[one.start : one.end], one.edits) for one in occurrences(stream, formulation, words)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("推行一件事一次办改革", [("一件事一次办", 0)]),
        ("推行“一件事”一次办改革", [("一件事一次办", 0)]),
        ("推行一件事一回办改革", [("一件事一回办", 1)]),
        ("推行一件事一次性办改革", [("一件事一次性办", 1)]),
        ("推行一件事情只一次办改革", [("一件事情只一次办", 2)]),
        ("推行一窗通办改革", []),
    ],
)
def test_the_formulation_and_what_is_close_to_it(text: str, expected: list[tuple[str, int]]) -> None:
    assert found(text) == expected


def test_what_stands_there_itself_is_not_also_a_variant() -> None:
    assert found("一件事一次办一件事一次办") == [("一件事一次办", 0), ("一件事一次办", 0)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [("一个安心的员工", []), ("做到三个安心", [("三个安心", 1)]), ("做到四个放心", [("四个放心", 1)])],
)
def test_a_number_of_things_varies_only_with_a_number(text: str, expected: list[tuple[str, int]]) -> None:
    assert found(text, "四个安心", ("四个", "安心")) == expected


def test_short_formulations_are_taken_literally() -> None:
    assert found("河长制和田长制", "河长制", ("河", "长", "制")) == [("河长制", 0)]


def distance(a: str, b: str) -> int:
    row = list(range(len(b) + 1))
    for i, letter in enumerate(a, 1):
        new = [i]
        for j, other in enumerate(b, 1):
            new.append(min(row[j] + 1, new[-1] + 1, row[j - 1] + (letter != other)))
        row = new
    return row[-1]


@given(st.text("甲乙丙丁戊", max_size=30))
def test_edits_are_the_edit_distance_and_nothing_close_is_missed(text: str) -> None:
    wanted = "甲乙丙丁"
    kept = [one for one in occurrences(stream_of(text), wanted, (wanted,)) if text]
    for one in kept:
        assert one.edits == distance(text[one.start : one.end], wanted) <= 1
    assert all(a.end <= b.start for a, b in pairwise(kept))
    covered = {at for one in kept for at in range(one.start, one.end)}
    for start in range(len(text)):
        for end in range(start + 3, min(len(text), start + 5) + 1):
            if distance(text[start:end], wanted) <= 1:
                assert covered & set(range(max(0, start - 1), end + 1)), text[start:end]
