"""The one place where errors become a line and an exit status."""

from __future__ import annotations

import logging
import os
import sqlite3
import sys
from collections.abc import Sequence
from importlib import import_module

from rag.cli.arguments import parser
from rag.cli.status import DONE, UNUSABLE
from rag.errors import YanjuError

_MISSING = (
    "这个 Python（{python}）没有装 {name}。在程序文件夹里请用 .venv/bin/python -m rag（Windows 是 "
    ".venv\\Scripts\\python -m rag）；还没有 .venv 的，先运行 python bootstrap.py install。"
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; returns the exit status (0 done, 1 some inputs failed, 2 bad usage or unusable archive)."""
    _utf8()
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(message)s", stream=sys.stderr)
    options = parser().parse_args(arguments)
    for name in ("query", "pattern"):
        if value := getattr(options, name, None):
            setattr(options, name, value.encode("utf-8", "replace").decode())  # what the terminal could not decode
    try:
        module = import_module(f"rag.cli.{options.module}")
        return int(getattr(module, options.command.replace("-", "_"))(options))
    except YanjuError as error:
        print(f"错误：{error}", file=sys.stderr)
        return UNUSABLE
    except ModuleNotFoundError as error:
        if not error.name or error.name.partition(".")[0] == "rag":
            raise
        print(f"错误：{_MISSING.format(name=error.name, python=sys.executable)}", file=sys.stderr)
        return UNUSABLE
    except sqlite3.DatabaseError as error:
        print(f"错误：档案读取失败（{error}），文件可能已损坏。请用备份替换档案。", file=sys.stderr)
        return UNUSABLE
    except KeyboardInterrupt:
        print("已中断，档案保持完整。", file=sys.stderr)
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE


def _utf8() -> None:
    """Chinese output whatever the terminal's locale."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
