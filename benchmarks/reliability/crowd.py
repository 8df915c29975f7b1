"""Many processes read while one ingests without pause: no error, no half file, and searches that stay quick."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.reliability.reader import counts
from rag.archive.reader import Archive
from rag.archive.writer import Writer
from rag.config import ROOT
from rag.encoder.base import Encoder
from rag.pipeline.run import Ingester
from rag.text.words import Analyzer

SETTLING = 2.0  # seconds after the last file of a phase that count neither as rest nor as ingestion


@dataclass(frozen=True)
class Rhythm:
    """Seconds of phases in turn: ``rest`` without ingestion, ``busy`` with it, ``seconds`` in all."""

    rest: float
    busy: float
    seconds: float


@dataclass(frozen=True)
class Crowd:
    """(p50, p95) in milliseconds of searches begun at rest and during ingestion; ``files`` were ingested meanwhile."""

    rest: tuple[float, float]
    busy: tuple[float, float]
    searches: tuple[int, int]
    looks: int
    files: int
    ingesting: float
    faults: list[str]

    @property
    def ratio(self) -> float:
        return self.busy[1] / self.rest[1]


def crowd(
    texts: Sequence[str], readers: int, rhythm: Rhythm, pause: float, encoder: Encoder, analyzer: Analyzer
) -> Crowd:
    """``readers`` processes search all the time; every file changes again and again in the phases of ingestion.

    The phases take turns, so that whatever else the machine does meanwhile weighs on both alike. Each file has two
    versions whose numbers of passages are known, so that any other number is a half file.
    """
    with tempfile.TemporaryDirectory(prefix="yanju-crowd-") as name:
        inputs, archive, known = Path(name, "in"), Path(name, "archive"), Path(name, "counts.json")
        allowed: dict[str, list[list[int]]] = {}
        for version in (1, 0):
            write_version(inputs, texts, version)
            with Ingester(Writer(archive), encoder, analyzer) as one:
                one.ingest_paths([inputs])
                one.writer.close()
            reader = Archive(archive)
            for file, numbers in counts(reader).items():
                allowed.setdefault(file, []).append(numbers)
            reader.close()
        known.write_text(json.dumps(allowed), encoding="utf-8")
        with Ingester(Writer(archive), encoder, analyzer, workers=1) as one:
            one.ingest_upload("先行.txt", texts[0].encode())  # starts the worker
            one.writer.remove_source(one.writer.db.execute("SELECT max(id) FROM sources").fetchone()[0])
            end = time.monotonic() + rhythm.seconds
            running = start(readers, archive, known, end, pause)
            resting, ingesting, files, faults = take_turns(one, inputs, texts, rhythm, end)
            one.writer.close()
        found = finish(running)
    ready = max((one["times"][0][0] for one in found if one["times"]), default=end)  # the last reader's first search
    begun = [(at, seconds) for one in found for at, seconds in one["times"] if at > ready]
    rest, busy = ([s for at, s in begun if any(a <= at < b for a, b in spans)] for spans in (resting, ingesting))
    return Crowd(
        percentiles(rest), percentiles(busy), (len(rest), len(busy)), sum(one["looks"] for one in found), files,
        sum(b - a for a, b in ingesting), faults + [fault for one in found for fault in one["faults"]],
    )  # fmt: skip


Times = list[tuple[float, float]]


def take_turns(
    one: Ingester, inputs: Path, texts: Sequence[str], rhythm: Rhythm, end: float
) -> tuple[Times, Times, int, list[str]]:
    """(when nothing was ingested, when something was, files ingested, what failed)."""
    resting, ingesting, files, faults = [], [], 0, []
    paths = changed_for_ever(inputs, texts)
    while (now := time.monotonic()) < end:
        until = min(now + rhythm.rest, end)
        time.sleep(max(0.0, until - time.monotonic()))
        resting.append((now + SETTLING, until))
        began = time.monotonic()
        while True:
            report = one.ingest_file(next(paths))
            files += 1
            if report.status != "updated":
                faults.append(f"{report.file}: {report.status} {report.message}")
            if time.monotonic() >= min(began + rhythm.busy, end):
                break
        ingesting.append((began, time.monotonic()))
    return resting, ingesting, files, faults


def changed_for_ever(inputs: Path, texts: Sequence[str]) -> Iterator[Path]:
    """File after file, each in the version that it did not have before."""
    while True:
        for version in (1, 0):
            write_version(inputs, texts, version)
            yield from sorted(inputs.iterdir())


def write_version(folder: Path, texts: Sequence[str], version: int) -> None:
    folder.mkdir(exist_ok=True)
    for n, text in enumerate(texts):
        more = f"\n这一版另加一段，说的是第{n}件事，与别处都不一样，篇幅也长一些。" * 12 if version else ""
        (folder / f"{n:03}.txt").write_text(text + more, encoding="utf-8")


def start(readers: int, archive: Path, known: Path, end: float, pause: float) -> list[subprocess.Popen[str]]:
    program = [sys.executable, "-m", "benchmarks.reliability.reader"]
    return [
        subprocess.Popen(
            [*program, str(archive), str(known), str(end), str(pause)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(readers)
    ]


def finish(running: Sequence[subprocess.Popen[str]]) -> list[dict[str, Any]]:
    out = []
    for process in running:
        printed, errors = process.communicate()
        failed = {"times": [], "looks": 0, "faults": [errors[-400:]]}
        out.append(failed if process.returncode else json.loads(printed))
    return out


def percentiles(seconds: Sequence[float]) -> tuple[float, float]:
    """Median and 95th percentile in milliseconds."""
    p50, p95 = 1000 * np.percentile(seconds, [50, 95]) if seconds else (float("nan"), float("nan"))
    return float(p50), float(p95)
