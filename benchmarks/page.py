"""The page that a benchmark leaves: what it is, the command that made it, what came out."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Sequence
from pathlib import Path


def page(title: str, command: str, lines: Sequence[str]) -> str:
    """Markdown, with the command under the title."""
    return "\n".join([f"# {title}", "", "Made by:", "", "```", command, "```", "", *lines]) + "\n"


def command_line(module: str, arguments: Sequence[str] | None) -> str:
    """The command as it was typed; ``arguments`` is what a caller gave in place of it."""
    return shlex.join(["python", "-m", module, *(sys.argv[1:] if arguments is None else arguments)])


def put(text: str, out: str | None) -> None:
    """Into a file, or on stdout."""
    if out:
        Path(out).write_text(text, encoding="utf-8")
    else:
        print(text)
