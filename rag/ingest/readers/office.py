"""DOC, WPS, RTF, ODT: LibreOffice, where it is installed, converts them to DOCX, and that is read."""

from __future__ import annotations

import dataclasses
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from rag.errors import ReadError
from rag.ingest.readers.docx import read_docx
from rag.ingest.readers.evidence import is_garbled, mixes_scripts, unreadable_share
from rag.ingest.readers.limits import Deadline, ReadLimits, timed_out
from rag.ingest.readers.sniff import NAMES
from rag.types import SourceText

_SUFFIX = {"doc": ".doc", "wps": ".wps", "rtf": ".rtf", "odt": ".odt", "word-xml": ".xml"}
# Where installers put it without telling PATH.
_PLACES = (
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    r"C:\Program Files\LibreOffice\program\soffice.exe",
    r"C:\Program Files (x86)\LibreOffice\program\soffice.exe",
)


def find_soffice() -> str | None:
    """The LibreOffice program on this computer, or None."""
    for name in ("soffice", "libreoffice"):
        found = shutil.which(name)
        if found:
            return found
    return next((place for place in _PLACES if Path(place).is_file()), None)


def read_office(data: bytes, kind: str, limits: ReadLimits, deadline: Deadline) -> SourceText:
    """The text of ``data``, a file of format ``kind`` (doc, wps, rtf, odt, word-xml).

    Raises ReadError ``needs-libreoffice``, ``timeout``, ``damaged``, and what reading the DOCX raises.
    """
    soffice = find_soffice()
    if soffice is None:
        raise ReadError(
            "needs-libreoffice",
            f"读{NAMES[kind]}需要 LibreOffice，这台电脑上没有找到；"
            "请安装 LibreOffice，或用 Word、WPS 另存为 DOCX 后再导入。",
        )
    converted = _convert(soffice, data, kind, deadline)
    limits.check_bytes(len(converted))
    source = read_docx(converted, limits, deadline)
    if unreadable_share(source.text) > 0.2 or mixes_scripts(source.text) or is_garbled(source.text):
        raise ReadError("damaged", f"这份{NAMES[kind]}已损坏，转换出来的是乱码；请用 Word 或 WPS 打开修复，另存为 DOCX 后再导入。")
    return dataclasses.replace(source, format=kind, notes=(*source.notes, "由 LibreOffice 转换后读取。"))


def _convert(soffice: str, data: bytes, kind: str, deadline: Deadline) -> bytes:
    """``data`` as DOCX. Everything happens in a directory of its own, so that runs side by side do not meet."""
    # A killed soffice on Windows may hold its files a moment longer.
    with tempfile.TemporaryDirectory(prefix="yanju-", ignore_cleanup_errors=True) as folder:
        source = Path(folder, "source" + _SUFFIX[kind])
        result = Path(folder, "out", "source.docx")
        source.write_bytes(data)
        command = [
            soffice,
            f"-env:UserInstallation={Path(folder, 'profile').as_uri()}",
            "--headless",
            "--norestore",
            "--nolockcheck",
            "--convert-to",
            "docx",
            "--outdir",
            str(result.parent),
            str(source),
        ]
        _run(command, deadline)
        if not result.is_file():
            raise ReadError(
                "damaged", f"LibreOffice 打不开这份{NAMES[kind]}，文件可能已损坏或有密码；请另存为 DOCX 后再导入。"
            )
        return result.read_bytes()


def _run(command: list[str], deadline: Deadline) -> None:
    """Run ``command`` until it ends or the deadline passes; soffice ends with 0 even where it fails."""
    try:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError as error:
        raise ReadError(
            "needs-libreoffice", f"LibreOffice 启动不了（{error.strerror}）；请重新安装，或另存为 DOCX 后再导入。"
        ) from error
    try:
        process.wait(max(deadline.left, 0.1))
    except subprocess.TimeoutExpired as error:
        raise timed_out(deadline.seconds) from error
    finally:
        if process.poll() is None:
            _kill(process)


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End the process and its children: soffice is a launcher, the work is done in another process."""
    if sys.platform == "win32":
        subprocess.run(["taskkill", "/F", "/T", "/PID", str(process.pid)], check=False, capture_output=True)
    else:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
