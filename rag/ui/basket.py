"""素材篮: collected quotations, to order, annotate, copy and export."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import streamlit as st

from rag.errors import UsageError
from rag.i18n import current
from rag.i18n import gettext as _
from rag.types import Hit, Span
from rag.ui import collected, components, failing, pages, shell, stale, state
from rag.ui.collected import Item, items, key_of
from rag.ui.links import Spot, address
from rag.write import export, export_file
from rag.write.export import Entry
from rag.write.export_text import plain_text
from rag.write.following import Fate, nearest_of

LONGEST_TITLE = 100


def page() -> None:
    shell.heading(pages.BASKET, _("收集的原句只保存在这个浏览器里，可排序、加批注、复制、导出。"))
    if not collected.storable():
        st.warning(_("浏览器不允许保存或空间已满，关闭页面后素材篮会清空。请先导出。"))
    if not items():
        st.info(_("素材篮是空的。在问答或阅读页面点「收入素材篮」即可收集。"))
        return
    found = [(one, _entry(one)) for one in items()]
    _exports([entry for _item, entry in found])
    shown = [_view(one, entry) for one, entry in found]
    events = components.mount(
        "basket",
        "basket-list",
        {"labels": _labels(), "lang": current(), "items": shown},
        "change",
        "open",
        callback=_take_changes,
    )
    if isinstance(spot := events["open"], dict):
        pages.go(pages.READ, Spot(str(spot["speech"]), int(spot["start"]), int(spot["end"])).params())


def _take_changes() -> None:
    """New order and new notes are taken before the run, so that it shows nothing that is past."""
    changed = components.event_of("basket-list", "change")
    if isinstance(changed, list):
        collected.replace(_accepted(changed))


def _entry(item: Item) -> Entry:
    """What an item has become, its words read anew from the archive."""
    wanted = export.Item(item["speech"], item["start"], item["end"], item["note"])
    try:
        return export.entry(state.archive(), wanted, _nearest, sample=state.is_sample())
    except UsageError as error:
        span = Span(wanted.start, wanted.end)
        return Entry(wanted, Fate.UNKNOWN, "", wanted.speech_id, span, None, notice=failing.sentence(error))


def _nearest(words: str) -> Hit | None:
    return nearest_of(state.session().retriever)(words)


def _exports(entries: Sequence[Entry]) -> None:
    """The document's title and a button a format; the file is made when its button is clicked."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="exports"):
        title = st.text_input(_("导出的题名"), export.TITLE, max_chars=LONGEST_TITLE, width=240).strip() or export.TITLE
        names = {"docx": _("导出 Word"), "md": _("导出 Markdown"), "csv": _("导出 CSV")}
        for format in export_file.FORMATS:
            st.download_button(
                names[format],
                _maker(entries, format, title),
                file_name=f"{export.TITLE}-{date.today():%Y%m%d}.{format}",
                mime=export_file.MEDIA_TYPES[format],
                on_click="ignore",
                key=f"export-{format}",
                icon=":material/download:",
                width="content",
            )


def _maker(entries: Sequence[Entry], format: str, title: str) -> Callable[[], bytes]:
    return lambda: export_file.rendered(entries, format, title)


def _accepted(changed: list[Any]) -> list[Item]:
    """The items in their new order and with their new notes; nothing but what was in the basket."""
    known, out = {key_of(one): one for one in items()}, []
    for given in changed:
        one = known.pop((str(given.get("speech")), int(given.get("start", -1)), int(given.get("end", -1))), None)
        if one:
            out.append(one | {"note": str(given.get("note", ""))[: collected.LONGEST_NOTE]})
    return out


def _view(item: Item, entry: Entry) -> dict[str, Any]:
    """What is shown of an item. The words that were collected are never replaced silently by others."""
    now = {"speech": entry.speech_id, "start": entry.span.start, "end": entry.span.end}
    return {
        **{name: item[name] for name in ("speech", "start", "end", "note")},
        "text": entry.quote,
        "told": stale.told(entry.fate) if entry.fate is not Fate.SAME else entry.notice,
        "cite": entry.citation.line if entry.citation else "",
        "plain": plain_text(entry),
        "now": now,
        "href": address("read", Spot(entry.speech_id, entry.span.start, entry.span.end).params()),
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
        "sure": _("确认移除"),
        "note": _("批注"),
        "notePlaceholder": _("写点批注，例如用在第几部分"),
        "total": _("共 {n} 条").format(n=collected.count()),
    }
