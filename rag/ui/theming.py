"""Themes, figures and units as the data that their components show."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rag.archive.reader import Archive
from rag.archive.rows import SpeechRow
from rag.explore.gather import CellPassage, Matrix, StatedFigure
from rag.explore.located import Located
from rag.explore.themes import Theme, Themes
from rag.i18n import gettext as _
from rag.types import Place
from rag.ui import citing
from rag.ui.links import Request, Spot, address

View = dict[str, Any]
PAGE = "themes"
TALL = 200  # units in the table
IN_TABLE = 500  # figures shown; the file holds all


class Presenter:
    """Turns places of one archive into what the page shows."""

    def __init__(self, archive: Archive, kept: frozenset[tuple[str, int, int]], *, sample: bool) -> None:
        self._archive, self._kept, self._sample = archive, kept, sample
        self._speeches: dict[str, SpeechRow] = {}

    def passage(self, one: Located) -> View:
        same = [{"title": f"{p.title}（{p.file}）", **_spot(p)} for p in one.copies]
        return {
            **self.source(one.place),
            "text": one.text,
            "same": same,
            "sameLabel": _("另有 {n} 处相同").format(n=len(same)),
        }

    def cell(self, one: CellPassage) -> View:
        basis = "" if one.named else _("讲话单位所说，原句未点名")
        return {**self.source(one.place), "text": one.text, "same": [], "sameLabel": "", "basis": basis}

    def source(self, place: Place) -> View:
        speech = self._speech(place.speech_id)
        path = citing.PATH_MARK.join(place.section)
        return {
            "title": place.title,
            "meta": " · ".join(part for part in (citing.byline(speech), path, citing.page_text(place.page)) if part),
            "cite": citing.citation(speech, place.start, place.page, sample=self._sample),
            "kept": (place.speech_id, place.start, place.end) in self._kept,
            **_spot(place),
        }

    def _speech(self, speech_id: str) -> SpeechRow:
        found = self._speeches.get(speech_id)
        if found is None:
            found = self._speeches[speech_id] = self._archive.speech(speech_id)
        return found


def card(theme: Theme) -> View:
    return {
        "label": theme.label,
        "terms": list(theme.terms),
        "meta": _("{speeches} 篇 · {passages} 段").format(speeches=theme.speeches, passages=len(theme.passages)),
        "years": years_text(theme),
        "href": address(PAGE, {"theme": theme.label}),
    }


def years_text(theme: Theme) -> str:
    known = [year for year, _count in theme.years if year is not None]
    if not known:
        return _("年份不明")
    return str(known[0]) if known[0] == known[-1] else f"{known[0]}–{known[-1]}"


def year_bars(theme: Theme) -> list[View]:
    """One bar for each year from the first to the last, those without speeches too; the undated ones come last."""
    counts = dict(theme.years)
    known = [year for year in counts if year is not None]
    bars: list[View] = [
        {"year": str(year), "n": counts.get(year, 0)} for year in (range(min(known), max(known) + 1) if known else ())
    ]
    return bars + ([{"year": _("不明"), "n": counts[None]}] if counts.get(None) else [])


def term_link(term: str) -> View:
    request = Request(question=f'"{term}"', search_only=True)
    return {"text": term, "href": address("", request.params()), "params": request.params()}


def outside_text(found: Themes) -> str:
    if not found.outside:
        return ""
    text = _("全部 {total} 段中，有 {n} 段没有归入任何专题，如开场、致谢和只讲一次的事。")
    return text.format(total=found.passages, n=found.outside)


def figure_rows(found: Sequence[StatedFigure]) -> list[View]:
    """Rows of the table; ``sort`` holds what each column is ordered by."""
    return [
        {
            "text": one.text,
            "clause": one.clause,
            "at": [one.place.start - one.clause_at.start, one.place.end - one.clause_at.start],
            "who": one.unit_name or _("单位不明"),
            "named": one.named,
            "known": one.unit_name is not None,
            "year": one.place.year or _("不明"),
            "title": one.place.title,
            "same": one.copies,
            "sort": [
                f"{one.figure.unit}",
                one.figure.value,
                one.clause,
                one.unit_name or "\uffff",
                one.place.year or 9999,
                one.place.title,
            ],
            **_spot(one.place),
        }
        for one in found[:IN_TABLE]
    ]


def matrix_view(matrix: Matrix, unit: str | None, label: str) -> View:
    """The table of units, the themes that most of them share first."""
    spread = {name: sum(1 for _unit, other in matrix.cells if other == name) for name in matrix.labels}
    labels = sorted(matrix.labels, key=lambda name: -spread[name])
    rows = matrix.units[:TALL]
    cut = _("共 {n} 个单位，这里列出前 {shown} 个；全部可用命令 themes --matrix 导出。")
    return {
        "cut": cut.format(n=len(matrix.units), shown=TALL) if len(matrix.units) > TALL else "",
        "chosen": bool(label),
        "columns": [{"label": name, "href": address(PAGE, {"theme": name})} for name in labels],
        "rows": [
            {
                "unit": one or _("单位不明"),
                "known": one is not None,
                "cells": [_cell(matrix, one, name, unit, label) for name in labels],
            }
            for one in rows
        ],
    }


def _cell(matrix: Matrix, unit: str | None, name: str, chosen: str | None, label: str) -> View | None:
    found = matrix.cells.get((unit, name))
    if not found:
        return None
    to = {"view": "units", "unit": unit or "", "cell": name}
    return {"n": len(found), "href": address(PAGE, to), "params": to, "chosen": (unit, name) == (chosen, label)}


def _spot(place: Place) -> View:
    spot = {"speech": place.speech_id, "start": place.start, "end": place.end}
    return {"spot": spot, "href": address("read", Spot(place.speech_id, place.start, place.end).params())}
