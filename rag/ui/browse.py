"""浏览: every speech of the archive, narrowed down by facets and by words of the title."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from rag.archive.rows import SpeechRow, SpeechSummary
from rag.explore.facets import FACETS, Narrowed, narrow
from rag.explore.located import speeches_named
from rag.explore.summary import summarise
from rag.i18n import current
from rag.i18n import gettext as _
from rag.types import Filters
from rag.ui import components, pages, reading, shell, state
from rag.ui.links import Request, Spot, address

PAGE = 30


def page() -> None:
    shell.heading(pages.BROWSE)
    if shell.no_archive():
        return
    everything = state.summaries()
    narrowed, order = _controls(everything)
    found = _sorted(list(narrowed.speeches), order)
    pages_total = max(1, -(-len(found) // PAGE))
    at = min(int(st.session_state.get("browse_page", 1)), pages_total)
    shown = found[(at - 1) * PAGE : at * PAGE]
    events = components.mount(
        "speeches",
        "speeches",
        {
            "labels": _labels(len(found), len(everything)),
            "lang": current(),
            "rows": [_row(one, points) for one, points in zip(shown, _points(shown), strict=True)],
            "page": at,
            "pages": pages_total,
            "turn": _("第 {at} 页，共 {total} 页").format(at=at, total=pages_total),
        },
        "open", "point", "only", "turn",
    )  # fmt: skip
    if isinstance(events["open"], str):
        pages.go(pages.READ, Spot(events["open"]).params())
    if isinstance(spot := events["point"], dict):
        pages.go(pages.READ, Spot(str(spot["speech"]), int(spot["start"]), int(spot["end"])).params())
    if isinstance(events["only"], str):
        pages.go(pages.ASK, Request(filters=Filters(speech_ids=(events["only"],))).params())
    if isinstance(events["turn"], int):
        st.session_state["browse_page"] = max(1, min(events["turn"], pages_total))
        st.rerun()


def _controls(everything: Sequence[SpeechSummary]) -> tuple[Narrowed, str]:
    """The speeches that the widgets leave, and their order. Each facet counts what its values would leave."""
    state.keep("browse_title", "browse_order", *(f"browse_{field}" for field in FACETS))
    labels = {
        "year": _("年份"),
        "genre": _("体裁"),
        "speaker": _("讲话人"),
        "organisation": _("单位"),
        "place": _("地区"),
    }
    first, second = st.columns([3, 1])
    title = first.text_input(_("题名含有"), key="browse_title", placeholder=_("输入题名中的字"), on_change=_to_first)
    orders = {"file": _("按文件"), "new": _("年份从近到远"), "old": _("年份从远到近"), "long": _("篇幅从长到短")}
    order = second.selectbox(_("排序"), list(orders), format_func=orders.__getitem__, key="browse_order", on_change=_to_first)
    chosen = {field: st.session_state.get(f"browse_{field}", []) for field in FACETS}
    narrowed = narrow(everything, chosen, title)
    with st.container(key="facets"):
        columns = st.columns(len(FACETS))
    for column, field in zip(columns, FACETS, strict=True):
        counts = dict(narrowed.counts[field])
        unknown = _("不明")
        shown = {value: f"{unknown if value is None else value}（{n}）" for value, n in counts.items()}
        column.multiselect(
            labels[field],
            list(counts),
            key=f"browse_{field}",
            format_func=_shower(shown),
            placeholder=_("不限"),
            on_change=_to_first,
        )
    return narrowed, order


def _to_first() -> None:
    st.session_state["browse_page"] = 1


def _sorted(found: list[SpeechSummary], order: str) -> list[SpeechSummary]:
    if order == "new":
        return sorted(found, key=lambda one: -(one.year or 0))
    if order == "old":
        return sorted(found, key=lambda one: one.year or 9999)
    return sorted(found, key=lambda one: -one.chars) if order == "long" else found


def _points(shown: Sequence[SpeechSummary]) -> list[list[dict[str, Any]]]:
    """What each speech says in its own headings and opening sentences."""
    speeches = {one.speech_id: one for one in speeches_named(state.archive(), [one.speech_id for one in shown])}
    return [_said(speeches[one.speech_id]) if one.speech_id in speeches else [] for one in shown]


def _said(speech: SpeechRow) -> list[dict[str, Any]]:
    out = []
    for point in summarise(speech):
        heading, lead = point.heading, point.lead
        at = lead or heading
        if at is not None:
            out.append(
                {
                    "heading": speech.text[heading.start : heading.end] if heading else "",
                    "lead": speech.text[lead.start : lead.end] if lead else "",
                    "spot": {"speech": speech.speech_id, "start": at.start, "end": at.end},
                    "href": address("read", Spot(speech.speech_id, at.start, at.end).params()),
                }
            )
    return out


def _row(one: SpeechSummary, points: list[dict[str, Any]]) -> dict[str, Any]:
    parts = [one.speaker, one.organisation, str(one.year) if one.year else _("年份不明"), one.genre]
    parts += [_("{n} 字").format(n=f"{one.chars:,}"), one.file]
    return {
        "id": one.speech_id,
        "title": one.title,
        "meta": " · ".join(part for part in parts if part),
        "flags": [reading.flag_name(kind) for kind in one.flags if kind in reading.SERIOUS],
        "href": address("read", Spot(one.speech_id).params()),
        "points": points,
    }


def _labels(found: int, total: int) -> dict[str, str]:
    count = (
        _("共 {n} 篇").format(n=total)
        if found == total
        else _("{found} 篇，全部共 {n} 篇").format(found=found, n=total)
    )
    return {
        "count": count,
        "only": _("只问这篇"),
        "summary": _("提要（原文的标题和首句）"),
        "previous": _("上一页"),
        "next": _("下一页"),
        "none": _("没有符合条件的讲话，请放宽条件。"),
    }


def _shower(shown: dict[Any, str]) -> Callable[[Any], str]:
    return lambda value: shown.get(value, str(value))
