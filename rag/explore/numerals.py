"""Values of numbers as speeches write them: 1857, 1,857, ３．５万, 三百一十二, 两万三千, 百分之三十."""

from __future__ import annotations

import unicodedata

_DIGITS = {char: n for n, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_UNITS = {"十": 10, "百": 100, "千": 1_000}
_LARGE = {"万": 10_000, "亿": 100_000_000}


def number_value(text: str) -> float | None:
    """The value of an Arabic or Chinese number with its multiplier («1.2万» is 12000), None for anything else."""
    folded = unicodedata.normalize("NFKC", text).replace(",", "").replace(" ", "")
    head = folded.rstrip("十百千万亿")
    try:
        value = float(head)
    except ValueError:
        return _chinese(folded)
    for unit in folded[len(head) :]:
        value *= _UNITS.get(unit) or _LARGE[unit]
    return round(value, 6)


def _chinese(text: str) -> float | None:
    whole, point, fraction = text.partition("点")
    value = _whole(whole)
    if value is None or not point:
        return value
    multiplier = fraction.lstrip("".join(_DIGITS))
    digits = fraction[: len(fraction) - len(multiplier)]
    if not digits or any(char not in _LARGE for char in multiplier):
        return None
    value += sum(_DIGITS[char] / 10**n for n, char in enumerate(digits, 1))
    for char in multiplier:
        value *= _LARGE[char]
    return round(value, 6)


def _whole(text: str) -> float | None:
    """A Chinese whole number. «二〇一九» is read digit by digit; «三四» is no number but an estimate: None."""
    if not text or any(char not in _DIGITS and char not in _UNITS and char not in _LARGE for char in text):
        return None
    if all(char in _DIGITS for char in text):
        plain = len(text) == 1 or any(char in "〇零" for char in text)
        return float("".join(str(_DIGITS[char]) for char in text)) if plain else None
    total = section = digit = 0
    last_unit = 1
    pending = False
    for char in text:
        if char in _DIGITS:
            if pending and _DIGITS[char]:
                return None  # two digits in a row: «三四十»
            digit, pending = _DIGITS[char], bool(_DIGITS[char])
            last_unit = last_unit if digit else 0
        elif char in _UNITS:
            section += (digit or (1 if char == "十" or not section else 0)) * _UNITS[char]
            digit, pending, last_unit = 0, False, _UNITS[char]
        else:
            section = (section + digit or 1) * _LARGE[char]
            total, section = (total * _LARGE[char] if total and char == "亿" else total) + section, 0
            digit, pending, last_unit = 0, False, _LARGE[char]
    # «三百五» and «两万三» leave out the last unit.
    short = digit and last_unit >= 100 and text[-1] in _DIGITS and text[-2] in (*_UNITS, *_LARGE)
    return float(total + section + digit * (last_unit // 10 if short else 1))
