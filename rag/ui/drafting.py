"""对稿: a draft held against the archive. The draft stays in this session's memory; it is not cached, stored or logged."""

from __future__ import annotations

from typing import Any

import streamlit as st

from rag.i18n import current
from rag.i18n import gettext as _
from rag.ingest.readers import SUPPORTED
from rag.ui import components, pages, state
from rag.ui.links import Spot
from rag.ui.marking import Mark, segments
from rag.ui.tracing import located
from rag.write.draft import (
    ALTERED,
    LONGEST,
    NO_PRECEDENT,
    PRECEDENT,
    UNJUDGED,
    VERBATIM,
    CheckedSentence,
    Draft,
    DraftReport,
    check_draft,
    pasted,
    uploaded,
)
from rag.write.quoting import Reuse
from rag.write.texts import Places

View = dict[str, Any]
MEGABYTES = 50
_REPORT = "draft_report"


def show() -> None:
    state.keep("draft_text")
    st.caption(_("稿子只在本次会话里比对：不入库，不写日志，不进链接。"))
    with st.form("draft", border=False):
        text = st.text_area(
            _("稿子"), key="draft_text", height=180, placeholder=_("把稿子粘贴到这里，或在下面选择文件"), label_visibility="collapsed"
        )  # fmt: skip
        kinds = "、".join(sorted(kind.lstrip(".") for kind in SUPPORTED))
        file = st.file_uploader(
            _("或选择文件（{kinds}）").format(kinds=kinds), key="draft_file", max_upload_size=MEGABYTES
        )
        sent = st.form_submit_button(_("对稿"), type="primary")
    if sent:
        st.session_state.pop(_REPORT, None)
        _check(uploaded(file.getvalue(), file.name, _analyzer()) if file else pasted(text))
    report = st.session_state.get(_REPORT)
    if report is None:
        st.caption(_("最多 {n} 字。").format(n=f"{LONGEST:,}"))
        return
    _result(report)


def _analyzer() -> Any:
    return state.session().retriever.analyzer


def _check(draft: Draft) -> None:
    bar = st.progress(0.0, text=_("正在对稿"))

    def step(n: int, total: int) -> None:
        bar.progress(n / total, text=_("正在对稿"))

    st.session_state[_REPORT] = check_draft(state.session().retriever, draft, step)
    bar.empty()


def _result(report: DraftReport) -> None:
    places = Places(state.archive())
    events = components.mount(
        "draft",
        "draft",
        {
            "lang": current(),
            "labels": _labels(),
            "notes": _notes(report),
            "counts": _counts(report),
            "sentences": [_sentence(one, report, places) for one in report.sentences],
        },
        "open",
    )
    if isinstance(to := events["open"], dict):
        pages.go(pages.READ, Spot(str(to["speech"]), int(to["start"]), int(to["end"])).params())


def _notes(report: DraftReport) -> list[str]:
    uncalibrated = _("当前向量模型没有校准过，不判断有无先例。")
    judged = _("相近不到 {n}% 的标为无先例：界线在示例档案上校准，是提示，不是定论。").format(n=round(100 * (report.threshold or 0)))
    return [*report.draft.notes, uncalibrated if report.threshold is None else judged]


def _counts(report: DraftReport) -> list[View]:
    wrong = len(report.misquotations)
    counts = [{"kind": "misquoted", "name": _("引文有误"), "n": wrong}] if wrong else []
    names = _names()
    return counts + [
        {"kind": kind, "name": names[kind], "n": report.count(kind)} for kind in names if report.count(kind)
    ]


def _names() -> dict[str, str]:
    return {
        VERBATIM: _("照录"),
        ALTERED: _("有改动"),
        PRECEDENT: _("有相近说法"),
        NO_PRECEDENT: _("无先例"),
        UNJUDGED: _("未判断"),
    }


def _sentence(one: CheckedSentence, report: DraftReport, places: Places) -> View:
    own = [reuse for reuse in report.reuses if reuse.span.start < one.span.end and one.span.start < reuse.span.end]
    marks = [Mark(piece.start, piece.end, "shared") for reuse in own for piece in reuse.exact]
    marks += [Mark(*reuse.span, "wrong" if reuse.quoted else "altered") for reuse in own if not reuse.verbatim]
    starting = [reuse for reuse in own if reuse.span.start >= one.span.start]
    nearest = one.nearest
    hidden = nearest is None or any(
        _covers(reuse, nearest.place.speech_id, nearest.place.start, nearest.place.end) for reuse in own
    )
    return {
        "kind": one.status,
        "name": _names()[one.status],
        "wrong": any(reuse.quoted and not reuse.verbatim for reuse in starting),
        "segs": segments(report.draft.text, one.span.start, one.span.end, marks),
        "reuses": [_reuse(reuse, places) for reuse in starting],
        "nearest": None if nearest is None or hidden else {"text": nearest.text, "close": int(100 * nearest.closeness)} | located(nearest.place, places),
    }  # fmt: skip


def _covers(reuse: Reuse, speech_id: str, start: int, end: int) -> bool:
    """Whether the sentence at that place is shown already, as the source of the reuse."""
    return reuse.place.speech_id == speech_id and reuse.place.start < end and start < reuse.place.end


def _reuse(one: Reuse, places: Places) -> View:
    name = _("照录") if one.verbatim else _("引文有误") if one.quoted else _("与原文有出入")
    changes = [{"kind": c.kind, "archive": c.original, "draft": c.other} for c in one.changes]
    return {
        "name": name,
        "wrong": one.quoted and not one.verbatim,
        "text": one.text,
        "changes": changes,
        "also": _("另有 {n} 处相同").format(n=len(one.also)) if one.also else "",
    } | located(one.place, places)


def _labels() -> dict[str, str]:
    return {
        "all": _("全部"),
        "archive": _("原文"),
        "draft": _("稿子"),
        "nearest": _("档案中最接近的说法"),
        "close": _("相近 {n}%").format(n="{n}"),
        "copy": _("复制原文和出处"),
        "copied": _("已复制"),
    }
