"""Word's number formats, value by value."""

from __future__ import annotations

import pytest

from rag.ingest.readers.numerals import format_number, is_known


@pytest.mark.parametrize(
    ("style", "number", "expected"),
    [
        ("decimal", 12, "12"),
        ("decimalZero", 3, "03"),
        ("upperRoman", 1994, "MCMXCIV"),
        ("lowerRoman", 4, "iv"),
        ("upperLetter", 26, "Z"),
        ("upperLetter", 28, "BB"),
        ("lowerLetter", 3, "c"),
        ("chineseCounting", 1, "一"),
        ("chineseCounting", 10, "十"),
        ("chineseCounting", 15, "十五"),
        ("chineseCounting", 20, "二十"),
        ("chineseCounting", 99, "九十九"),
        ("chineseCounting", 105, "一○五"),
        ("chineseCountingThousand", 10, "十"),
        ("chineseCountingThousand", 21, "二十一"),
        ("chineseCountingThousand", 105, "一百〇五"),
        ("chineseCountingThousand", 110, "一百一十"),
        ("chineseCountingThousand", 1015, "一千〇一十五"),
        ("japaneseCounting", 11, "十一"),
        ("japaneseCounting", 110, "百十"),
        ("ideographDigital", 10, "一〇"),
        ("chineseLegalSimplified", 12, "壹拾贰"),
        ("ideographTraditional", 3, "丙"),
        ("ideographZodiac", 12, "亥"),
        ("decimalEnclosedCircleChinese", 20, "⑳"),
        ("decimalEnclosedCircle", 21, "21"),
        ("decimalFullWidth", 12, "１２"),
        ("none", 3, ""),
        ("hebrew1", 3, "3"),
    ],
)
def test_format_number(style: str, number: int, expected: str) -> None:
    assert format_number(number, style) == expected


def test_known_formats() -> None:
    assert is_known("chineseCounting")
    assert not is_known("hebrew1")
