"""The administrator's guide: its services start what exists, its backup is one, and restoring brings the archive back."""

from __future__ import annotations

import configparser
import re
import shlex
import sqlite3
import subprocess
import sys
from argparse import Namespace
from contextlib import closing
from pathlib import Path

from fakes import speech, write

from rag.cli.arguments import parser
from rag.config import ROOT

GUIDE = (ROOT / "docs" / "admin.md").read_text(encoding="utf-8")


def block(kind: str) -> str:
    (found,) = re.findall(rf"^```{kind}\n(.*?)^```", GUIDE, re.S | re.M)
    return str(found)


def parsed(command: str) -> Namespace:
    return parser().parse_args(shlex.split(command))


def test_the_systemd_unit_starts_the_application() -> None:
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read_string(block("ini"))
    program, _, words = unit["Service"]["ExecStart"].partition(" ")
    assert program.endswith("/yanju")
    assert parsed(words).command == "app"
    assert unit["Service"]["ReadWritePaths"] == "/var/lib/yanju"
    (other,) = re.findall(r"`ExecStart` 换成 `(\S+) ([^`]+)`", GUIDE)
    assert other[0] == program
    assert parsed(other[1]).command == "serve"


def test_the_windows_task_starts_the_application() -> None:
    (command,) = re.findall(r"/TR \"\\\"[^\"]+yanju\.exe\\\" ([^\"]+)\"", block("bat"))
    assert parsed(command).command == "app"
    assert parsed(command).no_browser


def test_the_proxy_lets_as_much_through_as_the_application_takes() -> None:
    config = (ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8")
    (megabytes,) = re.findall(r"maxUploadSize = (\d+)", config)
    assert f"client_max_body_size {megabytes}m;" in block("nginx")
    assert f"proxy_pass http://127.0.0.1:{parsed('app --port 8501').port};" in block("nginx")


def rag(*arguments: str | Path) -> str:
    """What a process of its own prints, so that the archive is closed when it ends."""
    command = [sys.executable, "-X", "utf8", "-m", "rag", *map(str, arguments)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", timeout=100)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_backup_while_it_runs_then_restoring(tmp_path: Path) -> None:
    """The documented commands; the second file is still in the write-ahead log when the backup is made."""
    folder = tmp_path / "default"
    first = write(tmp_path / "甲.txt", speech("在甲会上的讲话", "钥匙由两个人分开保管，缺一个人也打不开。"))
    second = write(tmp_path / "乙.txt", speech("在乙会上的讲话", "值班表贴在门口，贴出来就要算数。"))
    rag("ingest", first, "--archive", folder)
    with closing(sqlite3.connect(folder / "archive.sqlite")) as running:
        running.execute("BEGIN")
        running.execute("SELECT count(*) FROM speeches").fetchone()
        rag("ingest", second, "--archive", folder)
        assert (folder / "archive.sqlite-wal").stat().st_size > 0
        (line,) = re.findall(r"^python (-c \"[^\n]*backup[^\n]*\")$", GUIDE, re.M)
        subprocess.run([sys.executable, *shlex.split(line)], cwd=folder, check=True, timeout=60)
    listed = rag("list", "--archive", folder)
    assert "共 2 篇" in listed

    (folder / "archive.sqlite").write_bytes(b"broken")
    for name in ("archive.sqlite-wal", "archive.sqlite-shm"):
        assert f"`{name}`" in GUIDE
        (folder / name).unlink(missing_ok=True)
    (folder / "backup.sqlite").replace(folder / "archive.sqlite")
    rag("verify", "--archive", folder)
    assert rag("list", "--archive", folder) == listed


def test_the_nightly_backup_is_the_same_command() -> None:
    (line,) = re.findall(r"^0 3 \* \* \* (.+)$", GUIDE, re.M)
    assert "sqlite3.connect('archive.sqlite').backup(" in line
    assert "%" not in line.replace("\\%", ""), "cron ends a command at a bare %"
