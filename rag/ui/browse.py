"""浏览: every speech of the archive, narrowed down by facets and by words of the title."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from rag.archive.rows import SpeechSummary
from rag.i18n import current
from rag.i18n import gettext as _
from rag.text.normalize import normalize
from rag.types import Filters
from rag.ui import components, pages, reading, shell, state
from rag.ui.links import Request, Spot, address

PAGE = 30
FACETS = ("year", "genre", "speaker", "organisation", "place")


def page() -> None:
    shell.heading(pages.BROWSE)
    if shell.no_archive():
        return
    everything = state.summaries()
    wanted = _controls(everything)
    found = [one for one in everything if _fits(one, wanted)]
    found = _sorted(found, wanted["order"])
    pages_total = max(1, -(-len(found) // PAGE))
    at = min(int(st.session_state.get("browse_page", 1)), pages_total)
    shown = found[(at - 1) * PAGE : at * PAGE]
    events = components.mount(
        "speeches",
        "speeches",
        {
            "labels": _labels(len(found), len(everything)),
            "lang": current(),
            "rows": [_row(one) for one in shown],
            "page": at,
            "pages": pages_total,
            "turn": _("第 {at} 页，共 {total} 页").format(at=at, total=pages_total),
        },
        "open", "only", "turn",
    )  # fmt: skip
    if isinstance(events["open"], str):
        pages.go(pages.READ, Spot(events["open"]).params())
    if isinstance(events["only"], str):
        pages.go(pages.ASK, Request(filters=Filters(speech_ids=(events["only"],))).params())
    if isinstance(events["turn"], int):
        st.session_state["browse_page"] = max(1, min(events["turn"], pages_total))
        st.rerun()


def _controls(everything: Sequence[SpeechSummary]) -> dict[str, Any]:
    labels = {
        "year": _("年份"),
        "genre": _("体裁"),
        "speaker": _("讲话人"),
        "organisation": _("单位"),
        "place": _("地区"),
    }
    wanted: dict[str, Any] = {}
    first, second = st.columns([3, 1])
    wanted["title"] = first.text_input(
        _("题名含有"), key="browse_title", placeholder=_("输入题名中的字"), on_change=_to_first
    )
    orders = {"file": _("按文件"), "new": _("年份从近到远"), "old": _("年份从远到近"), "long": _("篇幅从长到短")}
    wanted["order"] = second.selectbox(_("排序"), list(orders), format_func=orders.__getitem__, on_change=_to_first)
    with st.container(key="facets"):
        columns = st.columns(len(FACETS))
    for column, field in zip(columns, FACETS, strict=True):
        counts = Counter(getattr(one, field) for one in everything if getattr(one, field) is not None)
        options = sorted(counts, reverse=True) if field == "year" else [value for value, _n in counts.most_common()]
        shown = {value: f"{value}（{counts[value]}）" for value in options}
        wanted[field] = column.multiselect(
            labels[field],
            options,
            format_func=_shower(shown),
            placeholder=_("不限"),
            on_change=_to_first,
        )
    return wanted


def _to_first() -> None:
    st.session_state["browse_page"] = 1


def _fits(one: SpeechSummary, wanted: dict[str, Any]) -> bool:
    if wanted["title"] and normalize(wanted["title"]) not in normalize(one.title):
        return False
    return all(not wanted[field] or getattr(one, field) in wanted[field] for field in FACETS)


def _sorted(found: list[SpeechSummary], order: str) -> list[SpeechSummary]:
    if order == "new":
        return sorted(found, key=lambda one: -(one.year or 0))
    if order == "old":
        return sorted(found, key=lambda one: one.year or 9999)
    return sorted(found, key=lambda one: -one.chars) if order == "long" else found


def _row(one: SpeechSummary) -> dict[str, Any]:
    parts = [one.speaker, one.organisation, str(one.year) if one.year else _("年份不明"), one.genre]
    parts += [_("{n} 字").format(n=f"{one.chars:,}"), one.file]
    return {
        "id": one.speech_id,
        "title": one.title,
        "meta": " · ".join(part for part in parts if part),
        "flags": [reading.flag_name(kind) for kind in one.flags if kind in reading.SERIOUS],
        "href": address("read", Spot(one.speech_id).params()),
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
        "previous": _("上一页"),
        "next": _("下一页"),
        "none": _("没有符合条件的讲话，请放宽条件。"),
    }


def _shower(shown: dict[Any, str]) -> Callable[[Any], str]:
    return lambda value: shown.get(value, str(value))
