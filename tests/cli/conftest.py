"""The command line as a user meets it: in a process of its own."""

from __future__ import annotations

import contextlib
import io
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from fakes import speech, write

from rag.cli.main import main
from rag.config import ROOT

Rag = Callable[..., "subprocess.CompletedProcess[str]"]

FILES = {
    "信息.txt": speech(
        "在全县信息工作会议上的讲话",
        "一、认清形势，增强责任感",
        "信息是领导决策的耳目，信息工作做不好，决策就是盲人摸象。",
        "二、突出重点，提高报送质量",
        "紧急信息必须在事发后三小时内报送，不得迟报、漏报、瞒报。",
        date="2019年3月5日",
    ),
    "安全.md": speech(
        "在安全生产约谈会上的讲话", "安全生产责任重于泰山，隐患排查要横向到边、纵向到底，一个企业也不能漏掉。"
    ),
}


@pytest.fixture(scope="session")
def rag() -> Rag:
    """``rag("list", "--json")``: runs `python -m rag`; ``env`` adds environment variables."""

    def run(*arguments: str | Path, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
        clean = {key: value for key, value in os.environ.items() if not key.startswith("YANJU_")}
        return subprocess.run(
            [sys.executable, "-m", "rag", *map(str, arguments)],
            capture_output=True,
            encoding="utf-8",
            cwd=ROOT,
            env={**clean, "PYTHONUTF8": "1", **(env or {})},
            timeout=100,
        )

    return run


@pytest.fixture(scope="session")
def here() -> Rag:
    """Like ``rag``, but within this process: a fraction of the time, once the libraries are loaded."""

    def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            status = main([str(argument) for argument in arguments])
        return subprocess.CompletedProcess(arguments, status, out.getvalue(), err.getvalue())

    return run


@pytest.fixture(scope="session")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two speeches in two files."""
    folder = tmp_path_factory.mktemp("cli-sources")
    for name, text in FILES.items():
        write(folder / name, text)
    return folder


@pytest.fixture(scope="session")
def ingested(rag: Rag, sources: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """An archive of the two, and what `ingest --json` printed."""
    folder = tmp_path_factory.mktemp("cli") / "archive"
    done = rag("ingest", sources, "--archive", folder, "--json")
    assert done.returncode == 0, done.stderr
    return folder, done.stdout


@pytest.fixture
def archive(ingested: tuple[Path, str]) -> Path:
    """The archive of the two speeches. Not to be changed."""
    return ingested[0]
