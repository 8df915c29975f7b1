"""The original file of a speech: a PDF opens in a tab at the page, any other format is downloaded."""

from __future__ import annotations

import streamlit as st
from streamlit import runtime

from rag.archive.rows import SpeechRow
from rag.i18n import gettext as _
from rag.ui import state

PDF = "application/pdf"
LARGEST_SHOWN = 40_000_000  # bytes that the server holds ready while the page is open


def offer(speech: SpeechRow, page: int | None = None) -> None:
    """The file that the speech was taken from, byte for byte: to open at a page where it has pages, and to download."""
    archive = state.archive()
    name = speech.file.rsplit("/", 1)[-1]
    with st.container(horizontal=True, vertical_alignment="center", key="originals"):
        if address := _address(speech, page):
            label = _("打开原件第{page}页").format(page=page) if page else _("打开原件")
            st.link_button(label, address, icon=":material/open_in_new:", type="tertiary", help=_("在新标签页打开"))
        st.download_button(
            _("下载原件"),
            lambda: archive.source_bytes(speech.source_id),
            file_name=name,
            mime="application/octet-stream",
            on_click="ignore",
            icon=":material/download:",
            type="tertiary",
            help=_("原样保存的来源文件"),
        )


def _address(speech: SpeechRow, page: int | None) -> str:
    """Where the server shows this session the PDF; empty for other formats and for files too large to hold ready.

    Nothing but a PDF is ever shown in place: a browser would run what an HTML file holds.
    """
    size, is_pdf = state.archive().source_size(speech.source_id)
    if not is_pdf or size > LARGEST_SHOWN or not runtime.exists():
        return ""
    data = state.archive().source_bytes(speech.source_id)
    shown = runtime.get_instance().media_file_mgr.add(data, PDF, f"original-{speech.source_id}")
    base = str(st.get_option("server.baseUrlPath") or "").strip("/")
    return f"{'/' + base if base else ''}{shown}" + (f"#page={page}" if page else "")
