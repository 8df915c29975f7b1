"""Worker processes that read files within limits, so that no file can hang, exhaust or crash the program.

Each worker is an interpreter of its own, started as a program rather than by `multiprocessing`, which would run the
caller's main module (with Streamlit, the page) once more in every worker.
"""

from __future__ import annotations

import os
import queue
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, BinaryIO, Protocol, TypeVar

import msgspec

from rag.config import ROOT
from rag.encoder.base import Encoder
from rag.encoder.static import StaticEncoder
from rag.errors import EncoderError, ReadError, UsageError
from rag.pipeline.limits import FileLimits, died, took_too_long
from rag.pipeline.prepare import Prepared, encoded, prepare
from rag.pipeline.wire import Ready, Reply, Setup, Task, receive, send
from rag.text.words import Analyzer

Message = TypeVar("Message")
Waiting = Callable[[], Prepared]
MOST = 4  # workers by default; each takes about 250 MB
EACH = 400_000  # bytes that are worth a worker
GRACE = 10.0  # seconds after which a worker that has not ended itself is ended
START = 120.0  # seconds that a worker may take to start, on a slow disk too


def worker_count(paths: Iterable[Path]) -> int:
    """How many workers suit the files below ``paths``: one for little, as starting a worker takes a second of its own."""
    size = sum(one.stat().st_size for path in paths for one in _files(path) if one.is_file())
    return max(1, min(MOST, os.cpu_count() or 1, size // EACH))


def _files(path: Path) -> Iterable[Path]:
    return path.rglob("*") if path.is_dir() else (path,)


class Preparer(Protocol):
    """Turns the bytes of files into what the archive stores. ``submit`` begins; what it returns waits for the end."""

    @property
    def ahead(self) -> int:
        """How many files are worth submitting before the first is waited for."""
        ...

    def submit(self, data: bytes, name: str) -> Waiting:
        """Raises, when called: ReadError for a file that cannot be read or goes beyond a limit."""
        ...

    def close(self) -> None: ...


class InProcess:
    """Reads in this very process, without limits: for tests, and for files known to be harmless."""

    ahead = 0

    def __init__(self, encoder: Encoder, analyzer: Analyzer) -> None:
        self._encoder, self._analyzer = encoder, analyzer

    def submit(self, data: bytes, name: str) -> Waiting:
        return lambda: prepare(data, name, self._encoder, self._analyzer)

    def close(self) -> None:
        """Nothing to end."""


class WorkerPool:
    """Up to ``workers`` processes, started as they are needed and ended with the pool.

    A static encoder is loaded by every worker; any other one stays here, where it is loaded already.
    """

    def __init__(self, encoder: Encoder, analyzer: Analyzer, workers: int, limits: FileLimits | None = None) -> None:
        self._encoder, self._analyzer = encoder, analyzer
        self._limits = limits or FileLimits()
        folder = encoder.folder if isinstance(encoder, StaticEncoder) else None
        self._fingerprint = encoder.fingerprint if folder else None
        model = str(folder.resolve()) if folder else None
        self._setup = Setup(model, list(analyzer.vocabulary), self._limits.seconds, self._limits.memory)
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="yanju-worker")
        self._idle: queue.SimpleQueue[_Worker] = queue.SimpleQueue()
        self._started: set[_Worker] = set()
        self._end = weakref.finalize(self, _end_all, self._started)
        self.ahead = 2 * workers

    def submit(self, data: bytes, name: str) -> Waiting:
        future = self._threads.submit(self._prepare, data, name)
        return lambda: self._complete(future.result())

    def close(self) -> None:
        """Ends the workers, whatever they are at."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        self._end()

    def _prepare(self, data: bytes, name: str) -> Prepared:
        try:
            worker = self._idle.get_nowait()
        except queue.Empty:
            worker = _Worker(self._setup, self._fingerprint)
            self._started.add(worker)
        try:
            return worker.prepare(Task(name, data), self._limits)
        finally:
            if worker.alive:
                self._idle.put(worker)
            else:
                self._started.discard(worker)

    def _complete(self, prepared: Prepared) -> Prepared:
        if self._setup.model:
            return prepared
        return encoded(prepared.document, self._encoder, self._analyzer)


class _Worker:
    """One process, one file at a time."""

    def __init__(self, setup: Setup, fingerprint: str | None) -> None:
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "rag.pipeline.worker"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env=_environment(),
                **_apart(),
            )
        except OSError as error:
            raise UsageError(f"{_NOT_STARTED}（{error.strerror}）。{_WAY_OUT}") from error
        ready = self._exchange(setup, Ready, START)
        if ready is None:
            status = self._process.wait()
            raise UsageError(f"{_NOT_STARTED}（状态 {status}）。{_WAY_OUT}")
        if ready.fingerprint != fingerprint:
            self.end()
            raise EncoderError(f"模型文件夹在运行中变了（{fingerprint} ≠ {ready.fingerprint}）。请重新运行。")

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def prepare(self, task: Task, limits: FileLimits) -> Prepared:
        """Raises ReadError for what the worker says of the file, or for what the file did to the worker."""
        started = time.monotonic()
        reply = self._exchange(task, Reply, limits.seconds + GRACE)
        if reply is None:
            status = self._process.wait()
            raise took_too_long(limits) if time.monotonic() - started >= limits.seconds else died(status)
        if reply.prepared is None:
            raise ReadError(reply.reason, reply.message)
        return reply.prepared

    def end(self) -> None:
        self._process.kill()
        self._process.wait()

    def _exchange(self, message: object, kind: type[Message], seconds: float) -> Message | None:
        """Sends and waits for the answer; None when the process has ended, as it does after ``seconds`` at the latest."""
        clock = threading.Timer(seconds, self._process.kill)
        clock.daemon = True
        clock.start()
        try:
            send(_stream(self._process.stdin), message)
            answer = receive(_stream(self._process.stdout), kind)
        except (OSError, ValueError):  # a broken pipe, or a stream closed by the process's end
            answer = None
        except msgspec.MsgspecError:
            answer = None
        finally:
            clock.cancel()
        if answer is None:
            self.end()
        return answer


_NOT_STARTED = "读取文件的进程启动不了"
_WAY_OUT = "请检查安全软件是否拦截，或加上 --workers 0 在本进程里读取（没有时间和内存限制）。"


def _stream(pipe: Any) -> BinaryIO:
    if pipe is None:
        raise ValueError("the process was started without pipes")
    stream: BinaryIO = pipe
    return stream


def _environment() -> dict[str, str]:
    """Ours without our own secrets, with the package on the path, and with one thread a worker."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("YANJU_")}
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "RAYON_NUM_THREADS"), "1")
    return {**kept, **threads, "PYTHONPATH": path, "PYTHONUTF8": "1", "TOKENIZERS_PARALLELISM": "false"}


def _apart() -> dict[str, Any]:
    """A group of its own, so that Ctrl-C in the terminal reaches the writer alone."""
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW}
    return {"start_new_session": True}


def _end_all(workers: set[_Worker]) -> None:
    for worker in list(workers):
        worker.end()
    workers.clear()
