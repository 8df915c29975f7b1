"""The question box and the filters. The page's address is the truth; the widgets follow it and write to it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from rag.functions.labels import LABELS
from rag.i18n import gettext as _
from rag.types import Filters
from rag.ui import composing, state
from rag.ui.links import Request, spoken
from rag.ui.naming import function_name
from rag.ui.searchbar import search_bar

_SEEN = "request"
_FACETS = {"speaker": "speaker", "organisation": "organisation", "place": "place", "genre": "genre"}
_SWITCHES = ("search_only", "expand", "compose")
_MANY = (*_FACETS, "speech_ids", "function")


def synchronise(request: Request) -> None:
    """Sets the widgets to what the address asks for, when it changed or they are new."""
    if st.session_state.get(_SEEN) == request and "question" in st.session_state:
        return
    st.session_state[_SEEN] = request
    years = request.filters.years or (0, 9999)
    st.session_state["question"] = request.question
    for name in _SWITCHES:
        st.session_state[name] = getattr(request, name)
    st.session_state["year_first"] = years[0] if years[0] > 0 else None
    st.session_state["year_last"] = years[1] if years[1] < 9999 else None
    st.session_state["contains"] = request.filters.contains
    for name in _MANY:
        st.session_state[f"f_{name}"] = list(getattr(request.filters, name))


def question_box() -> None:
    search_bar(
        "askbar", "question", _("问题"), _("用平常的话问，例如：紧急信息多长时间内必须报告"), _("提问"), _changed
    )


def panel() -> None:
    """The filters and the switches in a fold."""
    active = chosen().active
    with st.expander(
        _("筛选（已启用）") if active else _("筛选"), expanded=False, icon=":material/tune:", key="filters"
    ):
        facets = state.facets()
        titles = {one.speech_id: one.title for one in state.summaries()}
        upper, lower = st.columns(4), st.columns(5)
        with upper[0]:
            _year("year_first", _("年份起"), facets["year"])
        with upper[1]:
            _year("year_last", _("年份止"), facets["year"])
        with upper[2]:
            _many("genre", _("体裁"), facets["genre"])
        with upper[3]:
            _many("speaker", _("讲话人"), facets["speaker"])
        with lower[0]:
            _many("organisation", _("单位"), facets["organisation"])
        with lower[1]:
            _many("place", _("地区"), facets["place"])
        with lower[2]:
            _select("speech_ids", _("只看某篇"), list(titles), titles)
        with lower[3]:
            _select("function", _("句子功能"), list(LABELS), {label: function_name(label) for label in LABELS})
        with lower[4]:
            st.text_input(_("原文含有"), key="contains", max_chars=100, on_change=_changed)
        with st.container(horizontal=True, key="switches"):
            st.toggle(_("只检索，不整理成回答"), key="search_only", on_change=_changed)
            st.toggle(_("档案里没有的词，也按意思相近的词检索"), key="expand", on_change=_changed)
            if composing.settings():
                st.toggle(_("另由模型据引文成文"), key="compose", on_change=_changed)


def chosen() -> Filters:
    """The filters that the widgets hold."""
    first, last = st.session_state.get("year_first"), st.session_state.get("year_last")
    years = (first or 0, last or 9999) if first or last else None
    if years and years[0] > years[1]:
        years = (years[1], years[0])
    many = {name: tuple(st.session_state.get(f"f_{name}", ())) for name in _MANY}
    return Filters(years=years, contains=(st.session_state.get("contains") or "").strip(), **many)


def asked(question: str) -> Request:
    """A question with the filters and switches that the widgets hold."""
    switches = {name: bool(st.session_state.get(name, getattr(Request, name))) for name in _SWITCHES}
    return Request(question, chosen(), **switches)


def go(request: Request) -> None:
    """Shows another request on this page."""
    _write(request)
    st.session_state.pop(_SEEN, None)
    st.rerun()


def _changed() -> None:
    question = (st.session_state.get("question") or "").strip()
    request = asked(question)
    st.session_state[_SEEN] = request
    _write(request)


def _write(request: Request) -> None:
    st.query_params.from_dict(spoken(request.params()))


def _year(key: str, label: str, known: Sequence[tuple[int, int]]) -> None:
    held = st.session_state.get(key)
    values = sorted({int(year) for year, _count in known} | ({held} if held else set()))
    st.selectbox(label, values, key=key, index=None, placeholder=_("不限"), on_change=_changed)


def _many(name: str, label: str, counted: Sequence[tuple[Any, int]]) -> None:
    counts = {str(value): f"{value}（{n}）" for value, n in counted}
    _select(name, label, list(counts), counts)


def _select(name: str, label: str, options: list[str], shown: dict[str, str]) -> None:
    held = [value for value in st.session_state.get(f"f_{name}", []) if value not in shown]
    st.multiselect(
        label,
        options + held,
        key=f"f_{name}",
        format_func=lambda value: shown.get(value, value),
        placeholder=_("不限"),
        on_change=_changed,
    )
