"""The original file of a speech, to download."""

from __future__ import annotations

import streamlit as st

from rag.archive.rows import SpeechRow
from rag.i18n import gettext as _
from rag.ui import state


def offer(speech: SpeechRow) -> None:
    """A button that downloads the file the speech was taken from, byte for byte."""
    archive = state.archive()
    name = speech.file.rsplit("/", 1)[-1]
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
