"""The state of the archive: sizes, encoder, its check, and the way to make its vectors anew."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from rag.archive.writer import Writer
from rag.config import MODELS, SHIPPED_MODEL
from rag.i18n import current
from rag.i18n import gettext as _
from rag.pipeline.finding import SQLITE, Finding
from rag.pipeline.reindex import reindex_archive
from rag.pipeline.verify import verify_archive
from rag.search.dense_check import dense_finding
from rag.session import shared_analyzer
from rag.ui import components, state, telling


def status_part() -> None:
    archive = state.archive()
    facts = {
        _("文件"): archive.count("sources"),
        _("讲话"): archive.count("speeches"),
        _("段落"): archive.count("passages"),
        _("年份不明"): archive.undated(),
    }
    for column, (label, value) in zip(st.columns(len(facts)), facts.items(), strict=True):
        column.metric(label, f"{value:,}")
    st.text(_("编码模型：{name}").format(name=archive.meta("encoder_name") or _("未知")))
    st.text(_("档案位置：{folder}").format(folder=archive.folder))
    if held := state.held():
        st.text(_("隔离区有 {n} 个文件等待放行。").format(n=len(held)))
    missing = archive.unencoded()
    if missing:
        st.warning(_("有 {n} 个段落还没有向量，请重建。").format(n=missing))
    _verify()
    if not state.is_sample():
        _reindex()


def _verify() -> None:
    """One click checks the whole archive; any other click ends the check."""
    st.caption(_("核对每个来源文件、每段引文和索引是否与入库时一致。只检查，不改动。"))
    if st.button(_("核对档案"), icon=":material/fact_check:"):
        st.button(_("停止"), key="stop_verify")
        bar = st.progress(0.0, text=_("正在核对……"))
        st.session_state["verified"] = (_state_of(), _findings(lambda done, total: _advance(bar, done, max(1, total))))
        st.rerun()
    checked, found = st.session_state.get("verified", (None, ()))
    if checked != _state_of():
        return
    if not found:
        st.success(_("档案完好。"))
        return
    st.warning(_("有 {n} 处问题").format(n=len(found)))
    components.mount("reports", "findings", {"lang": current(), "title": "", "rows": [_row(one) for one in found]})
    if any(one.repairable for one in found):
        st.text(_("可修复的，请在命令行运行：{command}").format(command=f"python -m rag verify --repair --archive {state.folder()}"))


def _state_of() -> tuple[str, int]:
    return str(state.folder()), state.archive().generation


def _findings(progress: Callable[[int, int], None]) -> tuple[Finding, ...]:
    archive = state.archive()
    found = list(verify_archive(archive, shared_analyzer(), progress))
    if not any(one.check == SQLITE for one in found) and (dense := dense_finding(archive)):
        found.append(dense)
    return tuple(found)


def _row(one: Finding) -> dict[str, object]:
    status = _("可修复") if one.repairable else _("不能自动修复")
    return {"file": one.target, "status": status, "bad": True, "text": telling.told(one.message), "notes": []}


def _reindex() -> None:
    """One click makes all vectors anew; any other click ends that after the present batch, and the next run goes on."""
    archive = state.archive()
    models = encoders(archive.meta("encoder_source") or SHIPPED_MODEL)
    chosen = st.selectbox(
        _("重建向量用的模型"), models, accept_new_options=True, help=_("也可以填模型文件夹或模型名称。")
    )
    if not st.button(_("重建向量")) or not chosen:
        return
    total = max(1, archive.count("passages"))
    st.button(_("停止"), key="stop_reindex", help=_("已重建的保留，下次接着做。"))
    bar = st.progress(0.0, text=_("正在装载模型……"))
    name = None if chosen == SHIPPED_MODEL else chosen
    encoder = state.encoder(name)
    writer = Writer(archive.folder)
    try:
        reindex_archive(writer, archive, encoder, name, lambda done: _advance(bar, done, total))
    finally:
        writer.close()
    bar.progress(1.0, text=components.plain(_("已用 {name} 重建").format(name=encoder.name)))


def encoders(present: str) -> list[str]:
    """The encoders that can be chosen by name, the archive's present one first."""
    shipped = {path.parent.name for path in MODELS.glob("*/modules.json")}
    return [present, *sorted({SHIPPED_MODEL, *shipped} - {present})]


def _advance(bar: st.delta_generator.DeltaGenerator, done: int, total: int) -> None:
    bar.progress(min(1.0, done / total), text=f"{done}/{total}")
