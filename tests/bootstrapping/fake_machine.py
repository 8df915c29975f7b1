"""A machine in place of pip and of the network, and the project that is bootstrapped on it."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

FILES = {
    "requirements.txt": "# run time\nnumpy==2.4.6\ntorch==2.13.0\n",
    "requirements-dev.txt": "pytest==9.2.0\n",
    "constraints.txt": "idna==3.20\n",
}
TORCH_PAGE = "https://download.pytorch.org/whl/cpu/torch/"


class Machine:
    """Stands for the interpreter, pip and the network: notes what was asked and answers as its fields say."""

    def __init__(self) -> None:
        self.commands: list[list[str]] = []
        self.settings: list[Mapping[str, str]] = []
        self.probed: list[str] = []
        self.statuses: dict[str, int] = {}  # part of a command → its exit status
        self.interrupt_on: str | None = None
        self.online = True
        self.installs_something = True
        self.has_torch = False

    def run(self, command: Sequence[str], settings: Mapping[str, str] | None = None, quiet: bool = False) -> int:
        line = " ".join(command)
        if "-c" in command and not quiet:
            assert "pip" in command, "a check must not print"
        if quiet:
            return 127 if not Path(command[0]).exists() else int("torch" in line and not self.has_torch)
        self.commands.append(list(command))
        self.settings.append(settings or {})
        status = next((status for part, status in self.statuses.items() if part in line), 0)
        if "venv" in command and status == 0:
            for name in ("bin/python", "Scripts/python.exe", "lib/python3.11/site-packages/pip/__init__.py"):
                path = Path(command[-1], name)
                path.parent.mkdir(parents=True)
                path.touch()
        if "pip" in command and "install" in command and self.installs_something:
            packages = next(Path(command[0]).parents[1].glob("lib/*/site-packages"))
            (packages / f"package{len(self.commands)}").touch()
            os.utime(packages, ns=(len(self.commands), len(self.commands)))
        if self.interrupt_on and self.interrupt_on in line:
            raise KeyboardInterrupt
        return status

    def reachable(self, url: str) -> bool:
        self.probed.append(url)
        return self.online

    def pip_commands(self) -> list[list[str]]:
        return [command[3:] for command in self.commands if command[1:3] == ["-m", "pip"]]

    def venvs_made(self) -> int:
        return sum("venv" in command for command in self.commands)


def requirements(root: Path, *names: str) -> list[str]:
    return [*(part for name in names for part in ("-r", str(root / name))), "-c", str(root / "constraints.txt")]


CPU_TORCH = ["install", "--no-deps", "--index-url", "https://download.pytorch.org/whl/cpu", "torch==2.13.0"]
