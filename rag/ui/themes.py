"""专题: what the archive speaks of, the passages, figures and units behind each theme."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from rag.explore.explorer import Explorer
from rag.explore.table import figures_csv
from rag.explore.themes import Theme
from rag.i18n import current
from rag.i18n import gettext as _
from rag.ui import collected, components, pages, shell, state, theming
from rag.ui.links import Spot, address, spoken
from rag.ui.theming import Presenter

FIRST, MORE = 10, 20
IN_CELL = 30
VIEWS = ("passages", "figures")


def page() -> None:
    shell.heading(pages.THEMES)
    if shell.no_archive():
        return
    explorer = Explorer(state.archive())
    with st.spinner(_("正在归纳专题，档案大时约需一分钟…")):
        found = explorer.themes()
    wanted = str(st.query_params.get("theme", ""))[:200]
    if st.query_params.get("view") == "units":
        _units(explorer)
    elif wanted:
        theme = found.named(wanted)
        if theme is None:
            st.warning(_("档案有了变化，现在没有这个专题。"))
            _list(explorer)
        else:
            if theme.label != wanted:
                st.info(_("档案有了变化，下面是现在最接近的专题。"))
            _theme(explorer, theme)
    else:
        _list(explorer)


def _list(explorer: Explorer) -> None:
    found = explorer.themes()
    events = components.mount(
        "themes",
        "themes",
        {
            "labels": {
                "intro": _("说同一件事的段落归成一个专题，名称都是原文里的词。"),
                "units": _("按单位看"),
                "terms": _("全部讲话的常用词"),
                "none": _("讲话太少，还归纳不出专题。"),
            },
            "lang": current(),
            "cards": [theming.card(one) for one in found.themes],
            "terms": [theming.term_link(term) for term in found.key_terms],
            "outside": theming.outside_text(found),
            "units": address(theming.PAGE, {"view": "units"}),
        },
        "open", "units", "ask",
    )  # fmt: skip
    if isinstance(label := events["open"], str):
        _show({"theme": label})
    if events["units"]:
        _show({"view": "units"})
    if isinstance(params := events["ask"], dict):
        pages.go(pages.ASK, params)


def _theme(explorer: Explorer, theme: Theme) -> None:
    pages.name_tab(theme.label)
    view = st.query_params.get("view")
    view = view if view in VIEWS else VIEWS[0]
    names = {"passages": _("代表段落"), "figures": _("讲到的数字")}
    events = components.mount(
        "theme",
        "theme-head",
        {
            "labels": {"back": _("全部专题"), "years": _("各年篇数"), "units": _("讲话单位")},
            "lang": current(),
            **theming.card(theme),
            "bars": theming.year_bars(theme),
            "units": [{"text": unit or _("单位不明"), "n": n} for unit, n in theme.units],
            "tabs": [
                {"text": names[one], "on": one == view, "name": one, "href": address(theming.PAGE, {"theme": theme.label, "view": one})}
                for one in VIEWS
            ],
            "back": address(theming.PAGE, {}),
        },
        "back", "tab",
    )  # fmt: skip
    if events["back"]:
        _show({})
    if events["tab"] in VIEWS:
        _show({"theme": theme.label, "view": str(events["tab"])})
    _figures(explorer, theme) if view == "figures" else _passages(explorer, theme)


def _passages(explorer: Explorer, theme: Theme) -> None:
    key = f"themes-shown-{theme.label}"
    many = int(st.session_state.get(key, FIRST))
    presenter = _presenter(explorer)
    shown = explorer.passages(theme, many)
    events = components.mount(
        "quotes",
        "theme-passages",
        {
            "labels": _quote_labels(),
            "lang": current(),
            "passages": [presenter.passage(one) for one in shown],
            "more": many < len(theme.passages) and len(shown) == many,
        },
        "open", "collect", "more",
    )  # fmt: skip
    if events["more"]:
        st.session_state[key] = many + MORE
        st.rerun()
    _act(events)


def _figures(explorer: Explorer, theme: Theme) -> None:
    with st.spinner(_("正在找数字…")):
        found = explorer.figures(theme)
    count = _("共 {n} 个数字").format(n=len(found))
    if len(found) > theming.IN_TABLE:
        count = _("共 {n} 个数字，这里列出前 {shown} 个，下载的表格里是全部。").format(
            n=len(found), shown=theming.IN_TABLE
        )
    if found:
        st.download_button(
            _("下载表格（CSV，含出处）"),
            figures_csv(found, sample=state.is_sample()),
            f"{theme.label}.csv",
            "text/csv",
            icon=":material/download:",
        )
    events = components.mount(
        "figures",
        "theme-figures",
        {
            "labels": {
                "count": count if found else _("这个专题里没有讲到数字。"),
                "columns": [_("数字"), _("原句"), _("单位"), _("年份"), _("出处")],
                "speaking": _("讲话单位"),
                "sort": _("按此列排序"),
            },
            "lang": current(),
            "rows": theming.figure_rows(found),
        },
        "open",
    )
    _act(events)


def _units(explorer: Explorer) -> None:
    with st.spinner(_("正在核对各单位…")):
        matrix = explorer.matrix()
    unit = str(st.query_params.get("unit", ""))[:200] or None
    label = str(st.query_params.get("cell", ""))[:200]
    found = matrix.cells.get((unit, label), ())
    events = components.mount(
        "matrix",
        "units",
        {
            "labels": {
                "back": _("全部专题"),
                "title": _("哪些单位讲到哪些事"),
                "note": _("行是原文点名的单位；没有点名的，归到讲话单位；都没有的，列为单位不明。格里是处数，点开看原句。"),
                "unit": _("单位"),
                "none": _("还没有可以列出的单位。"),
            },
            "lang": current(),
            "back": address(theming.PAGE, {}),
            **theming.matrix_view(matrix, unit, label),
        },
        "back", "cell", "theme",
    )  # fmt: skip
    if events["back"]:
        _show({})
    if isinstance(params := events["cell"], dict):
        _show({key: str(params.get(key, "")) for key in ("view", "unit", "cell")})
    if isinstance(name := events["theme"], str):
        _show({"theme": name})
    if found:
        _cell(explorer, unit, label)


def _cell(explorer: Explorer, unit: str | None, label: str) -> None:
    found = sorted(explorer.matrix().cells[(unit, label)], key=lambda one: not one.named)
    title = " · ".join((unit or _("单位不明"), label))
    presenter = _presenter(explorer)
    events = components.mount(
        "quotes",
        "cell-passages",
        {
            "labels": {**_quote_labels(), "title": title},
            "lang": current(),
            "passages": [presenter.cell(one) for one in found[:IN_CELL]],
            "more": False,
        },
        "open", "collect", "more",
    )  # fmt: skip
    _act(events)


def _act(events: Mapping[str, Any]) -> None:
    if isinstance(spot := events["open"], dict):
        pages.go(pages.READ, Spot(str(spot["speech"]), int(spot["start"]), int(spot["end"])).params())
    if isinstance(spot := events.get("collect"), dict):
        speech = state.archive().speech(str(spot["speech"]))
        if 0 <= int(spot["start"]) < int(spot["end"]) <= len(speech.text):
            collected.toggle(spot)
            st.rerun()


def _show(params: dict[str, str]) -> None:
    """Another view of this page: its address is the truth."""
    st.query_params.from_dict(spoken({key: value for key, value in params.items() if value}))
    st.rerun()


def _presenter(explorer: Explorer) -> Presenter:
    return Presenter(explorer.archive, collected.kept(), sample=state.is_sample())


def _quote_labels() -> dict[str, str]:
    return {
        "copy": _("复制"),
        "copied": _("已复制"),
        "collect": _("收入素材篮"),
        "kept": _("已在素材篮"),
        "more": _("再看一些"),
    }
