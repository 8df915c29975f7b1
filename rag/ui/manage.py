"""档案管理: add files; with the administrator's password also correct, remove, release, re-index."""

from __future__ import annotations

import streamlit as st

from rag.i18n import gettext as _
from rag.ui import access, health, keeping, pages, quarantine, shell, state, upload


def page() -> None:
    shell.heading(pages.MANAGE)
    if not access.is_keeper():
        if access.may_add():
            upload.page_part()
            st.divider()
        access.sign_in()
        return
    add, speeches, sources, held, removals, status = st.tabs(
        [_("添加文件"), _("讲话"), _("来源文件"), _("隔离区"), _("移出清单"), _("状态")]
    )
    with add:
        upload.page_part()
    with speeches:
        if _own():
            keeping.speeches_part()
    with sources:
        if _own():
            keeping.sources_part()
    with held:
        quarantine.quarantine_part()
    with removals:
        if _any():
            keeping.removals_part()
    with status:
        if _any():
            health.status_part()


def _any() -> bool:
    if not state.exists():
        st.info(_("还没有档案，请先添加文件。"))
    return state.exists()


def _own() -> bool:
    """Whether there is an archive that may be changed; the sample may not."""
    if state.is_sample():
        st.info(_("示例档案不能更正或移除。添加文件建立自己的档案后，可在这里管理。"))
        return False
    return _any()
