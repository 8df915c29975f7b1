"""python -m benchmarks.reliability kill|disk|crowd [options]; each prints what it found as Markdown."""

from __future__ import annotations

import argparse
import os
import platform
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path

from rag.config import ROOT
from rag.ingest.readers import read_source
from rag.session import chosen_encoder, shared_analyzer

SPEECHES = ROOT / "data" / "speeches"


def main(arguments: Sequence[str] | None = None) -> int:
    given = sys.argv[1:] if arguments is None else list(arguments)
    options = parser().parse_args(given)
    lines, faults = globals()[f"_{options.harness}"](options)
    print(f"`{shlex.join(['python', '-m', 'benchmarks.reliability', *given])}`\n")
    print(f"{platform.system()}, {os.cpu_count()} cores, Python {platform.python_version()}\n")
    print("\n".join(lines))
    for fault in faults:
        print(f"- FAULT {fault}")
    return 1 if faults else 0


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(prog="python -m benchmarks.reliability", description=__doc__)
    harnesses = top.add_subparsers(dest="harness", required=True)
    kill = harnesses.add_parser("kill", help="SIGKILL ingestion at random moments")
    kill.add_argument("--times", type=int, default=200)
    kill.add_argument("--seed", type=int, default=7)
    kill.add_argument("--workers", type=int, default=2)
    kill.add_argument("--sources", type=Path, default=SPEECHES)
    disk = harnesses.add_parser("disk", help="a full disk, a read-only folder, torn index files")
    disk.add_argument("--sources", type=Path, default=SPEECHES)
    crowd = harnesses.add_parser("crowd", help="many readers while one process ingests")
    crowd.add_argument("--readers", type=int, default=8)
    crowd.add_argument("--seconds", type=float, default=300)
    crowd.add_argument("--rest", type=float, default=60, help="seconds of searching in peace first")
    crowd.add_argument("--pause", type=float, default=0.5, help="seconds between two searches of one reader")
    crowd.add_argument("--sources", type=Path, default=SPEECHES)
    return top


def _disk(options: argparse.Namespace) -> tuple[list[str], list[str]]:
    from benchmarks.reliability.disk import full_disk, read_only, torn_index

    lines, faults = [], []
    for harness in (full_disk, read_only, torn_index):
        told, wrong = harness(options.sources, chosen_encoder(), shared_analyzer())
        lines += [f"{harness.__name__}:", *(f"- {line}" for line in told), f"- faults: {len(wrong)}"]
        faults += wrong
    return lines, faults


def _crowd(options: argparse.Namespace) -> tuple[list[str], list[str]]:
    from benchmarks.reliability.crowd import crowd

    texts = [read_source(path).text for path in sorted(options.sources.glob("*.txt"))]
    out = crowd(
        texts, options.readers, options.seconds, options.rest, options.pause, chosen_encoder(), shared_analyzer()
    )
    lines = [
        f"{options.readers} readers; {out.files} files ingested in {options.seconds:g} s, {out.searches} searches meanwhile, "
        f"all files counted {out.looks} times.",
        f"At rest p50 {out.rest[0]:.0f} ms, p95 {out.rest[1]:.0f} ms; while ingesting p50 {out.busy[0]:.0f} ms, "
        f"p95 {out.busy[1]:.0f} ms: {out.ratio:.2f} times.",
        f"Load of the machine before: {out.load[0]:.1f}; before ingesting: {out.load[1]:.1f}. Faults: {len(out.faults)}.",
    ]
    return lines, out.faults


def _kill(options: argparse.Namespace) -> tuple[list[str], list[str]]:
    from benchmarks.reliability.kill import kill

    out = kill(options.sources, options.times, options.workers, options.seed, chosen_encoder(), shared_analyzer())
    moments = sorted(out.moments)
    lines = [
        f"{len(moments)} runs killed, {moments[0]:.2f} to {moments[-1]:.2f} s after their start; "
        f"archives then held {min(out.files)} to {max(out.files)} files, {len(set(out.files))} different numbers of them; "
        f"{out.finished} runs were done before their moment came; {out.compared} archives finished and compared.",
        f"Faults: {len(out.faults)}.",
    ]
    return lines, out.faults


if __name__ == "__main__":
    raise SystemExit(main())
