"""python -m benchmarks.reliability kill|disk|crowd [options]; each prints what it found as Markdown.

With --out FILE it also replaces its own section of that file.
"""

from __future__ import annotations

import argparse
import os
import platform
import shlex
import shutil
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import zip_longest
from pathlib import Path

from rag.config import ROOT
from rag.ingest.readers import read_source
from rag.session import chosen_encoder, shared_analyzer

SPEECHES = ROOT / "data" / "speeches"
TITLES = {
    "kill": "Killed",
    "disk": "Full disk, read-only folder, torn index files",
    "crowd": "Readers beside an ingestion",
}


def main(arguments: Sequence[str] | None = None) -> int:
    given = sys.argv[1:] if arguments is None else list(arguments)
    options, started = parser().parse_args(given), time.monotonic()
    lines, faults = globals()[f"_{options.harness}"](options)
    section = [
        f"`{shlex.join(['python', '-m', 'benchmarks.reliability', *given])}`\n",
        f"{_machine()}; {time.monotonic() - started:.0f} seconds.\n",
        *lines,
        "",
        f"Faults: {len(faults)}.",
        *(f"- {fault}" for fault in faults),
    ]
    print("\n".join(section))
    if options.out:
        put_section(options.out, TITLES[options.harness], "\n".join(section))
    return 1 if faults else 0


def put_section(path: Path, title: str, body: str) -> None:
    """Replaces the section ``title`` of a Markdown file, or adds it at the end; the rest stays as it is."""
    old = path.read_text(encoding="utf-8") if path.exists() else "# Reliability\n"
    head, *sections = old.split("\n## ")
    texts = {one.partition("\n")[0]: one.partition("\n")[2].strip() for one in sections} | {title: body.strip()}
    parts = [head.rstrip() + "\n", *(f"## {name}\n\n{text}\n" for name, text in texts.items())]
    path.write_text("\n".join(parts), encoding="utf-8")


