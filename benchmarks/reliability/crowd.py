"""Many processes read while one ingests without pause: no error, no half file, and searches that stay quick."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.reliability.reader import counts
from rag.archive.reader import Archive
from rag.archive.writer import Writer
from rag.config import ROOT
from rag.encoder.base import Encoder
from rag.pipeline.run import Ingester
from rag.text.words import Analyzer


@dataclass(frozen=True)
class Crowd:
    """Milliseconds of single searches at rest and while another process ingests; ``files`` were ingested meanwhile."""

    rest: tuple[float, float]
    busy: tuple[float, float]
    searches: int
    looks: int
    files: int
    faults: list[str]
    load: tuple[float, float]

    @property
    def ratio(self) -> float:
        return self.busy[1] / self.rest[1]


def crowd(
    texts: Sequence[str], readers: int, seconds: float, rest: float, pause: float, encoder: Encoder, analyzer: Analyzer
) -> Crowd:
    """``readers`` processes search for ``rest`` seconds in peace, then for ``seconds`` while every file changes again and again.

    Each file has two versions whose numbers of passages are known, so that any other number is a half file.
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
        load = [os.getloadavg()[0]]
        quiet = finish(start(readers, archive, known, rest, pause))
        load.append(os.getloadavg()[0])
        running = start(readers, archive, known, seconds, pause)
        files, faults = keep_ingesting(inputs, texts, archive, encoder, analyzer, running)
        busy = finish(running)
    every = [*quiet, *busy]
    return Crowd(
        percentiles(quiet), percentiles(busy), sum(len(one["times"]) for one in busy), sum(one["looks"] for one in every),
        files, faults + [fault for one in every for fault in one["faults"]], (load[0], load[1]),
    )  # fmt: skip


def write_version(folder: Path, texts: Sequence[str], version: int) -> None:
    folder.mkdir(exist_ok=True)
    for n, text in enumerate(texts):
        more = f"\n这一版另加一段，说的是第{n}件事，与别处都不一样，篇幅也长一些。" * 12 if version else ""
        (folder / f"{n:03}.txt").write_text(text + more, encoding="utf-8")


def start(readers: int, archive: Path, known: Path, seconds: float, pause: float) -> list[subprocess.Popen[str]]:
    command = [
        sys.executable,
        "-m",
        "benchmarks.reliability.reader",
        str(archive),
        str(known),
        str(seconds),
        str(pause),
    ]
    return [
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(readers)
    ]


def finish(running: Sequence[subprocess.Popen[str]]) -> list[dict]:  # type: ignore[type-arg]
    out = []
    for process in running:
        printed, errors = process.communicate()
        out.append(
            json.loads(printed) if not process.returncode else {"times": [], "looks": 0, "faults": [errors[-400:]]}
        )
    return out


def keep_ingesting(
    inputs: Path,
    texts: Sequence[str],
    archive: Path,
    encoder: Encoder,
    analyzer: Analyzer,
    running: Sequence[subprocess.Popen[str]],
) -> tuple[int, list[str]]:
    """Files ingested while any reader runs, and what failed."""
    files, faults, version = 0, [], 0
    with Ingester(Writer(archive), encoder, analyzer, workers=1) as one:
        while any(process.poll() is None for process in running):
            version = 1 - version
            write_version(inputs, texts, version)
            for path in sorted(inputs.iterdir()):
                report = one.ingest_file(path)
                files += 1
                if report.status != "updated":
                    faults.append(f"{report.file}: {report.status} {report.message}")
                if all(process.poll() is not None for process in running):
                    break
                time.sleep(0)
        one.writer.close()
    return files, faults


def percentiles(found: Sequence[dict]) -> tuple[float, float]:  # type: ignore[type-arg]
    times = [1000 * value for one in found for value in one["times"]]
    p50, p95 = np.percentile(times, [50, 95]) if times else (float("nan"), float("nan"))
    return float(p50), float(p95)
