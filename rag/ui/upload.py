"""Adding files: upload, progress, a report a file. The work itself is done by a process of its own."""

from __future__ import annotations

import streamlit as st

from rag.i18n import current
from rag.i18n import gettext as _
from rag.ingest.readers import SUPPORTED
from rag.pipeline.report import ADDED, FAILED, SKIPPED, UNCHANGED, UPDATED, FileReport
from rag.ui import components, failing, state, telling, upload_job
from rag.ui.upload_job import Job

MOST_FILES = 500
MEGABYTES = 200
EVERY = 1.0  # seconds between two looks at the progress


def page_part() -> None:
    """The upload form; while files are taken in, the progress; then the report."""
    if state.is_sample():
        st.write(_("选好文件后点「开始入库」，就会建立你自己的档案。示例不会混进去。"))
    job = upload_job.latest(state.own_folder())
    if job and job.running:
        _progress(job)
        return
    _form()
    if job:
        _result(job)


def _form() -> None:
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
    marked = st.checkbox(_("开头标有密级或「内部」字样的文件也入库（已确认允许）"), key="allow_marked")
    if not st.button(_("开始入库"), type="primary", disabled=not files) or not files:
        return
    if len(files) > MOST_FILES:
        st.error(_("一次选了 {n} 个文件，最多 {most} 个，请分批。").format(n=len(files), most=MOST_FILES))
        return
    upload_job.start(state.own_folder(), ((one.name, one.getvalue()) for one in files), allow_marked=marked)
    st.session_state["upload_turn"] = st.session_state.get("upload_turn", 0) + 1
    st.rerun()


@st.fragment(run_every=EVERY)
def _progress(job: Job) -> None:
    """How far the run is; a click on «停止» ends it after the present file. The pages stay usable meanwhile."""
    if not job.running:
        st.rerun()
    done, total = len(job.reports), len(job.names)
    name = job.names[min(done, total - 1)]
    st.progress(done / total, text=components.plain(f"{done}/{total} {name[:80]}"))
    if job.stopping:
        st.caption(_("正在停止，等当前文件处理完……"))
        return
    st.caption(_("入库在后台进行，可以离开这一页，照常提问和阅读。"))
    if st.button(_("停止"), key="stop"):
        job.stop()


def _result(job: Job) -> None:
    names = {ADDED: _("新增"), UPDATED: _("更新"), UNCHANGED: _("未变"), SKIPPED: _("跳过"), FAILED: _("失败")}
    total, done = len(job.names), len(job.reports)
    if job.error:
        st.error(components.plain(telling.told(job.error)))
    whole = _("{n} 个文件处理完毕").format(n=done)
    stopped = _("已停止：处理了 {n} 个，还有 {left} 个没有处理").format(n=done, left=total - done)
    components.mount(
        "reports",
        "reports",
        {
            "lang": current(),
            "title": whole if done == total else stopped,
            "rows": [_row(one, names) for one in job.reports],
        },
    )
    if st.button(_("收起这份报告"), type="tertiary"):
        upload_job.dismiss(state.own_folder())
        st.rerun()


def _row(one: FileReport, names: dict[str, str]) -> dict[str, object]:
    counted = _("{speeches} 篇讲话，{passages} 个段落").format(speeches=one.speeches, passages=one.passages)
    return {
        "file": one.file,
        "status": names.get(one.status, one.status),
        "bad": one.status in (FAILED, SKIPPED),
        "text": failing.file_sentence(one.reason, one.message) if one.message else counted,
        "notes": [telling.told(note) for note in one.notes],
    }
