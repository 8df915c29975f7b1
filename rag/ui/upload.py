"""Adding files: upload, progress, a report a file."""

from __future__ import annotations

import streamlit as st

from rag.archive.writer import Writer
from rag.i18n import current
from rag.i18n import gettext as _
from rag.ingest.readers import SUPPORTED
from rag.pipeline.report import ADDED, FAILED, SKIPPED, UNCHANGED, UPDATED, FileReport
from rag.pipeline.run import Ingester
from rag.session import shared_analyzer
from rag.ui import components, state

MOST_FILES = 500
MEGABYTES = 200


def page_part() -> None:
    """The upload form; after a run, its report."""
    if state.is_sample():
        st.write(_("选好文件后点「开始入库」，就会建立你自己的档案。示例不会混进去。"))
    kinds = "、".join(sorted(kind.lstrip(".") for kind in SUPPORTED))
    st.caption(
        _("可一次选多个文件：{kinds}。单个文件不超过 {size} MB，一次不超过 {most} 个。").format(
            kinds=kinds, size=MEGABYTES, most=MOST_FILES
        )
    )
    files = st.file_uploader(
        _("选择文件"), accept_multiple_files=True, max_upload_size=MEGABYTES, key=f"upload-{st.session_state.get('upload_turn', 0)}",
        label_visibility="collapsed",
    )  # fmt: skip
    started = st.button(_("开始入库"), type="primary", disabled=not files)
    if started and files:
        _run([(one.name, one) for one in files])
    _report()


def _run(files: list[tuple[str, object]]) -> None:
    """Takes the files in one after the other. A click on «停止» ends the run between two files."""
    st.session_state["reports"] = reports = []
    if len(files) > MOST_FILES:
        st.error(_("一次选了 {n} 个文件，最多 {most} 个，请分批。").format(n=len(files), most=MOST_FILES))
        return
    st.session_state["planned"] = len(files)
    bar = st.progress(0.0)
    st.button(_("停止"), key="stop")
    writer = Writer(state.own_folder())
    try:
        ingester = Ingester(writer, state.encoder(writer.encoder_source()), shared_analyzer())
        for n, (name, file) in enumerate(files, 1):
            bar.progress((n - 1) / len(files), text=components.plain(f"{n}/{len(files)} {name[:80]}"))
            reports.append(ingester.ingest_upload(name, file.getvalue()))  # type: ignore[attr-defined]
    finally:
        writer.close()
    st.session_state["upload_turn"] = st.session_state.get("upload_turn", 0) + 1
    st.rerun()


def _report() -> None:
    reports: list[FileReport] = st.session_state.get("reports", [])
    if not reports:
        return
    names = {ADDED: _("新增"), UPDATED: _("更新"), UNCHANGED: _("未变"), SKIPPED: _("跳过"), FAILED: _("失败")}
    planned = st.session_state.get("planned", len(reports))
    done = _("{n} 个文件处理完毕").format(n=len(reports))
    stopped = _("已停止：处理了 {n} 个，还有 {left} 个没有处理").format(n=len(reports), left=planned - len(reports))
    components.mount(
        "reports",
        "reports",
        {
            "lang": current(),
            "title": done if planned == len(reports) else stopped,
            "rows": [_row(one, names) for one in reports],
        },
    )


def _row(one: FileReport, names: dict[str, str]) -> dict[str, object]:
    counted = _("{speeches} 篇讲话，{passages} 个段落").format(speeches=one.speeches, passages=one.passages)
    return {
        "file": one.file,
        "status": names.get(one.status, one.status),
        "bad": one.status in (FAILED, SKIPPED),
        "text": one.message or counted,
        "notes": list(one.notes),
    }
