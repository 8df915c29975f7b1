"""Who is writing: a small file beside the archive for as long as a long run lasts, so that others can name it."""

from __future__ import annotations

import json
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

PREFIX = "writing-"


@contextmanager
def noted(folder: Path) -> Iterator[None]:
    """Notes this process as writing to the archive in ``folder``. The archive's own lock is SQLite's; this only tells."""
    path = folder / f"{PREFIX}{socket.gethostname()}-{os.getpid()}.json"
    since = datetime.now().astimezone().isoformat(timespec="seconds")
    with suppress(OSError):  # a folder that cannot be written is reported by the archive itself
        _sweep(folder)
        path.write_text(json.dumps({"pid": os.getpid(), "host": socket.gethostname(), "since": since}), "utf-8")
    try:
        yield
    finally:
        with suppress(OSError):
            path.unlink()


def holders(folder: Path) -> str:
    """The other processes that say they are writing, as a phrase: «进程 4711（自 2026-01-02 03:04:05 起）»; empty when none."""
    found = []
    for path in sorted(folder.glob(PREFIX + "*.json")):
        note = _read(path)
        if note is None or note.gone or note.pid == os.getpid():
            continue
        where = "" if note.here else f"，在 {note.host} 上"
        found.append(f"进程 {note.pid}（自 {note.since:%Y-%m-%d %H:%M:%S} 起{where}）")
    return "、".join(found)


@dataclass(frozen=True)
class _Note:
    pid: int
    host: str
    since: datetime

    @property
    def here(self) -> bool:
        return self.host == socket.gethostname()

    @property
    def gone(self) -> bool:
        return self.here and not _runs(self.pid)


def _read(path: Path) -> _Note | None:
    try:
        note = json.loads(path.read_text("utf-8"))
        return _Note(int(note["pid"]), str(note["host"]), datetime.fromisoformat(note["since"]))
    except (OSError, ValueError, KeyError, TypeError):  # torn, or of another program
        return None


def _sweep(folder: Path) -> None:
    """Takes away the notes of processes that were killed."""
    for path in folder.glob(PREFIX + "*.json"):
        note = _read(path)
        if note and note.gone:
            path.unlink()


def _runs(pid: int) -> bool:
    """Whether a process of this computer is still there; always True where that cannot be asked without harm."""
    if sys.platform == "win32":
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
