"""Projects to bootstrap on the fake machine."""

from __future__ import annotations

from pathlib import Path

import pytest
from fake_machine import FILES, Machine

import bootstrap
from bootstrap import RUN_FILES, Environment


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    fake = Machine()
    monkeypatch.setattr(bootstrap, "run", fake.run)
    monkeypatch.setattr(bootstrap, "reachable", fake.reachable)
    monkeypatch.setattr(bootstrap, "CPU_INDEX", "https://download.pytorch.org/whl/cpu")
    return fake


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


@pytest.fixture
def installed(root: Path, machine: Machine) -> Path:
    """A project whose run-time requirements are in; the machine's notes start after that."""
    Environment(root, "linux").install(RUN_FILES)
    machine.commands.clear()
    machine.probed.clear()
    machine.has_torch = True
    return root
