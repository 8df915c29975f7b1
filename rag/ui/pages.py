"""The application's pages: their titles and addresses, and the way from one to another."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING

import streamlit as st

from rag.errors import YanjuError
from rag.i18n import gettext as _
from rag.ui import failing, signing
from rag.ui.components import plain
from rag.ui.links import spoken

if TYPE_CHECKING:
    from streamlit.navigation.page import StreamlitPage

ASK, READ, BROWSE, BASKET, MANAGE = "ask", "read", "browse", "basket", "manage"
THEMES, COMPARE, PHRASES = "themes", "compare", "phrases"
ALL = (ASK, BROWSE, THEMES, PHRASES, COMPARE, READ, BASKET, MANAGE)
ICONS = {
    ASK: ":material/forum:",
    BROWSE: ":material/library_books:",
    THEMES: ":material/category:",
    COMPARE: ":material/difference:",
    PHRASES: ":material/format_quote:",
    READ: ":material/menu_book:",
    BASKET: ":material/collections_bookmark:",
    MANAGE: ":material/inventory_2:",
}
log = logging.getLogger(__name__)


def title(name: str) -> str:
    return {ASK: _("问答"), BROWSE: _("浏览"), THEMES: _("专题"), PHRASES: _("找表述"), COMPARE: _("对稿与沿用"), READ: _("阅读"), BASKET: _("素材篮"), MANAGE: _("档案管理")}[name]


def page(name: str) -> StreamlitPage:
    """One of the pages; the same name always gives an equal one."""
    return st.Page(_guarded(name), title=title(name), icon=ICONS[name], url_path=name, default=name == ASK)


def every_page() -> list[StreamlitPage]:
    return [page(name) for name in ALL]


def go(name: str, params: Mapping[str, str | list[str]] | None = None) -> None:
    """Shows another page of the same session."""
    st.switch_page(page(name), query_params=spoken(params or {}))


def name_tab(text: str) -> None:
    """Sets the title of the browser's tab."""
    brand = _("言据")
    st.set_page_config(page_title=f"{text} · {brand}")


def _guarded(name: str) -> Callable[[], None]:
    """The page's function, with every error made one sentence. Without the login that is asked for, that comes first."""

    def show() -> None:
        name_tab(title(name))
        try:
            import_module(f"rag.ui.{name}" if signing.signed_in() else "rag.ui.signing").page()
        except YanjuError as error:
            st.error(plain(failing.sentence(error)))
        except sqlite3.Error as error:
            log.exception("page %s", name)
            st.error(plain(_("档案暂时无法读取（{error}），请稍后重试。").format(error=error)))
        except Exception as error:  # the last stop before the user: nobody above would say it in a sentence
            log.exception("page %s", name)
            said = _("「{page}」这一页出了错（{error}）。请重新打开这一页；仍不行时，请把启动言据的窗口（或服务日志）里的出错详情交给维护人员。")
            st.error(plain(said.format(page=title(name), error=type(error).__name__)))

    return show
