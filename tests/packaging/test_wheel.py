"""`pip install` of the wheel gives the same program as the checkout, with everything that it needs to work offline."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import zipfile
from collections.abc import Callable
from email import message_from_bytes
from pathlib import Path

import pytest
from installed import clean, program
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import rag
from rag.config import MODELS, ROOT, SAMPLE_SPEECHES

pytestmark = pytest.mark.packaging
Yanju = Callable[..., "subprocess.CompletedProcess[str]"]
QUESTION = "紧急信息多长时间内上报"


def names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def files(folder: Path, pattern: str) -> set[Path]:
    return {path for path in folder.rglob(pattern) if path.is_file() and "__pycache__" not in path.parts}


def test_everything_that_the_program_reads_is_in_the_wheel(wheel: Path) -> None:
    own = {path.relative_to(ROOT).as_posix() for path in files(ROOT / "rag", "*") if path.suffix not in (".pyc", ".po")}
    shipped = {*files(MODELS, "*"), *files(SAMPLE_SPEECHES, "*"), ROOT / "app.py", ROOT / ".streamlit" / "config.toml"}
    expected = {f"rag/_shipped/{path.relative_to(ROOT).as_posix()}" for path in shipped}
    packed = {name for name in names(wheel) if ".dist-info/" not in name}
    assert packed == own - {"rag/locale/update.py"} | expected
    for kind in ("model.safetensors", "answer.js", ".mo", ".pdf"):
        assert any(name.endswith(kind) for name in packed), kind


def test_nothing_else_is_in_the_wheel(wheel: Path) -> None:
    assert {name.split("/")[0] for name in names(wheel)} == {"rag", f"yanju-{rag.__version__}.dist-info"}


def test_the_metadata_say_what_the_requirements_say(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        metadata = message_from_bytes(archive.read(f"yanju-{rag.__version__}.dist-info/METADATA"))
    needed = [Requirement(text) for text in metadata.get_all("Requires-Dist", [])]
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    pinned = [Requirement(line) for line in lines if line and not line.startswith("#")]
    always = [one for one in needed if not one.marker]
    assert {(canonicalize_name(one.name), str(one.specifier)) for one in always} == {
        (canonicalize_name(one.name), str(one.specifier)) for one in pinned
    }
    assert {"serve", "mcp", "llm", "dev"} <= set(metadata.get_all("Provides-Extra", []))
    assert metadata["Requires-Python"] == ">=3.11"


def test_the_version_is_in_the_changelog() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.search(
        rf"^## \[(Unreleased\]\n\nTo be {re.escape(rag.__version__)}\.|{re.escape(rag.__version__)}\])", changelog, re.M
    )


def test_the_first_question_after_installation(yanju: Yanju, home: Path, sample_archive: Path) -> None:
    empty = yanju("ask", QUESTION)
    assert empty.returncode == 2
    assert "还没有档案" in empty.stderr
    made = yanju("sample", "--json")
    assert made.returncode == 0, made.stderr
    assert (home / "index" / "sample" / "archive.sqlite").is_file()
    asked = yanju("ask", QUESTION, "--json")
    command = [sys.executable, "-m", "rag", "ask", QUESTION, "--archive", str(sample_archive), "--json"]
    here = subprocess.run(command, capture_output=True, cwd=ROOT, timeout=60)
    assert json.loads(asked.stdout) == json.loads(here.stdout)
    assert json.loads(asked.stdout)["answered"]


def test_own_files_go_to_the_users_folder(yanju: Yanju, home: Path, tmp_path: Path) -> None:
    source = tmp_path / "讲话.txt"
    source.write_text("在试验会上的讲话\n同志们：\n钥匙由两个人分开保管，缺一个人也打不开。\n", encoding="utf-8")
    done = yanju("ingest", source, YANJU_HOME="", XDG_DATA_HOME=str(home / "data"), LOCALAPPDATA=str(home / "data"))
    assert done.returncode == 0, done.stderr
    assert (home / "data" / "yanju" / "index" / "default" / "archive.sqlite").is_file()


def test_the_application_starts(environment: Path, home: Path, tmp_path: Path) -> None:
    """Streamlit with the shipped settings: private, quiet, and up."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [str(program(environment, "yanju")), "app", "--no-browser", "--port", str(port)]
    with (tmp_path / "log").open("w") as log:
        running = subprocess.Popen(command, cwd=tmp_path, env=clean(home), stdout=log, stderr=log)
    try:
        for _ in range(300):
            assert running.poll() is None, (tmp_path / "log").read_text(encoding="utf-8")
            try:
                address = f"http://127.0.0.1:{port}/_stcore/health"
                assert urllib.request.urlopen(address, timeout=5).read() == b"ok"
                break
            except OSError:
                time.sleep(0.2)
        else:
            raise AssertionError((tmp_path / "log").read_text(encoding="utf-8"))
    finally:
        running.terminate()
        running.wait(20)
    with pytest.raises(urllib.error.URLError, match="refused"):
        urllib.request.urlopen(address, timeout=5)
