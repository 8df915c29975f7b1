"""素材篮: collected quotations, to order, annotate and copy."""

from __future__ import annotations

from typing import Any

import streamlit as st

from rag.errors import UsageError
from rag.i18n import current
from rag.i18n import gettext as _
from rag.types import Span
from rag.ui import citing, components, pages, shell, state
from rag.ui.collected import MOST, Item, count, items, kept
from rag.ui.links import Spot, address


def page() -> None:
    shell.heading(pages.BASKET, _("收集的原句按出处保存在本次会话里，可排序、加批注、复制。"))
    if not items():
        st.info(_("素材篮是空的。在问答或阅读页面点「收入素材篮」即可收集。"))
        return
    shown = [view for view in map(_view, items()) if view]
    events = components.mount(
        "basket", "basket-list", {"labels": _labels(), "lang": current(), "items": shown}, "change", "open"
    )
    if isinstance(spot := events["open"], dict):
        pages.go(pages.READ, Spot(str(spot["speech"]), int(spot["start"]), int(spot["end"])).params())
    if isinstance(changed := events["change"], list):
        st.session_state["basket"] = _accepted(changed)
        st.rerun()


def _accepted(changed: list[Any]) -> list[Item]:
    """The items in their new order and with their new notes; nothing but what was in the basket."""
    known, out = kept(), []
    for one in changed[:MOST]:
        key = (str(one.get("speech")), int(one.get("start", -1)), int(one.get("end", -1)))
        if key in known:
            out.append({"speech": key[0], "start": key[1], "end": key[2], "note": str(one.get("note", ""))[:2000]})
    return out


def _view(item: Item) -> dict[str, Any] | None:
    """What is shown of an item, its words read anew from the archive; None when its speech is gone."""
    try:
        speech = state.archive().speech(item["speech"])
    except UsageError:
        return None
    span = Span(item["start"], item["end"])
    starts = citing.page_starts(speech, state.archive().source_pages(speech.source_id))
    spot = {"speech": item["speech"], "start": span.start, "end": span.end}
    return spot | {
        "note": item["note"],
        "text": speech.text[span.start : span.end],
        "cite": citing.citation(speech, span.start, citing.page_at(starts, span.start), sample=state.is_sample()),
        "href": address("read", Spot(item["speech"], span.start, span.end).params()),
    }


def _labels() -> dict[str, str]:
    return {
        "copy": _("复制"),
        "copyAll": _("复制全部"),
        "copied": _("已复制"),
        "open": _("打开原文"),
        "up": _("上移"),
        "down": _("下移"),
        "remove": _("移出"),
        "clear": _("清空"),
        "note": _("批注"),
        "notePlaceholder": _("写点批注，例如用在第几部分"),
        "total": _("共 {n} 条").format(n=count()),
    }
