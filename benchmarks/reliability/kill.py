"""SIGKILL at random moments: what is left is always an archive of whole files, and finishing it gives the same archive."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.reliability.state import findings, is_new, results, source_states, whole_state
from rag.config import ROOT
from rag.encoder.base import Encoder
from rag.text.words import Analyzer

KILLS_AN_ARCHIVE = 4  # then the run is left to finish, and its archive compared
EARLY = 0.2
QUERIES = ("信息报送 迟报 漏报", "红头文件满天飞又没啥干货，怎么管住", "安全生产 责任", "“四十分钟内”", "基层减负")


@dataclass
class Kills:
    """What came of it. ``moments`` are the seconds after which a run was killed, ``files`` what the archive then held."""

    moments: list[float] = field(default_factory=list)
    files: list[int] = field(default_factory=list)
    finished: int = 0  # runs that were done before their moment came
    compared: int = 0
    faults: list[str] = field(default_factory=list)


def ingestion(sources: Path, archive: Path, workers: int) -> list[str]:
    command = [sys.executable, "-m", "rag", "ingest", str(sources), "--archive", str(archive)]
    return [*command, "--workers", str(workers)]


def kill(sources: Path, times: int, workers: int, seed: int, encoder: Encoder, analyzer: Analyzer) -> Kills:
    """Kills ``times`` ingestions of ``sources`` at random moments of an undisturbed run's length.

    One in five moments lies before the first file was in, where only the making of the archive can be disturbed.
    """
    rng, out = random.Random(seed), Kills()
    with tempfile.TemporaryDirectory(prefix="yanju-kill-") as name:
        undisturbed, archive = Path(name, "undisturbed"), Path(name, "archive")
        first, length = _undisturbed(ingestion(sources, undisturbed, workers), undisturbed)
        expected = Expected.of(undisturbed, encoder, analyzer)
        while len(out.moments) < times:
            shutil.rmtree(archive, ignore_errors=True)
            for _ in range(min(KILLS_AN_ARCHIVE, times - len(out.moments))):
                moment = rng.uniform(0.05, first) if rng.random() < EARLY else rng.uniform(first, length)
                if not _killed(ingestion(sources, archive, workers), moment, out):
                    break
                out.faults += expected.of_a_part(archive, analyzer)
                out.files.append(len(source_states(archive)))
            subprocess.run(ingestion(sources, archive, workers), cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
            out.faults += expected.of_the_whole(archive, encoder, analyzer)
            out.compared += 1
            print(f"{len(out.moments)} killed, {out.compared} compared, {len(out.faults)} faults", file=sys.stderr)
    return out


def _undisturbed(command: Sequence[str], archive: Path) -> tuple[float, float]:
    """Seconds after which the first file was in, and after which the run was done."""
    started, first = time.monotonic(), 0.0
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
    while process.poll() is None:
        time.sleep(0.02)
        if not first and source_states(archive):
            first = time.monotonic() - started
    if process.returncode:
        raise SystemExit(f"the undisturbed run failed with status {process.returncode}")
    return first, time.monotonic() - started


def _killed(command: Sequence[str], moment: float, out: Kills) -> bool:
    """Whether the run was still going when its moment came."""
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        process.wait(moment)
    except subprocess.TimeoutExpired:
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        out.moments.append(moment)
        return True
    out.finished += 1
    return False


@dataclass(frozen=True)
class Expected:
    """What an undisturbed run gives."""

    sources: dict[str, str]
    whole: dict[str, str]
    results: str

    @classmethod
    def of(cls, archive: Path, encoder: Encoder, analyzer: Analyzer) -> Expected:
        return cls(source_states(archive), whole_state(archive), results(archive, encoder, analyzer, QUERIES))

    def of_a_part(self, archive: Path, analyzer: Analyzer) -> list[str]:
        """Faults of an archive whose making was cut short: it opens, is sound, and each of its files is as it should be."""
        if is_new(archive):
            return []
        wrong = [
            f"{name}: not as in an undisturbed run"
            for name, state in source_states(archive).items()
            if self.sources.get(name) != state
        ]
        return wrong + list(findings(archive, analyzer))

    def of_the_whole(self, archive: Path, encoder: Encoder, analyzer: Analyzer) -> list[str]:
        """Faults of an archive whose making was resumed and finished."""
        state = whole_state(archive)
        wrong = [f"table {name} differs" for name in self.whole if state.get(name) != self.whole[name]]
        if results(archive, encoder, analyzer, QUERIES) != self.results:
            wrong.append("search results differ")
        return wrong + list(findings(archive, analyzer))

