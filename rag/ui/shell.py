"""What surrounds every page: language, side bar, the mark of the sample archive."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from rag import i18n
from rag.i18n import gettext as _
from rag.ui import collected, components, pages, signing, state

LOGO = Path(__file__).resolve().parent / "components" / "static" / "logo.svg"
SEAL = LOGO.with_name("seal.svg")


def prepare() -> None:
    """Sets the language of this run and the frame's style. Comes first in every run."""
    if "language" not in st.session_state:
        st.session_state["language"] = i18n.use(st.query_params.get("lang"))
    i18n.use(st.session_state["language"])
    components.chrome()
    state.warm_up()


def side_bar() -> None:
    with st.sidebar:
        _history()
        _language()
        signing.sign_out()
    components.mount("frame", "frame", {"lang": i18n.current().replace("_", "-")})
    collected.synchronise()


def heading(name: str, note: str = "") -> None:
    """The page's title; over the sample archive, with its mark."""
    st.title(pages.title(name), anchor=False)
    if note:
        st.caption(note)
    sample_mark(name)


def sample_mark(name: str) -> None:
    """Over the sample archive: that its texts are invented, and the way to one's own."""
    if state.is_sample() and state.exists():
        with st.container(horizontal=True, vertical_alignment="center", key=f"sample-{name}"):
            st.badge(_("示例（虚构）"), color="orange")
            st.caption(_("人名、地名、数字和讲话都是编写的。"), width="content")
            if name != pages.MANAGE:
                st.page_link(pages.page(pages.MANAGE), label=_("建立我的档案"), icon=":material/add:")


def no_archive() -> bool:
    """Says so where there is no archive to show yet, with the way to make one."""
    if state.exists() and state.archive().count("speeches"):
        return False
    st.info(_("档案里还没有讲话。请先添加文件。"))
    st.page_link(pages.page(pages.MANAGE), label=_("建立我的档案"), icon=":material/add:")
    return True


def _history() -> None:
    past = state.history()
    if not past:
        return
    chosen = components.mount(
        "choices",
        "history",
        {"title": _("本次问过"), "list": True, "choices": [one.question for one in past]},
        "chosen",
    )["chosen"]
    if isinstance(chosen, int) and 0 <= chosen < len(past):
        pages.go(pages.ASK, past[chosen].params())


def _language() -> None:
    """The switch. The choice is kept beside the widget's own state, which a jump to another page drops."""
    names = i18n.LANGUAGES
    st.session_state["lang"] = st.session_state["language"]
    st.segmented_control(
        "语言 / Language",
        list(names),
        format_func=names.__getitem__,
        key="lang",
        required=True,
        label_visibility="collapsed",
        on_change=_spoken,
    )


def _spoken() -> None:
    st.session_state["language"] = chosen = i18n.use(st.session_state["lang"])
    if chosen == i18n.DEFAULT:
        st.query_params.pop("lang", None)
    else:
        st.query_params["lang"] = chosen
