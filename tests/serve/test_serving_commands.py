"""The commands that start services: what they ask for before they start."""

from __future__ import annotations

import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from rag.cli import serving
from rag.cli.main import main

Refused = Callable[..., str]


@pytest.fixture
def refused(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Refused:
    """``refused("serve", …)``: the sentence with which a command ends, exit status 2."""
    for name in ("YANJU_API_KEYS", "YANJU_API_RATE"):
        monkeypatch.delenv(name, raising=False)

    def run(*arguments: str | Path) -> str:
        assert main([str(argument) for argument in arguments]) == 2
        return capsys.readouterr().err

    return run


@pytest.mark.parametrize(("command", "library"), [("serve", "fastapi"), ("mcp", "mcp")])
def test_a_missing_library_is_named_with_its_extra(
    refused: Refused, monkeypatch: pytest.MonkeyPatch, small: Path, command: str, library: str
) -> None:
    monkeypatch.setattr(serving, "find_spec", lambda name: None)
    said = refused(command, "--archive", small)
    assert library in said
    assert f'pip install "yanju[{command}]"' in said


def test_serving_others_needs_keys(refused: Refused, small: Path) -> None:
    assert "YANJU_API_KEYS" in refused("serve", "--host", "0.0.0.0", "--archive", small)


def test_no_archive_is_told_before_anything_listens(refused: Refused, tmp_path: Path) -> None:
    assert "还没有档案" in refused("serve", "--archive", tmp_path)
    assert "还没有档案" in refused("mcp", "--archive", tmp_path)


def test_a_taken_port_is_told(refused: Refused, sample_archive: Path) -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        assert f"端口 {port} 被占用" in refused("serve", "--port", str(port), "--archive", sample_archive)
        assert f"端口 {port} 被占用" in refused("app", "--port", str(port), "--archive", sample_archive)


@pytest.mark.parametrize("port", ["0", "65536", "x", "-1"])
def test_a_port_is_a_number_of_a_port(port: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["serve", f"--port={port}"])
    assert left.value.code == 2
    assert "端口号" in capsys.readouterr().err
