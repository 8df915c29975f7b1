"""Near-identical passages."""

from __future__ import annotations

import numpy as np
import pytest

from rag.search.duplicates import THRESHOLD, group_duplicates, near_duplicate, shingles

TEN = "一二三四五六七八九十"
ALIKE = np.ones((9, 1), dtype=np.float32)


def test_shingles_are_the_five_grams_of_what_is_left_without_punctuation() -> None:
    assert shingles("一二，三 四五。六") == {"一二三四五", "二三四五六"}
    assert shingles("一二") == {"一二"}


def test_jaccard_by_hand() -> None:
    """20 characters have 16 five-grams. Two more at the end: 18, of which 16 are common: 16/18 = 0.889 ≥ 0.8.
    Five more: 16/21 = 0.762 < 0.8."""
    base = TEN + "甲乙丙丁戊己庚辛壬癸"
    assert len(shingles(base)) == 16
    assert near_duplicate(shingles(base), shingles(base + "子丑"))
    assert not near_duplicate(shingles(base), shingles(base + "子丑寅卯辰"))
    assert THRESHOLD == 0.8


def test_nothing_resembles_nothing() -> None:
    assert not near_duplicate(frozenset(), frozenset())


def test_groups_are_in_the_order_of_their_first_members() -> None:
    texts = [
        TEN,
        "别的话题说的完全是另外的事",
        TEN + "。",
        "别的话题，说的完全是另外的事！",
        "第三件事和前两件都不相干",
    ]
    assert group_duplicates(texts.__getitem__, ALIKE[:5], 10) == [[0, 2], [1, 3], [4]]


def test_after_the_last_group_its_members_are_still_found() -> None:
    texts = [TEN, "别的话题说的完全是另外的事", TEN + "。", "第三件事和前两件都不相干", TEN]
    assert group_duplicates(texts.__getitem__, ALIKE[:5], 1) == [[0, 2, 4]]
    assert group_duplicates([].__getitem__, np.zeros((0, 0), dtype=np.float32), 5) == []


@pytest.mark.parametrize(("cosine", "expected"), [(0.9, [[0, 1]]), (0.8, [[0], [1]])])
def test_texts_about_different_things_are_not_compared(cosine: float, expected: list[list[int]]) -> None:
    vectors = np.array([[1, 0], [cosine, np.sqrt(1 - cosine**2)]], dtype=np.float32)
    assert group_duplicates([TEN, TEN].__getitem__, vectors, 10) == expected


def test_only_texts_that_are_compared_are_read() -> None:
    read: list[int] = []

    def text_at(n: int) -> str:
        read.append(n)
        return TEN

    vectors = np.array([[1, 0], [0, 1], [1, 0]], dtype=np.float32)
    assert group_duplicates(text_at, vectors, 10) == [[0, 2], [1]]
    assert sorted(read) == [0, 2]
