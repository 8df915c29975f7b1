"""SIGKILL at random moments: what is left is always an archive of whole files, and finishing it gives the same archive."""

from __future__ import annotations

import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.reliability.state import findings, is_new, results, source_states, whole_state
from benchmarks.reliability.victim import SHOWN, Notes, Phase
from rag.config import ROOT
from rag.encoder.base import Encoder
from rag.errors import YanjuError
from rag.search.dense_file import STAMP
from rag.text.words import Analyzer

KILLS_AN_ARCHIVE = 8  # then the run is left to finish, and its archive compared
AT_INDEX = 3  # of these, while the index of an archive that is complete by then is made
AT_COMMIT = 0.4  # of the others: around the end of a transaction
EARLY = 0.25  # of the rest: before the first file was in, where only the making of the archive can be disturbed
QUERIES = ("信息报送 迟报 漏报", "红头文件满天飞又没啥干货，怎么管住", "安全生产 责任", "“四十分钟内”", "基层减负")


@dataclass(frozen=True)
class Left:
    """What one kill left behind."""

    phase: Phase
    seconds: float
    files: int
    opened: bool
    whole: list[str]
    clean: list[str]

    @property
    def faults(self) -> list[str]:
        return [f"killed while {SHOWN[self.phase]}: {fault}" for fault in (*self.whole, *self.clean)]


@dataclass
class Kills:
    """What came of it all."""

    left: list[Left] = field(default_factory=list)
    finished: int = 0  # runs that were done before their moment came
    compared: int = 0
    unlike: list[str] = field(default_factory=list)  # differences between finished archives and an undisturbed one

    @property
    def faults(self) -> list[str]:
        return [*(fault for one in self.left for fault in one.faults), *self.unlike]

    def table(self) -> list[str]:
        """Markdown, a row a phase."""
        lines = [
            "| killed while | kills | files then held | opened | whole files only | verify clean |",
            "|---|---:|---:|---:|---:|---:|",
        ]
        groups = [(SHOWN[phase], [one for one in self.left if one.phase is phase]) for phase in Phase]
        for name, left in [*groups, ("**all**", self.left)]:
            held = f"{min(one.files for one in left)}–{max(one.files for one in left)}" if left else "—"
            sound = (sum(o.opened for o in left), sum(not o.whole for o in left), sum(not o.clean for o in left))
            lines.append(f"| {name} | {len(left)} | {held} | {' | '.join(map(str, sound))} |")
        return lines


@dataclass(frozen=True)
class Moment:
    """After so many seconds, or so many seconds after a phase was entered for the ``times``-th time."""

    seconds: float
    phase: Phase | None = None
    times: int = 1


def ingestion(sources: Path, archive: Path, workers: int) -> list[str]:
    command = [sys.executable, "-m", "rag", "ingest", str(sources), "--archive", str(archive)]
    return [*command, "--workers", str(workers)]


