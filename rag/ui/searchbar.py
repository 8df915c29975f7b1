"""The line to type into, with its button: the same on every page that searches."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from rag.search.query import MAX_QUERY


def search_bar(bar: str, key: str, label: str, example: str, button: str, changed: Callable[[], None]) -> None:
    """``bar`` is the key of the whole (the style sheet knows it), ``key`` that of the typed text; ``changed`` is called
    on the enter key as on the button."""
    with st.container(horizontal=True, vertical_alignment="bottom", key=bar):
        st.text_input(
            label,
            key=key,
            max_chars=MAX_QUERY,
            placeholder=example,
            on_change=changed,
            label_visibility="collapsed",
            autocomplete="off",
        )
        st.button(button, type="primary", on_click=changed, width="content")
