"""The interface's own components. Everything from the archive reaches the browser as data and is put into the page with
`textContent` alone, so that no markup in a text, a title or a file name can take effect."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import streamlit as st

from rag.i18n import gettext as _

STATIC = Path(__file__).resolve().parent / "static"
_SPECIAL = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$^=&\"'/@])")
_JOINER = "\u2060"


def _nothing() -> None:
    return None


def mount(
    name: str, key: str, data: Mapping[str, Any], *events: str, callback: Callable[[], None] = _nothing
) -> Mapping[str, Any]:
    """Shows a component and returns its events: event name → value, None where it did not happen.

    ``callback`` is called before the run that an event sets off, and finds the event with `event_of`.
    """
    renderer = st.components.v2.component(f"yanju_{name}", css=_static("css", name), js=_static("js", name))
    callbacks: dict[str, Any] = {f"on_{event}_change": callback for event in events}
    result = renderer(key=f"component-{key}", data=dict(data), **callbacks)
    return {event: result.get(event) for event in events}


def event_of(key: str, event: str) -> Any:
    """The event of a mounted component that has set off this run, None where it was another one."""
    told = st.session_state.get(f"component-{key}")
    return told.get(event) if told else None


def plain(text: str) -> str:
    """Text for the places where Streamlit reads Markdown, made so that none takes effect."""
    escaped = _SPECIAL.sub(r"\\\1", " ".join(text.split()))
    return escaped.replace(":", f":{_JOINER}").replace("www", f"w{_JOINER}ww")


def chrome() -> None:
    """The style sheet that fits Streamlit's own frame, with its few English words, to the application."""
    words = {"browse": _("选择文件"), "limit": _("或把文件拖到这里")}
    said = "".join(f"--yanju-{name}: {json.dumps(text, ensure_ascii=False)};" for name, text in words.items())
    st.html(f"<style>:root {{ {said} }}\n{(STATIC / 'chrome.css').read_text(encoding='utf-8')}</style>")


@lru_cache(maxsize=32)
def _static(kind: str, name: str) -> str:
    """The component's file with the part that all components share in front of it."""
    own = STATIC / f"{name}.{kind}"
    shared = (STATIC / f"common.{kind}").read_text(encoding="utf-8")
    return shared + (own.read_text(encoding="utf-8") if own.exists() else "")
