"""The years that a question names, and whether what is quoted has to do with them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from rag.ingest.dates import western_digits
from rag.types import Place, Point

_YEAR = r"(?<!\d)((?:19|20)\d{2})(?!\d)"
_SPAN = re.compile(rf"{_YEAR}\s*年?\s*(?:到|至|[—–~～-]|to|until)+\s*{_YEAR}")
_SINGLE = re.compile(_YEAR)
_LAST_YEAR = re.compile("去年|上年|上一年")


def asked_years(question: str) -> list[range]:
    """The years and spans of years that a question names, in order («2018年到2020年» is one span)."""
    text = western_digits(question)
    found = [(m.start(), range(int(m[1]), int(m[2]) + 1)) for m in _SPAN.finditer(text)]
    rest = _SPAN.sub(lambda m: " " * len(m[0]), text)
    found += [(m.start(), range(int(m[1]), int(m[1]) + 1)) for m in _SINGLE.finditer(rest)]
    return list(dict.fromkeys(years for _, years in sorted(found, key=lambda one: one[0]) if years))


def years_notice(question: str, points: Iterable[Point], places: Mapping[int, Place]) -> str | None:
    """Tells which of the named years no quotation is from or speaks of; None where there are none of these.

    ``places`` has the places of the citations by number.
    """
    asked = asked_years(question)
    if not asked:
        return None
    known: set[int] = set()
    for quote in (quote for point in points for quote in point.quotes):
        known.update(int(m[1]) for m in _SINGLE.finditer(western_digits(quote.text)))
        for number in (quote.citation, *quote.also):
            year = places[number].year
            if year is not None:
                known.update({year, year - 1} if _LAST_YEAR.search(quote.text) else {year})
    missing = [years for years in asked if known.isdisjoint(years)]
    if not missing:
        return None
    named = "、".join(f"{years[0]}" if len(years) == 1 else f"{years[0]}—{years[-1]}" for years in missing)
    return f"引用的原文没有出自或提到 {named} 年的，请核对年份。"
