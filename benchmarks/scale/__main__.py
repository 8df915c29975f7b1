"""python -m benchmarks.scale --passages 1000 10000 100000 [--straight 1000000] [--keep DIR] [--out DIR]

Makes an archive of each size, measures it, and writes results.json, RESULTS.md and the plots into the folder ``--out``.
With ``--keep`` the archives stay, and those that are there already are only measured.
"""

from __future__ import annotations

import argparse
import json
import os
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks.scale.filling import fill
from benchmarks.scale.report import write_report
from rag.config import ROOT


def main(arguments: Sequence[str] | None = None) -> int:
    given = sys.argv[1:] if arguments is None else arguments
    options = parser().parse_args(given)
    sizes = [(n, False) for n in options.passages] + [(n, True) for n in options.straight]
    rows: list[dict[str, Any]] = []
    with _folder(options.keep) as top:
        for passages, straight in sizes:
            filled = _filled(top / str(passages), passages, options.workers, straight)
            rows.append({"filled": filled, "figures": _measured(top / str(passages), options.questions)})
            print(json.dumps(rows[-1]), file=sys.stderr, flush=True)
    shown = ["DIR" if argument in (options.keep, options.out) else argument for argument in given]
    command = shlex.join(["python", "-m", "benchmarks.scale", *shown])
    write_report(Path(options.out), {"command": command, "machine": _machine(), "archives": rows})
    return 0


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(prog="python -m benchmarks.scale", description="Figures of archives by size.")
    top.add_argument("--passages", type=int, nargs="*", default=[1000, 10_000], metavar="N", help="ingested archives")
    top.add_argument("--straight", type=int, nargs="*", default=[], metavar="N", help="archives past ingestion")
    top.add_argument("--workers", type=int, default=os.cpu_count() or 1, metavar="N", help="processes that ingest")
    top.add_argument("--questions", type=int, default=200, metavar="N", help="questions asked (default 200)")
    top.add_argument("--keep", metavar="DIR", help="where the archives stay (default: a temporary folder)")
    top.add_argument("--out", default=str(Path(__file__).parent), metavar="DIR")
    return top


@contextmanager
def _folder(kept: str | None) -> Iterator[Path]:
    if kept:
        Path(kept).mkdir(parents=True, exist_ok=True)
        yield Path(kept)
        return
    with tempfile.TemporaryDirectory(prefix="yanju-scale-", ignore_cleanup_errors=True) as name:
        yield Path(name)


def _filled(folder: Path, passages: int, workers: int, straight: bool) -> dict[str, Any]:
    """What filling the folder takes, or took; the note beside it is written when it is done."""
    note = folder.with_name(f"{folder.name}.json")
    if not note.exists():
        note.write_text(json.dumps(asdict(fill(folder, passages, workers, straight))), encoding="utf-8")
    return dict(json.loads(note.read_text(encoding="utf-8")))


def _measured(folder: Path, questions: int) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.scale.measures", str(folder.resolve()), str(questions)]
    done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def _machine() -> str:
    load = os.getloadavg()[1] if hasattr(os, "getloadavg") else float("nan")
    return f"{os.cpu_count()} cores; load of the last five minutes at the end: {load:.1f}"


if __name__ == "__main__":
    raise SystemExit(main())
