"""问答: one box, an answer made of quotations, and the evidence beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import streamlit as st

from rag.archive.writer import Writer
from rag.i18n import current
from rag.i18n import gettext as _
from rag.types import Filters
from rag.ui import collected, components, composing, filters, pages, shell, state
from rag.ui.evidence import Presenter, limits
from rag.ui.links import Request, Spot, read_request
from rag.ui.suggestions import suggested

SEARCH_HITS = 20


def page() -> None:
    shell.heading(pages.ASK)
    if shell.no_archive():
        return
    request = read_request(st.query_params)
    filters.synchronise(request)
    filters.question_box()
    panel = st.container()
    try:
        events = _show(request) if request.question else None
    finally:  # last, for its lists grow with the archive, and the answer need not wait for them
        with panel:
            filters.panel()
    if events is None:
        _suggestions()
    else:
        _act(events, request)


def _suggestions() -> None:
    questions = suggested(state.archive(), state.archive().generation)
    event = components.mount(
        "choices", "suggestions", {"title": _("可以这样问"), "choices": questions, "lang": current()}, "chosen"
    )["chosen"]
    if isinstance(event, int) and 0 <= event < len(questions):
        filters.go(filters.asked(questions[event]))


def _show(request: Request) -> Mapping[str, Any]:
    """Shows the answer; returns what its reader has done with it."""
    state.remember(request)
    with st.spinner(_("正在查找……")):
        view = _view(request)
    titles = {one.speech_id: one.title for one in state.summaries()} if request.filters.speech_ids else {}
    view["limits"] = limits(request.filters, lambda speech_id: titles.get(speech_id, speech_id))
    view["question"] = request.question
    view["verdict"] = st.session_state.get("verdicts", {}).get(request)
    if not request.search_only:
        composing.part(request, state.answer(request))
    return components.mount(
        "answer",
        "answer",
        view | {"labels": _labels(), "lang": current()},
        "open", "collect", "feedback", "clear", "literal",
    )  # fmt: skip


def _view(request: Request) -> dict[str, Any]:
    session = state.session()
    presenter = Presenter(session, request, collected.kept(), state.is_sample())
    if request.search_only:
        return presenter.results(session.retriever.search(request.question, SEARCH_HITS, request.filters, request.expand))
    return presenter.answer(state.answer(request))


def _act(events: Mapping[str, Any], request: Request) -> None:
    if isinstance(spot := events["open"], dict):
        pages.go(pages.READ, Spot(str(spot["speech"]), int(spot["start"]), int(spot["end"]), request).params())
    if isinstance(spot := events["collect"], dict):
        collected.toggle(spot)
        st.rerun()
    if events["feedback"] in ("useful", "useless"):
        _store_feedback(request, str(events["feedback"]))
        st.rerun()
    if events["clear"]:
        filters.go(replace(request, filters=Filters()))
    if events["literal"]:
        filters.go(replace(request, expand=False))


def _store_feedback(request: Request, verdict: str) -> None:
    answer = state.answer(request)
    cited = [[c.place.speech_id, c.place.start, c.place.end] for c in answer.citations]
    writer = Writer(state.folder())
    try:
        writer.add_feedback(request.question, verdict, {"filters": request.params(), "citations": cited})
    finally:
        writer.close()
    st.session_state.setdefault("verdicts", {})[request] = verdict


def _labels() -> dict[str, str]:
    return {
        "answer": _("回答"),
        "evidence": _("依据"),
        "citation": _("引文"),
        "open": _("打开原文"),
        "copy": _("复制"),
        "cite": _("复制出处"),
        "copyAll": _("复制全文"),
        "share": _("复制链接"),
        "copied": _("已复制"),
        "collect": _("收入素材篮"),
        "kept": _("已在素材篮"),
        "limits": _("筛选："),
        "clear": _("清除筛选"),
        "literal": _("只按原词检索"),
        "helpful": _("这个回答有用吗？"),
        "useful": _("有用"),
        "useless": _("没用"),
        "thanks": _("已记下，谢谢。"),
        "refusalBare": _("可以换个说法，或放宽筛选。"),
        "refusalHint": _("下面是意思最接近的段落，仅供参考，不是对问题的回答。可以换个说法，或放宽筛选。"),
    }
