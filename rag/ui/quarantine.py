"""Files with a mark of secrecy: let in, or thrown away."""

from __future__ import annotations

from typing import Any

import streamlit as st

from rag.archive.rows import HeldFile
from rag.i18n import gettext as _
from rag.pipeline.run import Ingester
from rag.session import shared_analyzer
from rag.ui import components, failing, keeping, state


def quarantine_part() -> None:
    """All files in the quarantine, and the way to release or delete one. What they say is shown nowhere."""
    if said := st.session_state.pop("released_not", None):
        st.error(components.plain(said))
    held = state.held()
    if not held:
        st.info(_("隔离区里没有文件。"))
        return
    st.caption(_("开头标有密级或「内部」字样的文件在这里等待放行，放行以前不能检索，也不能阅读。"))
    st.dataframe([_row(one) for one in held[: keeping.SHOWN]], hide_index=True, width="stretch")
    names = {one.id: f"{one.id}　{one.name}" for one in held}
    chosen = st.selectbox(
        _("选择文件"),
        list(names),
        format_func=lambda i: names.get(i, "")[-120:],
        index=None,
        placeholder=_("选择要放行或删除的文件"),
        key="held_file",
    )
    if chosen in names:
        _actions(next(one for one in held if one.id == chosen))


def _actions(one: HeldFile) -> None:
    st.text(one.shown)
    with st.container(horizontal=True):
        if st.button(_("放行"), key="release_held", type="primary", icon=":material/lock_open:"):
            _release(one)
        with st.popover(_("删除"), icon=":material/delete:"):
            st.write(_("文件会从隔离区彻底删除，不能恢复。"))
            if st.button(_("确认删除"), key="discard_held", type="primary"):
                with keeping.writing() as writer:
                    writer.discard([one.id])
                st.toast(_("已删除"))
                st.rerun()


def _release(one: HeldFile) -> None:
    with st.spinner(_("正在入库……")), keeping.writing() as writer:
        encoder = state.encoder(writer.encoder_source())
        with Ingester(writer, encoder, shared_analyzer(), workers=1) as ingester:
            (report,) = ingester.release([one.id]).files
    if report.message:
        st.session_state["released_not"] = failing.file_sentence(report.reason, report.message)
    else:
        st.toast(_("已放行"))
    st.rerun()


def _row(one: HeldFile) -> dict[str, Any]:
    return {
        _("编号"): one.id,
        _("文件"): one.name,
        _("标记"): one.mark,
        _("加入时间"): one.added.replace("T", " ")[:16],
    }
