"""The application on an archive, as `streamlit run app.py` starts it."""

from __future__ import annotations

import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rag.config import ROOT
from rag.errors import UsageError

STARTING = 60.0  # seconds


@dataclass(frozen=True)
class Server:
    """Where the application listens, and the password that lets one add files."""

    address: str
    password: str


@contextmanager
def serving(archive: Path, log: Path) -> Iterator[Server]:
    """A server for as long as the context lasts.

    Raises:
        UsageError: it does not start.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    password = secrets.token_hex(8)
    environment = {**os.environ, "YANJU_ARCHIVE": str(archive), "YANJU_ADMIN_PASSWORD": password}
    command = [sys.executable, "-m", "streamlit", "run", "app.py", f"--server.port={port}", "--server.headless=true"]
    with log.open("wb") as stream:
        process = subprocess.Popen(command, env=environment, cwd=ROOT, stdout=stream, stderr=subprocess.STDOUT)
    try:
        _wait(port, process, log)
        yield Server(f"http://127.0.0.1:{port}", password)
    finally:
        process.terminate()
        process.wait(10)


def _wait(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + STARTING
    while time.monotonic() < deadline and process.poll() is None:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=1).read()
            return
        except OSError:
            time.sleep(0.2)
    raise UsageError(f"应用没有启动：{log.read_text(encoding='utf-8', errors='replace')[-800:]}")