def _machine() -> str:
    load = os.getloadavg()[2] if hasattr(os, "getloadavg") else float("nan")
    return (
        f"{platform.system()} on {platform.machine()}, {os.cpu_count()} cores (shared with other work: mean load of the last"
        f" 15 minutes {load:.1f}), Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    )


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(prog="python -m benchmarks.reliability", description=__doc__)
    harnesses = top.add_subparsers(dest="harness", required=True)
    kill = harnesses.add_parser("kill", help="SIGKILL ingestion at random moments")
    kill.add_argument("--times", type=int, default=200)
    kill.add_argument("--seed", type=int, default=7)
    kill.add_argument("--workers", type=int, default=1)
    kill.add_argument("--sources", type=Path, default=SPEECHES)
    disk = harnesses.add_parser("disk", help="a full disk, a read-only folder, torn index files")
    disk.add_argument("--sources", type=Path, default=SPEECHES)
    for one in (kill, disk):
        one.add_argument("--files", type=int, default=8, help="so many of the sources, of different kinds")
    crowd = harnesses.add_parser("crowd", help="many readers while one process ingests")
    crowd.add_argument("--readers", type=int, default=8)
    crowd.add_argument("--seconds", type=float, default=300)
    crowd.add_argument("--rest", type=float, default=20, help="seconds without ingestion, in turn with")
    crowd.add_argument("--busy", type=float, default=40, help="seconds of ingestion")
    crowd.add_argument("--pause", type=float, default=0.5, help="seconds between two searches of one reader")
    crowd.add_argument("--sources", type=Path, default=SPEECHES)
    for one in (kill, disk, crowd):
        one.add_argument("--out", type=Path, metavar="FILE", help="put the section into this report")
    return top


def _disk(options: argparse.Namespace) -> tuple[list[str], list[str]]:
    from benchmarks.reliability.disk import full_disk, read_only, torn_index

    lines, faults = [], []
    with sample_of(options) as sources:
        for harness in (full_disk, read_only, torn_index):
            told, wrong = harness(sources, chosen_encoder(), shared_analyzer())
            title = harness.__name__.replace("_", " ").capitalize()
            lines += [f"{title}, {len(wrong)} faults:", "", *(f"- {line}" for line in told), ""]
            faults += wrong
    return lines[:-1], faults


def _crowd(options: argparse.Namespace) -> tuple[list[str], list[str]]:
    from benchmarks.reliability.crowd import SETTLING, Rhythm, crowd

    texts = [read_source(path).text for path in sorted(options.sources.glob("*.txt"))]
    rhythm = Rhythm(options.rest, options.busy, options.seconds)
    out = crowd(texts, options.readers, rhythm, options.pause, chosen_encoder(), shared_analyzer())
    whole = "every file was whole each time" if not out.faults else "see the faults"
    lines = [
        f"{options.readers} processes, each with the archive open, search it (ten hits, then a pause of {options.pause:g} s) and"
        f" after every five searches count the speeches, passages and index rows of all {len(texts)} files, for"
        f" {options.seconds:g} s. One process with one worker is at rest for {options.rest:g} s and ingests for"
        f" {options.busy:g} s, in turn; a file at a time, each changed since it was last ingested. Searches are assigned by when they began;"
        f" those before the last reader had begun, and of the first {SETTLING:g} s after an ingestion, are left out.",
        "",
        "| | searches | p50 ms | p95 ms |",
        "|---|---:|---:|---:|",
        f"| the {options.readers} readers alone | {out.searches[0]:,} | {out.rest[0]:.0f} | {out.rest[1]:.0f} |",
        f"| while ingesting | {out.searches[1]:,} | {out.busy[0]:.0f} | {out.busy[1]:.0f} |",
        "",
        f"p95 while ingesting is {out.ratio:.2f} times that at rest. {out.files} files ingested in {out.ingesting:.0f} s;"
        f" all files counted {out.looks} times: {whole}.",
    ]
    return lines, out.faults


def _kill(options: argparse.Namespace) -> tuple[list[str], list[str]]:
    from benchmarks.reliability.kill import kill

    with sample_of(options) as sources:
        out = kill(sources, options.times, options.workers, options.seed, chosen_encoder(), shared_analyzer())
    seconds = sorted(one.seconds for one in out.left)
    lines = [
        f"Each run ingests {options.files} files of {len(SUFFIXES)} formats ({options.workers} worker process beside the writer)"
        " and then searches once, which makes the vector index. It is stopped, what it is at is read, and it is killed.",
        "",
        *out.table(),
        "",
        f"Killed {seconds[0]:.2f} to {seconds[-1]:.2f} s after the start, median {seconds[len(seconds) // 2]:.2f} s;"
        f" {out.finished} further runs were done before their moment came."
        f" {out.compared} archives were killed up to 8 times each, then finished and compared with that of an undisturbed run:"
        " every row of every table with its row ids, speech ids and offsets, and the ranks, scores, places and texts of"
        f" five searches; {len(out.unlike)} differences.",
    ]
    return lines, out.faults


@contextmanager
def sample_of(options: argparse.Namespace) -> Iterator[Path]:
    """A folder with copies of some of the sources."""
    with tempfile.TemporaryDirectory(prefix="yanju-sources-") as name:
        for path in chosen(options.sources, options.files):
            shutil.copy(path, name)
        yield Path(name)


SUFFIXES = (".txt", ".md", ".html", ".pdf", ".docx")


def chosen(folder: Path, count: int) -> list[Path]:
    """``count`` files, of each format in turn, the smallest of each first."""
    by_format = [
        sorted((path for path in folder.glob(f"*{suffix}")), key=lambda path: (path.stat().st_size, path.name))
        for suffix in SUFFIXES
    ]
    return [path for row in zip_longest(*by_format) for path in row if path][:count]


if __name__ == "__main__":
    raise SystemExit(main())
