"""Numbers as Word writes them in front of paragraphs (ECMA-376 part 1, 17.18.59 ST_NumberFormat)."""

from __future__ import annotations

from collections.abc import Callable

_DIGITS = "〇一二三四五六七八九"
_LEGAL_SIMPLIFIED = ("零壹贰叁肆伍陆柒捌玖", "拾佰仟萬")
_LEGAL_TRADITIONAL = ("零壹貳參肆伍陸柒捌玖", "拾佰仟萬")
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_ROMAN = (
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"),
    (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
)  # fmt: skip


def format_number(number: int, style: str) -> str:
    """``number`` in the number format ``style``; decimal where the format is not known or cannot write the number."""
    if style in ("none", "bullet"):
        return ""
    write = _FORMATS.get(style)
    return (write(number) if write and number >= 0 else None) or str(number)


def is_known(style: str) -> bool:
    """True for formats that ``format_number`` writes as Word does."""
    return style in _FORMATS or style in ("none", "bullet", "decimal")


def _grouped(digits: str, units: str, number: int, short_tens: bool) -> str | None:
    """Positional with unit characters: 一百〇五. ``short_tens`` writes 十五, not 一十五, for 15."""
    if not 0 < number < 10_000:
        return digits[0] if number == 0 else None
    out, gap = "", False
    for power in (3, 2, 1, 0):
        digit = number // 10**power % 10
        if digit == 0:
            gap = bool(out)
            continue
        if gap:
            out += digits[0]
            gap = False
        silent_one = short_tens and digit == 1 and power == 1 and not out
        out += ("" if silent_one else digits[digit]) + (units[power - 1] if power else "")
    return out


def _counting(zero: str) -> Callable[[int], str]:
    """十, 二十一, and from a hundred on digit by digit: 一○五."""

    def write(number: int) -> str:
        if number < 100:
            return _grouped(_DIGITS, "十百千", number, short_tens=True) or zero
        return _digit_by_digit(zero + _DIGITS[1:], number)

    return write


def _digit_by_digit(digits: str, number: int) -> str:
    return "".join(digits[int(digit)] for digit in str(number))


def _japanese(number: int) -> str | None:
    """As Chinese, without 一 before 十, 百 and 千, and without zeros."""
    if not 0 < number < 10_000:
        return "〇" if number == 0 else None
    out = ""
    for power, unit in ((3, "千"), (2, "百"), (1, "十"), (0, "")):
        digit = number // 10**power % 10
        if digit:
            out += ("" if digit == 1 and unit else _DIGITS[digit]) + unit
    return out


def _roman(number: int) -> str | None:
    if not 0 < number < 4000:
        return None
    out = ""
    for value, letters in _ROMAN:
        out += letters * (number // value)
        number %= value
    return out


def _letters(number: int) -> str | None:
    """A … Z, AA, BB, …: Word repeats the letter."""
    return chr(ord("A") + (number - 1) % 26) * ((number - 1) // 26 + 1) if 0 < number <= 780 else None


def _from_row(first: str, count: int) -> Callable[[int], str | None]:
    """Characters that stand in a row in Unicode, such as ①…⑳."""
    return lambda number: chr(ord(first) + number - 1) if 0 < number <= count else None


def _cycle(symbols: str) -> Callable[[int], str | None]:
    return lambda number: symbols[number - 1] if 0 < number <= len(symbols) else None


def _lower(write: Callable[[int], str | None]) -> Callable[[int], str | None]:
    return lambda number: (write(number) or "").lower() or None


_FORMATS: dict[str, Callable[[int], str | None]] = {
    "decimalZero": lambda number: f"{number:02d}",
    "upperRoman": _roman,
    "lowerRoman": _lower(_roman),
    "upperLetter": _letters,
    "lowerLetter": _lower(_letters),
    "chineseCounting": _counting("○"),
    "taiwaneseCounting": _counting("○"),
    "chineseCountingThousand": lambda number: _grouped(_DIGITS, "十百千", number, short_tens=True),
    "taiwaneseCountingThousand": lambda number: _grouped(_DIGITS, "十百千", number, short_tens=True),
    "japaneseCounting": _japanese,
    "ideographDigital": lambda number: _digit_by_digit(_DIGITS, number),
    "taiwaneseDigital": lambda number: _digit_by_digit("○" + _DIGITS[1:], number),
    "chineseLegalSimplified": lambda number: _grouped(*_LEGAL_SIMPLIFIED, number, short_tens=False),
    "ideographLegalTraditional": lambda number: _grouped(*_LEGAL_TRADITIONAL, number, short_tens=False),
    "ideographTraditional": _cycle(_STEMS),
    "ideographZodiac": _cycle(_BRANCHES),
    "ideographEnclosedCircle": _from_row("㊀", 10),
    "decimalEnclosedCircle": _from_row("①", 20),
    "decimalEnclosedCircleChinese": _from_row("①", 20),
    "decimalEnclosedFullstop": _from_row("⒈", 20),
    "decimalEnclosedParen": _from_row("⑴", 20),
    "decimalFullWidth": lambda number: _digit_by_digit("０１２３４５６７８９", number),
    "decimalFullWidth2": lambda number: _digit_by_digit("０１２３４５６７８９", number),
    "decimalHalfWidth": str,
    "numberInDash": lambda number: f"- {number} -",
}
