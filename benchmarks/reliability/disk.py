"""A disk that is full, a folder that may only be read, and index files that are torn or gone."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.reliability.kill import QUERIES, Expected, ingestion
from benchmarks.reliability.state import findings, results, source_states
from rag.archive.connect import FILE
from rag.config import ROOT
from rag.encoder.base import Encoder
from rag.text.words import Analyzer


def full_disk(sources: Path, encoder: Encoder, analyzer: Analyzer, steps: int = 12) -> tuple[list[str], list[str]]:
    """Ingestion under a limit on the size of files (RLIMIT_FSIZE), which the system enforces as it does a full disk.

    The limit grows in ``steps`` up to the size of the finished archive. Each run must say in one line that it could not
    write and leave whole files; the run without a limit must then give the archive of an undisturbed run.
    """
    lines, faults = [], []
    with tempfile.TemporaryDirectory(prefix="yanju-disk-") as name:
        undisturbed, archive = Path(name, "undisturbed"), Path(name, "archive")
        subprocess.run(ingestion(sources, undisturbed, 1), cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        expected = Expected.of(undisturbed, encoder, analyzer)
        size = (undisturbed / FILE).stat().st_size
        for step in range(1, steps + 1):
            done = _limited(ingestion(sources, archive, 1), size * step // (steps + 1))
            told = done.stderr.strip().splitlines()
            if done.returncode not in (0, 2) or (done.returncode and not (told and told[-1].startswith("错误："))):
                faults.append(f"limit {step}/{steps}: status {done.returncode}, {done.stderr[-300:]}")
            faults += (wrong := expected.of_a_part(archive, analyzer))
            held = len(source_states(archive))
            lines.append(
                f"{size * step // (steps + 1):,} bytes: status {done.returncode}, {held} files held, {'see the faults' if wrong else 'each whole'}"
            )
        subprocess.run(ingestion(sources, archive, 1), cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        faults += expected.of_the_whole(archive, encoder, analyzer)
    return lines, faults


def _limited(command: list[str], size: int) -> subprocess.CompletedProcess[str]:
    """Runs a command that may write no file beyond ``size`` bytes."""
    program = (
        "import os, resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({size}, {size})); os.execv(sys.argv[1], sys.argv[1:])"
    )
    return subprocess.run([sys.executable, "-c", program, *command], cwd=ROOT, capture_output=True, text=True)


def read_only(sources: Path, encoder: Encoder, analyzer: Analyzer) -> tuple[list[str], list[str]]:
    """An archive in a folder without write permission: it can be searched, and ingestion says what is wrong."""
    faults = []
    with tempfile.TemporaryDirectory(prefix="yanju-ro-") as name:
        archive = Path(name, "archive")
        subprocess.run(ingestion(sources, archive, 1), cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        searching = [sys.executable, "-m", "rag", "search", QUERIES[0], "--json", "--archive", str(archive)]
        before = _held_to_permissions(searching).stdout
        contents = {path.name: path.read_bytes() for path in archive.iterdir()}
        for path in [*archive.iterdir(), archive]:
            path.chmod(0o500 if path.is_dir() else 0o400)
        try:
            if not before or _held_to_permissions(searching).stdout != before:
                faults.append("search results differ")
            (sources_more := Path(name, "more.txt")).write_text("同志们：\n信息要快。\n", encoding="utf-8")
            done = _held_to_permissions(ingestion(sources_more, archive, 1))
            if done.returncode != 2 or "权限" not in done.stderr:
                faults.append(f"status {done.returncode}: {done.stderr[-300:]}")
            if {path.name: path.read_bytes() for path in archive.iterdir()} != contents:
                faults.append("the folder's files changed")
        finally:
            archive.chmod(0o700)
    told = done.stderr.strip().replace(name, "…")
    return [f"searched as before; ingestion ended with status {done.returncode}: {told}"], faults


def _held_to_permissions(command: list[str]) -> subprocess.CompletedProcess[str]:
    """Runs a command for which permissions hold even where it is the superuser's (Linux: without CAP_DAC_OVERRIDE)."""
    if os.geteuid() == 0:
        drop = "ctypes.CDLL(None).prctl(24, 1, 0, 0, 0)"  # PR_CAPBSET_DROP
        command = [
            sys.executable,
            "-c",
            f"import ctypes, os, sys; {drop}; os.execv(sys.argv[1], sys.argv[1:])",
            *command,
        ]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True)


def torn_index(sources: Path, encoder: Encoder, analyzer: Analyzer) -> tuple[list[str], list[str]]:
    """FAISS files cut short, emptied, overwritten or deleted: the next search rebuilds them and finds the same."""
    lines, faults = [], []
    with tempfile.TemporaryDirectory(prefix="yanju-faiss-") as name:
        archive = Path(name, "archive")
        subprocess.run(ingestion(sources, archive, 1), cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        before = results(archive, encoder, analyzer, QUERIES)
        for path in sorted(one for one in archive.iterdir() if not one.name.startswith(FILE)):
            whole = path.read_bytes()
            damages = {
                "deleted": None,
                "empty": b"",
                "half": whole[: len(whole) // 2],
                "one byte less": whole[:-1],
                "noise": os.urandom(len(whole)),
            }
            for what, body in damages.items():
                if body is None:
                    path.unlink(missing_ok=True)
                else:
                    path.write_bytes(body)
                if results(archive, encoder, analyzer, QUERIES) != before:
                    faults.append(f"{path.name} {what}: search results differ")
                faults += [f"{path.name} {what}: {fault}" for fault in findings(archive, analyzer)]
                lines.append(f"{path.name} {what}: searched as before")
                if path.exists() and path.read_bytes() != whole:
                    path.write_bytes(whole)
    return lines, faults
