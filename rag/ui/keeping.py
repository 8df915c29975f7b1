"""Correcting and removing what the archive holds."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import streamlit as st

from rag.archive.reader import CORRECTED
from rag.archive.rows import SourceRow, SpeechRow
from rag.archive.writer import WITHDRAWN, Writer
from rag.i18n import gettext as _
from rag.ui import state, telling

SHOWN = 2000
REASONS_SHOWN = 500


@contextmanager
def writing() -> Iterator[Writer]:
    writer = Writer(state.own_folder())
    try:
        yield writer
    finally:
        writer.close()


def speeches_part() -> None:
    """Choose a speech, correct its metadata, or take it out."""
    titles = {one.speech_id: f"{one.title[:80]}（{one.file[-60:]}）" for one in state.summaries()}
    if not titles:
        st.info(_("还没有讲话。"))
        return
    chosen = st.selectbox(_("选择讲话"), list(titles), format_func=lambda i: titles.get(i, i), key="kept_speech")
    if chosen is None:
        return
    speech = state.archive().speech(chosen)
    _correction_form(speech)
    with st.popover(_("移除这篇讲话"), icon=":material/delete:"):
        st.write(_("移除后不再出现在检索和回答里，重新入库也不会回来。"))
        if st.button(_("确认移除"), key="withdraw", type="primary"):
            with writing() as writer:
                writer.withdraw(speech.speech_id)
            st.toast(_("已移除"))
            st.rerun()


def _correction_form(speech: SpeechRow) -> None:
    values = {name: _as_text(speech.metadata[name].value) for name in field_names()}
    with st.form(f"correct-{speech.speech_id}"):
        given: dict[str, str] = {}
        whole, left, right = st.container(), *st.columns(2)
        for n, (name, label) in enumerate(field_names().items()):
            place = whole if name == "title" else (left, right)[(n + 1) % 2]
            found = speech.metadata[name]
            given[name] = place.text_input(
                label,
                values[name],
                key=f"{name}-{speech.speech_id}",
                max_chars=1000,
                placeholder=_source(found.where, found.confidence),
            )
        if st.form_submit_button(_("保存更正"), type="primary"):
            changed = {name: value.strip() for name, value in given.items() if value.strip() != values[name]}
            with writing() as writer:
                for name, value in changed.items():
                    writer.correct(speech.speech_id, name, value or None)
            st.toast(_("已保存 {n} 项更正").format(n=len(changed)) if changed else _("没有改动"))
            if changed:
                st.rerun()
    unsure = [field_names()[n] for n in field_names() if 0 < speech.metadata[n].confidence < 0.6]
    if unsure:
        st.caption(_("把握不大、请核对：{fields}").format(fields="、".join(unsure)))
    corrected = [field_names()[n] for n in field_names() if speech.metadata[n].where == CORRECTED]
    if corrected:
        st.caption(_("已人工更正：{fields}（重新入库后仍保留）").format(fields="、".join(corrected)))


def field_names() -> dict[str, str]:
    return {
        "title": _("题名"),
        "occasion": _("场合"),
        "speaker": _("讲话人"),
        "post": _("职务"),
        "organisation": _("单位"),
        "place": _("地区"),
        "date": _("日期"),
        "year": _("年份"),
        "genre": _("体裁"),
    }


def _as_text(value: Any) -> str:
    return "" if value is None else str(value)


def _source(where: str, confidence: float) -> str:
    return _("未知") if not where else f"{where}（{confidence:.0%}）"


def sources_part() -> None:
    """All files, and the way to remove one."""
    sources = state.archive().sources()
    st.dataframe(
        [_source_row(one) for one in sources[:SHOWN]],
        hide_index=True,
        width="stretch",
        height=min(420, 40 + 35 * len(sources)),
    )
    names = {one.id: one.display for one in sources}
    chosen = st.selectbox(
        _("选择文件"),
        list(names),
        format_func=lambda i: names.get(i, "")[-120:],
        index=None,
        placeholder=_("选择要移除的文件"),
        key="kept_source",
    )
    if chosen is None:
        return
    one = next(source for source in sources if source.id == chosen)
    st.text(_("{file}：{n} 篇讲话").format(file=one.display, n=one.speeches))
    for note in one.notes:
        st.text(f"· {telling.told(note)}")
    with st.popover(_("移除这个文件"), icon=":material/delete:"):
        st.write(_("文件和其中的全部讲话都会移除。"))
        if st.button(_("确认移除"), key="remove_source", type="primary"):
            with writing() as writer:
                writer.remove_source(chosen)
            st.toast(_("已移除"))
            st.rerun()


def _source_row(one: SourceRow) -> dict[str, Any]:
    return {
        _("文件"): one.display,
        _("格式"): one.format,
        _("讲话"): one.speeches,
        _("加入时间"): one.added_at.replace("T", " ")[:16],
        _("说明"): "；".join(telling.told(note) for note in one.notes),
    }


def removals_part() -> None:
    """What cleaning left out of each file, and why: nothing disappears unseen."""
    sources = {one.id: one.display for one in state.archive().sources()}
    st.caption(_("清理时没有计入正文的内容：网页边角、页眉页脚、广告、重复的标题等。"))
    chosen = st.selectbox(_("文件"), list(sources), format_func=lambda i: sources.get(i, "")[-120:], key="removals_of")
    if chosen is None:
        return
    text = state.archive().source_text(chosen)
    rows = [r for r in state.archive().removals(chosen) if text[r.start : r.end].strip()]
    if not rows:
        st.info(_("这个文件没有移出任何文字。"))
        return
    st.dataframe(
        [
            {
                _("位置"): f"{r.start}–{r.end}",
                _("原因"): reason_text(r.reason),
                _("内容"): text[r.start : r.end].strip()[:400],
            }
            for r in rows[:REASONS_SHOWN]
        ],
        hide_index=True,
        width="stretch",
    )


def reason_text(reason: str) -> str:
    """A removal's reason as people read it; unknown ones as they are stored."""
    names = {
        WITHDRAWN: _("人工移除"),
        "white space": _("空白"),
        "line wrap": _("换行"),
        "stray space inside a word": _("词中空格"),
        "markup": _("排版标记"),
        "repeated title": _("重复的标题"),
        "site furniture": _("网站广告或版权语"),
        "navigation": _("网页导航"),
        "page header or footer": _("页眉页脚"),
        "page number": _("页码"),
        "table of contents": _("目录"),
        "front matter": _("文件头信息"),
        "rule line": _("分隔线"),
        "collection title": _("合集标题"),
        "collection mark": _("合集篇号"),
        "collection preamble": _("合集前言"),
    }
    return names.get(reason, reason)
