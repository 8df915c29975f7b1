"""The wheel, built from the checkout as it is, and an environment that has it."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
from collections.abc import Callable
from pathlib import Path

import pytest
from installed import clean, program

from rag.config import ROOT

Yanju = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """By way of the source archive, as `python -m build` does; what that leaves out cannot be in the wheel."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", cwd=folder, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    assert len(list(folder.glob("*.tar.gz"))) == 1
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="session")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh environment with the wheel. Its requirements are lent by the environment that runs the tests."""
    folder = tmp_path_factory.mktemp("installed")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True, timeout=120)
    paths = {"base": str(folder), "platbase": str(folder)}
    packages = Path(sysconfig.get_path("purelib", vars=paths))
    pip = [
        sys.executable,
        "-m",
        "pip",
        "--python",
        str(program(folder, "python")),
        "install",
        "--no-deps",
        "--no-index",
    ]
    subprocess.run([*pip, "--no-compile", str(wheel)], check=True, capture_output=True, timeout=120)
    (packages / "lent.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """YANJU_HOME of the installed program."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="session")
def yanju(environment: Path, home: Path, tmp_path_factory: pytest.TempPathFactory) -> Yanju:
    """``yanju("ask", "…")``: runs the installed command, far from the checkout."""
    elsewhere = tmp_path_factory.mktemp("elsewhere")

    def run(*arguments: str | Path, **changes: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(program(environment, "yanju")), *map(str, arguments)],
            capture_output=True,
            encoding="utf-8",
            cwd=elsewhere,
            env=clean(home, **changes),
            timeout=100,
        )

    return run
