"""Facets: what a list of speeches can be narrowed down by, with the number of speeches behind each choice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rag.archive.rows import SpeechSummary
from rag.text.normalize import normalize

FACETS = ("year", "genre", "speaker", "organisation", "place")
Value = str | int | None


@dataclass(frozen=True)
class Narrowed:
    """The speeches that fit, and, facet by facet, (value, number of speeches) of what choosing it would leave.

    A facet's numbers obey the other facets' choices, not its own, so that a second value can be added. A value of
    None is «not known».
    """

    speeches: tuple[SpeechSummary, ...]
    counts: dict[str, tuple[tuple[Value, int], ...]]


def narrow(everything: Sequence[SpeechSummary], chosen: Mapping[str, Sequence[Value]], title: str = "") -> Narrowed:
    """The speeches whose title holds ``title`` and that have one of the chosen values in each facet with a choice."""
    wanted = normalize(title)
    titled = [one for one in everything if not wanted or wanted in normalize(one.title)]
    counts: dict[str, tuple[tuple[Value, int], ...]] = {}
    for field in FACETS:
        others = {name: values for name, values in chosen.items() if name != field}
        found = Counter(getattr(one, field) for one in titled if _fits(one, others))
        found.update({value: 0 for value in chosen.get(field, ()) if value not in found})
        counts[field] = tuple(sorted(found.items(), key=_by_year if field == "year" else _by_count))
    return Narrowed(tuple(one for one in titled if _fits(one, chosen)), counts)


def _fits(one: SpeechSummary, chosen: Mapping[str, Sequence[Value]]) -> bool:
    return all(not values or getattr(one, field) in values for field, values in chosen.items())


def _by_year(item: tuple[Value, int]) -> tuple[bool, int]:
    return item[0] is None, -int(item[0] or 0)


def _by_count(item: tuple[Value, int]) -> tuple[bool, int, str]:
    return item[0] is None, -item[1], str(item[0])
