"""Numbers as speeches write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.explore.numerals import number_value
from rag.ingest.readers.numerals import format_number


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1857", 1857), ("1,857", 1857), ("３．５万", 35_000), ("1.2亿", 120_000_000), ("3千", 3_000),
        ("三百一十二", 312), ("两万三千", 23_000), ("两万三", 23_000), ("三百五", 350), ("一百零五", 105), ("十五", 15),
        ("二〇一九", 2019), ("一亿一千万", 110_000_000), ("三点五", 3.5), ("一点二万", 12_000), ("零", 0),
    ],
)  # fmt: skip
def test_values(text: str, value: float) -> None:
    assert number_value(text) == value


@pytest.mark.parametrize("text", ["三四", "三四十", "几十", "", "万众", "三点", "1.2.3", "两三百人"])
def test_estimates_and_words_have_no_value(text: str) -> None:
    assert number_value(text) is None


@given(st.integers(1, 9_999))
def test_what_word_writes_is_read_back(number: int) -> None:
    assert number_value(format_number(number, "chineseCountingThousand").replace("〇", "零")) == number
    assert number_value(str(number)) == number
    assert number_value(f"{number:,}") == number


@given(st.integers(1, 9_999), st.integers(1, 9_999))
def test_tens_of_thousands(high: int, low: int) -> None:
    def written(number: int) -> str:
        return format_number(number, "chineseCountingThousand").replace("〇", "零")

    gap = "零" if low < 1_000 else ""
    assert number_value(f"{written(high)}万{gap}{written(low)}") == high * 10_000 + low


@given(st.text("一二三四五六七八九十百千万亿零点0123456789,.", max_size=12))
def test_nothing_breaks_it(text: str) -> None:
    value = number_value(text)
    assert value is None or value >= 0
