"""A run of the upload worker, as the pages of every session see it."""

from __future__ import annotations

import json
import logging
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import streamlit as st

from rag.config import ROOT
from rag.errors import UsageError
from rag.pipeline.report import FileReport
from rag.ui.upload_worker import NAMES, STOP

log = logging.getLogger(__name__)


@dataclass
class Job:
    """Uploaded files on their way into an archive. ``error`` is the sentence with which the worker gave up."""

    names: tuple[str, ...]
    spool: Path
    process: subprocess.Popen[str]
    reports: list[FileReport] = field(default_factory=list)
    error: str = ""
    done: threading.Event = field(default_factory=threading.Event)

    @property
    def running(self) -> bool:
        return not self.done.is_set()

    @property
    def stopping(self) -> bool:
        return self.running and (self.spool / STOP).exists()

    def stop(self) -> None:
        """Lets the file that is being taken in be the last one."""
        if self.running:
            (self.spool / STOP).touch()

    def follow(self) -> None:
        """Reads what the worker says until it ends, then clears up."""
        assert self.process.stdout is not None
        try:
            for line in self.process.stdout:
                said = json.loads(line)
                if "report" in said:
                    self.reports.append(_report(said["report"]))
                else:
                    self.error = said["error"]
            if self.process.wait() and not self.error:
                log.error("upload worker: status %s\n%s", self.process.returncode, self._last_words())
                self.error = f"入库进程意外退出（状态 {self.process.returncode}），详情已写入程序日志。请重新上传没有处理的文件。"
        finally:
            self.done.set()
            shutil.rmtree(self.spool, ignore_errors=True)

    def _last_words(self) -> str:
        return (self.spool / "stderr").read_text(encoding="utf-8", errors="replace")[-4000:]


@st.cache_resource(show_spinner=False)
def _jobs() -> dict[Path, Job]:
    return {}


_starting = threading.Lock()


def latest(archive: Path) -> Job | None:
    """The last run into an archive, running or not; whoever started it."""
    return _jobs().get(archive.resolve())


def dismiss(archive: Path) -> None:
    """Forgets a run that has ended."""
    job = latest(archive)
    if job and not job.running:
        _jobs().pop(archive.resolve(), None)


def start(archive: Path, files: Iterable[tuple[str, bytes]], *, allow_marked: bool = False) -> Job:
    """Starts a worker on some files.

    Raises:
        UsageError: another run into this archive has not ended yet.
    """
    with _starting:
        if (running := latest(archive)) and running.running:
            raise UsageError("正在入库另一批文件，请等它结束后再开始。")
        spool = Path(tempfile.mkdtemp(prefix="yanju-upload-"))
        names = []
        for n, (name, data) in enumerate(files):
            (spool / str(n)).write_bytes(data)
            names.append(name)
        (spool / NAMES).write_text(json.dumps(names), encoding="utf-8")
        job = Job(tuple(names), spool, _spawn(spool, archive, allow_marked))
        _jobs()[archive.resolve()] = job
    threading.Thread(target=job.follow, name="yanju-upload", daemon=True).start()
    return job


def _spawn(spool: Path, archive: Path, allow_marked: bool) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "rag.ui.upload_worker", str(spool), str(archive.resolve())]
    quiet = getattr(subprocess, "BELOW_NORMAL_PRIORITY_CLASS", 0)  # Windows only
    with (spool / "stderr").open("wb") as errors:
        return subprocess.Popen(
            [*command, *(["--allow-marked"] if allow_marked else [])],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            encoding="utf-8",
            cwd=ROOT,
            creationflags=quiet,
        )


def _report(given: dict[str, object]) -> FileReport:
    values = {name: tuple(value) if isinstance(value, list) else value for name, value in given.items()}
    return FileReport(**values)  # type: ignore[arg-type]
