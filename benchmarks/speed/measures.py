"""The measurements. Each gives seconds (or characters a second) of ours and of a peer."""

from __future__ import annotations

import logging
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.quality.corpus import Corpus
from benchmarks.quality.keyword import bm25_jieba
from rag.archive.writer import Writer
from rag.config import ROOT
from rag.encoder.base import Encoder
from rag.evaluate.questions import Question
from rag.pipeline.run import Ingester
from rag.session import Session, shared_analyzer


@dataclass(frozen=True)
class Pair:
    """One measurement of this program and of its peer. ``rate`` is for figures of which more is better."""

    what: str
    unit: str
    ours: float
    peer_name: str
    peer: float
    rate: bool = False

    @property
    def ratio(self) -> float:
        """How many times the peer's time ours takes; for rates, how many times the peer's rate ours reaches."""
        return self.ours / self.peer if self.peer else float("inf")


def seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


@contextmanager
def ingested(folder: Path, encoder: Encoder) -> Iterator[Path]:
    """A temporary archive of a folder's files."""
    with tempfile.TemporaryDirectory(prefix="yanju-bench-", ignore_cleanup_errors=True) as name:
        Ingester(Writer(Path(name)), encoder, shared_analyzer()).ingest_paths([folder])
        yield Path(name)


def cold(archive: Path, sources: Path, questions: Sequence[Question], repeat: int) -> list[Pair]:
    """Whole processes, from the command to its end, each with another question."""
    chosen = [questions[n % len(questions)].query for n in range(repeat)]
    peer = [sys.executable, "-m", "benchmarks.speed.cold_peer", str(sources.resolve())]
    ours = [sys.executable, "-m", "rag", "ask", "--archive", str(archive), "--"]
    times = [[_process([*command, query]) for query in chosen] for command in (ours, peer)]
    name = "bm25s over jieba: read, index, query"
    return [Pair("cold ask, whole process, median", "s", *_between(np.median(times[0]), name, np.median(times[1])))]


def _between(ours: float, name: str, peer: float) -> tuple[float, str, float]:
    return float(ours), name, float(peer)


def _process(command: Sequence[str]) -> float:
    return seconds(lambda: subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL))


def warm(archive: Path, corpus: Corpus, questions: Sequence[Question], repeat: int) -> list[Pair]:
    """Search and ask in one process once everything has been asked before, beside a query of bm25s over jieba words."""
    session = Session.open(archive, corpus.encoder)
    peer = bm25_jieba(corpus)
    calls: dict[str, Callable[[str], object]] = {
        "search": lambda query: session.retriever.search(query, 10),
        "ask": session.answerer.ask,
    }
    alone = _percentiles(peer, questions, repeat)
    out = []
    for name, call in calls.items():
        own = _percentiles(call, questions, repeat)
        for n, percentile in enumerate(("p50", "p95")):
            out.append(Pair(f"warm {name}, {percentile}", "ms", own[n], "bm25s over jieba, query", alone[n]))
    return out


def _percentiles(call: Callable[[str], object], questions: Sequence[Question], repeat: int) -> list[float]:
    """Median and 95th percentile in milliseconds; the first round is not counted."""
    rounds = [[1000 * seconds(lambda q=q: call(q.query)) for q in questions] for _ in range(repeat + 1)]  # type: ignore[misc]
    return [float(value) for value in np.percentile([ms for one in rounds[1:] for ms in one], [50, 95])]


def ingestion(corpus: Corpus, copies: int) -> list[Pair]:
    """Characters a second of ingesting every text ``copies`` times, each copy with one line of its own.

    The peers do a part of the work each: jieba cuts the same texts into words, bm25s also indexes them.
    """
    with tempfile.TemporaryDirectory(prefix="yanju-bench-", ignore_cleanup_errors=True) as name:
        folder, archive = Path(name) / "copies", Path(name) / "archive"
        texts = write_copies(corpus, folder, copies)
        characters = sum(map(len, texts))
        ours = seconds(lambda: Ingester(Writer(archive), corpus.encoder, shared_analyzer()).ingest_paths([folder]))
        copied = Corpus.read(folder, corpus.encoder)
        words = seconds(lambda: _cut(texts))
        index = seconds(lambda: bm25_jieba(copied))
    what = f"ingestion, {copies} × {len(corpus.texts)} texts, {characters:,} characters"
    return [
        Pair(what, "characters/s", characters / ours, "jieba alone", characters / words, rate=True),
        Pair(what, "characters/s", characters / ours, "bm25s over jieba, index", characters / index, rate=True),
    ]


def write_copies(corpus: Corpus, folder: Path, copies: int) -> list[str]:
    """The texts as files; copy n has the number n in a line of its own in the middle, so that no two are the same."""
    folder.mkdir(parents=True)
    texts = []
    for file, text in corpus.texts.items():
        lines = text.replace("\f", "\n").splitlines()
        for n in range(copies):
            middle = len(lines) // 2
            changed = "\n".join([*lines[:middle], f"这是第{n + 1}份，与其他各份只差这一行。", *lines[middle:]])
            (folder / f"{Path(file).stem}-{n}.txt").write_text(changed, encoding="utf-8")
            texts.append(changed)
    return texts


def _cut(texts: Sequence[str]) -> None:
    import jieba

    jieba.setLogLevel(logging.WARNING)
    for text in texts:
        jieba.lcut(text)
