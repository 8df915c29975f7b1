"""Real servers: `python -m rag serve` in a process of its own; and what the command line says to the same question."""

from __future__ import annotations

import contextlib
import io
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2

from rag.cli.main import main
from rag.config import ROOT

KEY, OTHER_KEY = "0123456789abcdef-a", "0123456789abcdef-b"


def clean_environment(**changes: str) -> dict[str, str]:
    return {**{k: v for k, v in os.environ.items() if not k.startswith("YANJU_")}, "PYTHONUTF8": "1", **changes}


@contextmanager
def serving(archive: Path, **environment: str) -> Iterator[httpx2.Client]:
    """A client of a server that has just come up."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "rag", "serve", "--archive", str(archive), "--port", str(port)]
    server = subprocess.Popen(command, cwd=ROOT, env=clean_environment(**environment), stderr=subprocess.PIPE)
    assert server.stderr
    try:
        said = server.stderr.readline().decode()
        assert f":{port}" in said, said
        with httpx2.Client(base_url=f"http://127.0.0.1:{port}", timeout=60, trust_env=False) as client:
            wait_until_up(port)
            yield client
    finally:
        server.terminate()
        server.communicate(timeout=20)


def wait_until_up(port: int) -> None:
    for _ in range(300):
        with socket.socket() as connection:
            if connection.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError("the server does not listen")


def printed(*arguments: str | Path) -> Any:
    """What the command line prints as JSON."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        assert main([str(argument) for argument in arguments]) == 0
    return json.loads(out.getvalue())
