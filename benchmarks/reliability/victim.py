"""python -m benchmarks.reliability.victim PHASES SOURCES ARCHIVE WORKERS: ingests, searches once, and notes what it is at.

What it runs are the commands `ingest` and `search`. The file PHASES holds the number of the present phase and how often
each was entered, for whoever kills this process and wants to know, or to choose, what is killed.
"""

from __future__ import annotations

import mmap
import os
import sqlite3
import struct
import sys
from enum import IntEnum
from pathlib import Path
from typing import Any

QUERY = "信息报送 迟报 漏报"


class Phase(IntEnum):
    """What a process is at, in the order of an undisturbed run."""

    STARTING = 0
    BETWEEN = 1
    WRITING = 2
    COMMITTING = 3
    SEARCHING = 4
    INDEX = 5
    STAMP = 6


SHOWN = {
    Phase.STARTING: "starting, making the archive",
    Phase.BETWEEN: "reading files, between two transactions",
    Phase.WRITING: "within a transaction",
    Phase.COMMITTING: "within COMMIT",
    Phase.SEARCHING: "collecting vectors for the index, searching",
    Phase.INDEX: "writing the index file",
    Phase.STAMP: "replacing the index's stamp, after that",
}
_COUNTS = struct.Struct(f"<{1 + len(Phase)}Q")


class Notes:
    """The phases file, mapped by the process that is killed and by the one that kills."""

    def __init__(self, path: Path) -> None:
        if not path.exists():
            path.write_bytes(bytes(_COUNTS.size))
        with path.open("r+b") as stream:
            self._map = mmap.mmap(stream.fileno(), _COUNTS.size)

    def enter(self, phase: Phase) -> None:
        _, *counts = _COUNTS.unpack_from(self._map)
        counts[phase] += 1
        _COUNTS.pack_into(self._map, 0, phase, *counts)

    @property
    def phase(self) -> Phase:
        return Phase(_COUNTS.unpack_from(self._map)[0])

    def entered(self, phase: Phase) -> int:
        return int(_COUNTS.unpack_from(self._map)[1 + phase])

    def close(self) -> None:
        self._map.close()


def watch(notes: Notes, archive: Path) -> None:
    """Notes transactions on every connection made from now on, and the files written beside the archive."""
    connect = sqlite3.connect

    class Watched(sqlite3.Connection):
        def execute(self, sql: str, *parameters: Any) -> sqlite3.Cursor:
            if sql == "BEGIN IMMEDIATE" and notes.phase is not Phase.STARTING:
                notes.enter(Phase.WRITING)
            ends = sql == "COMMIT" and notes.phase is Phase.WRITING
            if ends:
                notes.enter(Phase.COMMITTING)
            done = super().execute(sql, *parameters)
            if ends:
                notes.enter(Phase.BETWEEN)
            return done

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event not in ("open", "os.rename") or notes.phase < Phase.SEARCHING:
            return
        path = arguments[0]
        if not isinstance(path, str | bytes | os.PathLike) or Path(os.fsdecode(path)).parent != archive:
            return
        if event == "os.rename":
            notes.enter(Phase.STAMP)
        elif os.fsdecode(path).endswith(".faiss") and arguments[2] & (os.O_WRONLY | os.O_RDWR):
            notes.enter(Phase.INDEX)

    sqlite3.connect = lambda *args, **more: connect(*args, factory=Watched, **more)  # type: ignore[assignment]
    sys.addaudithook(hook)


def main(phases: str, sources: str, archive: str, workers: str) -> int:
    from rag.cli.main import main as command
    from rag.pipeline.run import Ingester

    notes, begin = Notes(Path(phases)), Ingester.ingest_paths
    watch(notes, Path(archive))

    def ingest_paths(self: Ingester, *arguments: Any) -> Any:
        notes.enter(Phase.BETWEEN)
        return begin(self, *arguments)

    Ingester.ingest_paths = ingest_paths  # type: ignore[method-assign, assignment]
    status = command(["ingest", sources, "--archive", archive, "--workers", workers])
    notes.enter(Phase.SEARCHING)
    return status or command(["search", QUERY, "--archive", archive])


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
