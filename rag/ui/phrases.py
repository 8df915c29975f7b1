"""找表述: wording by meaning, by pattern or by parallel structure, each with its function and all its places."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from rag.functions.labels import LABELS
from rag.i18n import current
from rag.i18n import gettext as _
from rag.search.query import MAX_QUERY
from rag.types import Filters, Place, Span
from rag.ui import citing, collected, components, pages, shell, state, telling
from rag.ui.links import Spot, address, spoken
from rag.ui.marking import Mark, segments
from rag.ui.naming import function_name
from rag.ui.searchbar import search_bar
from rag.write.pattern_search import find_parallels, find_pattern
from rag.write.patterns import asked_members, is_pattern
from rag.write.phrase import Phrase, Phrases
from rag.write.phrases import PhraseFinder

View = dict[str, Any]
FIRST, MORE, MOST = 20, 20, 100
PLACES = 50  # of one phrase, that are listed


def page() -> None:
    shell.heading(
        pages.PHRASES,
        components.plain(_("用平常的话说要表达什么；也可写句式「以*为抓手」（* 代表几个字），或「排比3」。")),
    )
    if shell.no_archive():
        return
    _synchronise()
    _box()
    asked = st.session_state["phrase_text"].strip()
    if not asked:
        return
    k = int(st.session_state.get("phrase_many", FIRST))
    chosen = tuple(st.session_state.get("phrase_functions") or ())
    with st.spinner(_("正在查找……")):
        found = _found(str(state.folder()), state.archive().meta("state"), asked, chosen, k)
    _result(found, asked, k)


def _synchronise() -> None:
    """Sets the widgets to what the address asks for, when it changed or they are new."""
    text = (st.query_params.get("q") or "")[:MAX_QUERY]
    functions = [label for label in LABELS if label in st.query_params.get_all("function")]
    if st.session_state.get("phrase_asked") == (text, functions) and "phrase_text" in st.session_state:
        return
    st.session_state["phrase_asked"] = (text, functions)
    st.session_state["phrase_text"], st.session_state["phrase_functions"] = text, functions
    st.session_state["phrase_many"] = FIRST


def _box() -> None:
    search_bar("phrasebar", "phrase_text", _("要找的表述"), _("例如：形容工作细致不出错的说法"), _("查找"), _changed)
    st.pills(
        _("句子功能"),
        LABELS,
        selection_mode="multi",
        format_func=function_name,
        key="phrase_functions",
        on_change=_changed,
        label_visibility="collapsed",
    )


def _changed() -> None:
    """The address follows the widgets, so that it reopens the same search."""
    text = (st.session_state.get("phrase_text") or "").strip()
    functions = [label for label in LABELS if label in (st.session_state.get("phrase_functions") or ())]
    st.session_state["phrase_asked"], st.session_state["phrase_many"] = (text, functions), FIRST
    params: dict[str, str | list[str]] = {"q": text} if text else {}
    params |= {"function": functions} if functions else {}
    st.query_params.from_dict(spoken(params))


@st.cache_resource(show_spinner=False, max_entries=32)
def _found(folder: str, archive_state: str | None, text: str, functions: tuple[str, ...], k: int) -> Phrases:
    retriever, filters = state.session().retriever, Filters(function=functions)
    if is_pattern(text):
        return find_pattern(retriever, text, k, filters)
    if (members := asked_members(text)) is not None:
        return find_parallels(retriever, members, k, filters)
    return _finder(folder, archive_state).find(text, k, filters)


@st.cache_resource(show_spinner=False, max_entries=2)
def _finder(folder: str, archive_state: str | None) -> PhraseFinder:
    return PhraseFinder(state.session().retriever)


def _result(found: Phrases, asked: str, k: int) -> None:
    counted = is_pattern(asked) or asked_members(asked) is not None
    events = components.mount(
        "phrases",
        "phrases",
        {
            "lang": current(),
            "labels": _labels(),
            "summary": _summary(found, counted),
            "notices": [telling.told(one) for one in found.notices],
            "phrases": [_view(one) for one in found.phrases],
            "more": len(found.phrases) == k and k < MOST,
        },
        "open", "collect", "more",
    )  # fmt: skip
    _act(events, k)


def _act(events: Mapping[str, Any], k: int) -> None:
    if isinstance(spot := events["open"], dict):
        pages.go(pages.READ, Spot(str(spot["speech"]), int(spot["start"]), int(spot["end"])).params())
    if isinstance(spot := events["collect"], dict):
        collected.toggle(spot)
        st.rerun()
    if events["more"]:
        st.session_state["phrase_many"] = min(MOST, k + MORE)
        st.rerun()


def _summary(found: Phrases, counted: bool) -> str:
    if not found.phrases:
        return _("没有符合条件的句子。可以换个说法，或少选几项功能。")
    if counted:
        return _("共 {n} 处，{speeches} 篇用到，常用的在前").format(n=found.occurrences, speeches=found.speeches)
    return _("{n} 条，意思最近的在前").format(n=len(found.phrases))


def _view(one: Phrase) -> View:
    speech = state.archive().speech(one.place.speech_id)
    target = one.match or one.core
    marks = [Mark(target.start, target.end, "quote")] if target != Span(one.place.start, one.place.end) else []
    wider = (one.context.start, one.context.end) != (one.place.start, one.place.end)
    path = citing.PATH_MARK.join(citing.section_name(s) for s in citing.section_path(speech, one.place.start))
    key = (one.place.speech_id, one.place.start, one.place.end)
    return _link(one.place) | {
        "text": one.text,
        "segs": segments(speech.text, one.place.start, one.place.end, marks),
        "before": speech.text[one.context.start : one.place.start] if wider else "",
        "after": speech.text[one.place.end : one.context.end] if wider else "",
        "function": function_name(one.function.label) if one.function else "",
        "meta": " · ".join(part for part in (citing.byline(speech), path) if part),
        "cite": citing.citation(speech, one.place.start, one.place.page, sample=state.is_sample()),
        "kept": key in collected.kept(),
        "used": _("用在 {n} 篇").format(n=one.speeches) if one.also else "",
        "places": [_link(place) for place in one.also[:PLACES]],
        "rest": _("另有 {n} 处").format(n=len(one.also) - PLACES) if len(one.also) > PLACES else "",
    }


def _link(place: Place) -> View:
    return {
        "title": place.title,
        "file": place.file,
        "href": address("read", Spot(place.speech_id, place.start, place.end).params()),
        "spot": {"speech": place.speech_id, "start": place.start, "end": place.end},
    }


def _labels() -> dict[str, str]:
    return {
        "copy": _("复制"),
        "cite": _("复制原句和出处"),
        "share": _("复制链接"),
        "copied": _("已复制"),
        "collect": _("收入素材篮"),
        "kept": _("已在素材篮"),
        "context": _("上下文"),
        "more": _("更多"),
    }
