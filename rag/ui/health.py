"""The state of the archive: sizes, encoder, and the way to make its vectors anew."""

from __future__ import annotations

import streamlit as st

from rag.archive.writer import Writer
from rag.config import MODELS, SHIPPED_MODEL
from rag.i18n import gettext as _
from rag.pipeline.reindex import reindex_archive
from rag.ui import components, state


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
    missing = archive.unencoded()
    if missing:
        st.warning(_("有 {n} 个段落还没有向量，请重建。").format(n=missing))
    if not state.is_sample():
        _reindex()


def _reindex() -> None:
    models = sorted({SHIPPED_MODEL, *(p.name for p in MODELS.iterdir() if p.is_dir())})
    chosen = st.selectbox(
        _("重建向量用的模型"), models, accept_new_options=True, help=_("也可以填模型文件夹或模型名称。")
    )
    if not st.button(_("重建向量")) or not chosen:
        return
    archive = state.archive()
    total = max(1, archive.count("passages"))
    bar = st.progress(0.0, text=_("正在装载模型……"))
    name = None if chosen == SHIPPED_MODEL else chosen
    encoder = state.encoder(name)
    writer = Writer(archive.folder)
    try:
        reindex_archive(writer, archive, encoder, name, lambda done: _advance(bar, done, total))
    finally:
        writer.close()
    bar.progress(1.0, text=components.plain(_("已用 {name} 重建").format(name=encoder.name)))


def _advance(bar: st.delta_generator.DeltaGenerator, done: int, total: int) -> None:
    bar.progress(min(1.0, done / total), text=f"{done}/{total}")
