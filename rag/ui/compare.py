"""对稿与沿用: a formulation over time, what speeches share, and a draft held against the archive."""

from __future__ import annotations

import streamlit as st

from rag.i18n import gettext as _
from rag.ui import drafting, pages, reusing, shell, state, tracing
from rag.ui.links import spoken

TRACE, REUSE, DRAFT = "trace", "reuse", "draft"
_VIEWS = {TRACE: tracing.show, REUSE: reusing.show, DRAFT: drafting.show}


def page() -> None:
    shell.heading(pages.COMPARE)
    if shell.no_archive():
        return
    names = {TRACE: _("提法演变"), REUSE: _("雷同与沿用"), DRAFT: _("对稿")}
    asked = st.query_params.get("view")
    if asked in _VIEWS:
        st.session_state["compare_view"] = asked
    state.keep("compare_view")
    chosen = st.segmented_control(
        _("看什么"),
        list(names),
        format_func=names.__getitem__,
        key="compare_view",
        default=None if "compare_view" in st.session_state else TRACE,
        required=True,
        label_visibility="collapsed",
        on_change=_address,
    )
    _VIEWS[str(chosen or TRACE)]()


def _address() -> None:
    """The address follows the choice; what belongs to another view is left out."""
    st.query_params.from_dict(spoken({"view": st.session_state["compare_view"]}))
