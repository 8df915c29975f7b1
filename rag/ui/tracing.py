"""提法演变: the view of a formulation's uses by year, by unit and one by one."""

from __future__ import annotations

from typing import Any

import streamlit as st

from rag.i18n import current
from rag.i18n import gettext as _
from rag.types import Place
from rag.ui import citing, components, pages, state
from rag.ui.links import Spot, address
from rag.write.texts import Places
from rag.write.trace import MOST, Cluster, Count, Occurrence, Trace, trace

View = dict[str, Any]
AROUND = 24  # characters shown before and after a use
BARS = ("#4178ab", "#d9a441")  # legible on light and on dark paper


def show() -> None:
    st.caption(_("一个提法最早、最近在哪里讲过，各年、各单位讲了几次，有哪些变体。"))
    asked = (st.query_params.get("q") or "")[: 2 * MOST]
    if st.session_state.get("trace_asked") != asked or "formulation" not in st.session_state:
        st.session_state["trace_asked"] = st.session_state["formulation"] = asked
    with st.form("trace", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input(
            _("提法"), key="formulation", max_chars=2 * MOST, placeholder=_("输入一个提法，例如：一件事一次办"),
            label_visibility="collapsed",
        )  # fmt: skip
        sent = st.form_submit_button(_("查演变"), type="primary", width="content")
    wanted = st.session_state["formulation"].strip()
    if sent and wanted:
        st.session_state["trace_asked"] = st.query_params["q"] = wanted
        st.query_params["view"] = "trace"
    if wanted:
        _result(_trace(str(state.folder()), state.archive().meta("state"), wanted))


@st.cache_resource(show_spinner=False, max_entries=32)
def _trace(folder: str, archive_state: str | None, formulation: str) -> Trace:
    return trace(state.session().retriever, formulation)


def _result(found: Trace) -> None:
    if found.years:
        _chart(found)
    places = Places(state.archive())
    events = components.mount(
        "traces",
        "traces",
        {
            "lang": current(),
            "labels": {"where": _("打开原文"), "units": _("使用单位"), "all": _("全部 {n} 处").format(n="{n}")},
            "summary": _summary(found),
            "ends": [
                {"label": label} | _use(one, places)
                for label, one in ((_("最早"), found.first), (_("最近"), found.last))
                if one
            ],
            "units": [_unit(one) for one in found.units],
            "clusters": [_cluster(one, places) for one in found.clusters],
        },
        "open",
    )
    if isinstance(to := events["open"], dict):
        pages.go(pages.READ, Spot(str(to["speech"]), int(to["start"]), int(to["end"])).params())


def _chart(found: Trace) -> None:
    """Uses by year. The columns have fixed names: nothing of the archive is read as a column's name."""
    exact, variant = _("原样"), _("变体")
    years = [str(one.key) for one in found.years]
    rows = {
        _("年份"): years,
        exact: [one.exact for one in found.years],
        variant: [one.variant for one in found.years],
    }
    st.bar_chart(rows, x=_("年份"), y=[exact, variant], x_label="", y_label="", color=[*BARS], height=200)


def _summary(found: Trace) -> list[str]:
    if not found.counted:
        return [_("档案里没有这个提法，也没有相近的变体。")]
    out = [_("共 {n} 处，{speeches} 篇").format(n=len(found.counted), speeches=found.speeches)]
    undated = found.undated
    if undated.speeches:
        out.append(
            _("另有 {n} 篇年份不明，其中 {uses} 处未计入图表").format(
                n=undated.speeches, uses=undated.exact + undated.variant
            )
        )
    return out


def _unit(one: Count) -> str:
    return _("{unit}：{n} 处，{speeches} 篇（档案中共 {all} 篇）").format(
        unit=one.key or _("单位不明"), n=one.exact + one.variant, speeches=one.speeches, all=one.all_speeches
    )


def _cluster(one: Cluster, places: Places) -> View:
    kinds = {"exact": _("原样"), "variant": _("变体"), "similar": _("近义（不计入统计）")}
    return {"kind": kinds[one.kind], "label": one.label, "uses": [_use(use, places) for use in one.occurrences]}


def _use(one: Occurrence, places: Places) -> View:
    text, place = places.speech(one.place.speech_id).text, one.place
    before = text[max(0, place.start - AROUND) : place.start].rpartition("\n")[2]
    after = text[place.end : place.end + AROUND].partition("\n")[0]
    return {"before": before, "text": one.text, "after": after} | located(place, places)


def located(place: Place, places: Places) -> View:
    """A place as a link with its citation."""
    speech = places.speech(place.speech_id)
    return {
        "cite": citing.citation(speech, place.start, place.page, sample=state.is_sample()),
        "href": address("read", Spot(place.speech_id, place.start, place.end).params()),
        "spot": {"speech": place.speech_id, "start": place.start, "end": place.end},
    }
