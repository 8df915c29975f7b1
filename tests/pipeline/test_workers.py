"""Worker processes: the same rows as in one process, and no file that can hang, exhaust or crash the program."""

from __future__ import annotations

import os
import signal
import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from fakes import FakeEncoder, filler, speech, write

from rag.archive.connect import FILE
from rag.archive.writer import Writer
from rag.encoder.load import load_encoder
from rag.errors import EncoderError, ReadError, UsageError
from rag.pipeline import workers as module
from rag.pipeline.limits import FileLimits
from rag.pipeline.prepare import encoded, prepare
from rag.pipeline.report import FileReport
from rag.pipeline.run import Ingester
from rag.pipeline.workers import WorkerPool, worker_count
from rag.text.words import Analyzer

ONE = speech("信息工作讲话", filler("信息"))
LONG = speech("信息工作讲话", *[filler("信息", 12) for _ in range(3000)])


@pytest.fixture(scope="module")
def pool(analyzer: Analyzer) -> Iterator[WorkerPool]:
    with_limits = WorkerPool(load_encoder(), analyzer, 2, FileLimits(seconds=60))
    yield with_limits
    with_limits.close()


def ingested(
    folder: Path, paths: list[Path], analyzer: Analyzer, workers: int
) -> tuple[list[FileReport], dict[str, list[object]]]:
    with Ingester(Writer(folder), load_encoder(), analyzer, workers=workers) as one:
        reports = one.ingest_paths(paths).files
        one.writer.close()
    db = sqlite3.connect(folder / FILE)
    tables = ("speeches", "passages", "words", "pairs", "removals")
    rows = {
        table: db.execute(
            f"SELECT rowid, * FROM {table} ORDER BY 1"
            if table != "removals"
            else "SELECT * FROM removals ORDER BY 1, 2"
        ).fetchall()
        for table in tables
    }
    rows["sources"] = db.execute("SELECT id, key, path, name, sha256, text, notes, settings FROM sources").fetchall()
    db.close()
    return reports, rows


def test_workers_give_the_rows_and_reports_of_one_process(tmp_path: Path, analyzer: Analyzer) -> None:
    inputs = tmp_path / "in"
    for n in range(7):
        write(inputs / f"{n}.txt", speech(f"第{n}次讲话", filler("信息", 8 + n), filler("安全", 30)))
    write(inputs / "4b.txt", " ")
    (inputs / "5b.pdf").write_bytes(b"%PDF-1.7 broken")
    paths = [inputs, inputs / "0.txt", tmp_path / "missing.txt"]
    alone = ingested(tmp_path / "alone", paths, analyzer, workers=0)
    together = ingested(tmp_path / "together", paths, analyzer, workers=2)
    assert together == alone
    assert [one.status for one in alone[0]].count("added") == 7
    assert alone[0][-2].status == "unchanged"


def test_a_reply_is_what_this_process_would_have_made(pool: WorkerPool, analyzer: Analyzer) -> None:
    ours = prepare(ONE.encode(), "a.txt", load_encoder(), analyzer)
    theirs = pool.submit(ONE.encode(), "a.txt")()
    assert theirs.document == ours.document
    for one, other in zip(theirs.encoded, ours.encoded, strict=True):
        assert np.array_equal(one.vectors, other.vectors)
        assert all(np.array_equal(a, b) for a, b in zip(one.sentence_vectors, other.sentence_vectors, strict=True))
        assert list(one.tokens) == list(other.tokens)


def test_an_encoder_that_is_no_folder_stays_in_this_process(analyzer: Analyzer) -> None:
    encoder = FakeEncoder()
    pool = WorkerPool(encoder, analyzer, 1)
    theirs = pool.submit(ONE.encode(), "a.txt")()
    pool.close()
    assert encoder.texts > 0
    ours = encoded(theirs.document, FakeEncoder(), analyzer)
    assert np.array_equal(theirs.encoded[0].vectors, ours.encoded[0].vectors)


def test_a_readers_refusal_comes_through(pool: WorkerPool) -> None:
    with pytest.raises(ReadError, match="空的") as refused:
        pool.submit(b" ", "a.txt")()
    assert refused.value.reason == "empty"


def test_a_file_that_takes_too_long_costs_itself_only(analyzer: Analyzer) -> None:
    pool = WorkerPool(load_encoder(), analyzer, 1, FileLimits(seconds=3))
    try:
        with pytest.raises(ReadError, match="超过 3 秒") as refused:
            pool.submit(LONG.encode() * 8, "a.txt")()
        assert refused.value.reason == "timeout"
        assert pool.submit("同志们：信息要快。".encode(), "b.txt")().document.speeches
    finally:
        pool.close()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="memory is bounded on Linux only")
def test_a_file_that_takes_too_much_memory_costs_itself_only(analyzer: Analyzer) -> None:
    pool = WorkerPool(load_encoder(), analyzer, 1, FileLimits(memory=60_000_000))
    try:
        with pytest.raises(ReadError) as refused:
            pool.submit(LONG.encode() * 12, "a.txt")()
        assert refused.value.reason in ("memory", "crashed")
        assert pool.submit("同志们：信息要快。".encode(), "b.txt")().document.speeches
    finally:
        pool.close()


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs SIGKILL")
def test_a_worker_that_dies_costs_one_file(analyzer: Analyzer) -> None:
    pool = WorkerPool(load_encoder(), analyzer, 1)
    try:
        pool.submit(ONE.encode(), "a.txt")()
        (worker,) = pool._started
        waiting = pool.submit(LONG.encode() * 4, "b.txt")
        os.kill(worker._process.pid, signal.SIGKILL)
        with pytest.raises(ReadError, match="意外退出") as refused:
            waiting()
        assert refused.value.reason == "crashed"
        assert pool.submit(ONE.encode(), "c.txt")().document.speeches
    finally:
        pool.close()


def test_no_worker_outlives_its_pool(analyzer: Analyzer) -> None:
    pool = WorkerPool(load_encoder(), analyzer, 1)
    pool.submit(ONE.encode(), "a.txt")()
    (worker,) = pool._started
    pool.close()
    assert not worker.alive


def test_workers_that_cannot_start_say_so(analyzer: Analyzer, monkeypatch: pytest.MonkeyPatch) -> None:
    pool = WorkerPool(load_encoder(), analyzer, 1)
    monkeypatch.setattr(sys, "executable", "no-such-python")
    with pytest.raises(UsageError, match="--workers 0"):
        pool.submit(ONE.encode(), "a.txt")()
    pool.close()


def test_a_model_that_changed_meanwhile_is_noticed(analyzer: Analyzer) -> None:
    encoder = load_encoder()
    encoder.fingerprint = "static-of-yesterday"  # type: ignore[misc]
    pool = WorkerPool(encoder, analyzer, 1)
    with pytest.raises(EncoderError, match="of-yesterday"):
        pool.submit(ONE.encode(), "a.txt")()
    pool.close()


def test_our_secrets_are_not_handed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YANJU_LLM_API_KEY", "secret")
    assert "secret" not in module._environment().values()


def test_little_work_gets_one_worker(tmp_path: Path) -> None:
    assert worker_count([write(tmp_path / "a.txt", ONE), tmp_path / "missing.txt"]) == 1
    write(tmp_path / "in" / "a.txt", "好" * 200_000)
    assert worker_count([tmp_path / "in"]) == 1
    write(tmp_path / "in" / "b.txt", "好" * 4_000_000)
    assert worker_count([tmp_path / "in"]) == min(4, os.cpu_count() or 1)