def kill(sources: Path, times: int, workers: int, seed: int, encoder: Encoder, analyzer: Analyzer) -> Kills:
    """Kills ``times`` ingestions of ``sources``, each followed by a search, at moments drawn with ``seed``."""
    rng, out = random.Random(seed), Kills()
    with tempfile.TemporaryDirectory(prefix="yanju-kill-") as name:
        undisturbed, archive = Path(name, "undisturbed"), Path(name, "archive")
        first, length = _undisturbed(ingestion(sources, undisturbed, workers), undisturbed)
        expected = Expected.of(undisturbed, encoder, analyzer)
        while len(out.left) < times:
            shutil.rmtree(archive, ignore_errors=True)
            for n in range(min(KILLS_AN_ARCHIVE, times - len(out.left))):
                at_index = n >= KILLS_AN_ARCHIVE - AT_INDEX
                if at_index:  # so that there is an index to be made
                    (archive / STAMP).unlink(missing_ok=True)
                moment = draw(rng, at_index, first, length)
                killed = _killed(victim(Path(name, "phases"), sources, archive, workers), Path(name, "phases"), moment)
                if killed is None:
                    out.finished += 1
                else:
                    out.left.append(expected.left(archive, analyzer, *killed))
            subprocess.run(ingestion(sources, archive, workers), cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
            out.unlike += expected.of_the_whole(archive, encoder, analyzer)
            out.compared += 1
            print(f"{len(out.left)} killed, {out.compared} compared, {len(out.faults)} faults", file=sys.stderr)
    return out


def draw(rng: random.Random, at_index: bool, first: float, length: float) -> Moment:
    """``first`` and ``length``: seconds after which an undisturbed run has its first file, and its last."""
    if at_index:
        phase = rng.choice((Phase.SEARCHING, Phase.INDEX, Phase.INDEX, Phase.STAMP))
        return Moment(
            rng.uniform(0, 0.3 if phase is Phase.SEARCHING else 0.0005),
            phase,
            rng.randint(1, 2) if phase is Phase.INDEX else 1,
        )
    if rng.random() < AT_COMMIT:
        return Moment(rng.uniform(0, 0.004), rng.choice((Phase.WRITING, Phase.COMMITTING)), rng.randint(1, 4))
    return Moment(rng.uniform(0.05, first) if rng.random() < EARLY else rng.uniform(first, length))


def victim(phases: Path, sources: Path, archive: Path, workers: int) -> list[str]:
    program = [sys.executable, "-m", "benchmarks.reliability.victim", str(phases)]
    return [*program, str(sources), str(archive), str(workers)]


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


def _killed(command: Sequence[str], phases: Path, moment: Moment) -> tuple[Phase, float] | None:
    """What the run was at when its moment came, and after how many seconds; None where it was done by then."""
    phases.unlink(missing_ok=True)
    notes, started = Notes(phases), time.monotonic()
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        if moment.phase is not None:
            _await(process, notes, moment.phase, moment.times)
            time.sleep(moment.seconds)
        process.wait(0.0 if moment.phase is not None else moment.seconds)
        if process.returncode:
            raise SystemExit(f"a run that nobody killed failed with status {process.returncode}")
        return None
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGSTOP)  # so that the phase read is the one it dies in
        phase = notes.phase
        process.kill()
        process.wait()
        return phase, time.monotonic() - started
    finally:
        notes.close()


def _await(process: subprocess.Popen[bytes], notes: Notes, phase: Phase, times: int) -> None:
    """Until the phase is entered for the ``times``-th time, or the process has ended."""
    while notes.entered(phase) < times and process.poll() is None:
        if phase < Phase.INDEX or not notes.entered(Phase.SEARCHING):  # the last phases take less than a nap
            time.sleep(0.0005)


@dataclass(frozen=True)
class Expected:
    """What an undisturbed run gives."""

    sources: dict[str, str]
    whole: dict[str, str]
    results: str

    @classmethod
    def of(cls, archive: Path, encoder: Encoder, analyzer: Analyzer) -> Expected:
        return cls(source_states(archive), whole_state(archive), results(archive, encoder, analyzer, QUERIES))

    def left(self, archive: Path, analyzer: Analyzer, phase: Phase, seconds: float) -> Left:
        """What a kill has left: an archive that opens, is sound, and holds whole files only, or none yet."""
        try:
            if is_new(archive):
                return Left(phase, seconds, 0, True, [], [])
            states = source_states(archive)
            return Left(phase, seconds, len(states), True, self._wrong(states), list(findings(archive, analyzer)))
        except (sqlite3.DatabaseError, YanjuError) as error:
            told = f"cannot be opened: {error}"
            return Left(phase, seconds, 0, False, [told], [told])

    def of_a_part(self, archive: Path, analyzer: Analyzer) -> list[str]:
        """Faults of an archive whose making was cut short: it opens, is sound, and each of its files is as it should be."""
        if is_new(archive):
            return []
        return [*self._wrong(source_states(archive)), *findings(archive, analyzer)]

    def of_the_whole(self, archive: Path, encoder: Encoder, analyzer: Analyzer) -> list[str]:
        """Faults of an archive whose making was resumed and finished."""
        state = whole_state(archive)
        wrong = [f"table {name} differs" for name in self.whole if state.get(name) != self.whole[name]]
        if results(archive, encoder, analyzer, QUERIES) != self.results:
            wrong.append("search results differ")
        return wrong + list(findings(archive, analyzer))

    def _wrong(self, states: dict[str, str]) -> list[str]:
        return [
            f"{name}: not as in an undisturbed run" for name, state in states.items() if self.sources.get(name) != state
        ]
