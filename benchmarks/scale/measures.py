"""python -m benchmarks.scale.measures ARCHIVE QUESTIONS: the figures of one archive as JSON.

A process of its own, so that its memory is the archive's. CPU time stands beside wall time because a machine that is
doing other things as well disturbs it less.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from benchmarks.scale.questions import FILTERS, questions
from rag.config import ROOT
from rag.pipeline.run import Ingester
from rag.search.ann import exact, recall_of
from rag.search.embedded import EmbeddedStore
from rag.search.lexical import bm25
from rag.search.retriever import DENSE_CANDIDATES, LEXICAL_CANDIDATES
from rag.search.words_index import WordsIndex
from rag.session import Session, chosen_encoder, shared_analyzer
from rag.types import Filters

K = 10
ADDED = "扶摇直上九万里的第{n}号督查专报已经送到案头。"


@dataclass(frozen=True)
class Times:
    """Milliseconds: median and 95th percentile of wall time, and of CPU time."""

    p50: float
    p95: float
    cpu_p50: float
    cpu_p95: float


@dataclass(frozen=True)
class Figures:
    """Everything measured on one archive. Bytes by file, seconds, memory in MB."""

    passages: int
    speeches: int
    files: dict[str, int]
    plan: dict[str, float | str]
    building_s: float
    building_mb: float
    opening_s: float
    cold_s: float
    search: Times
    filtered: Times
    fts5: Times
    inverted: Times
    recall: float
    hits_kept: float
    adding_s: float
    adding_cold_s: float
    resident_mb: float


def measured(folder: Path, count: int) -> Figures:
    asked = questions(count + 20)
    building = cold(folder, asked[0])  # makes and stores the indexes
    building_mb = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    opened: list[Session] = []
    opening = seconds(lambda: (opened.append(Session.open(folder)), opened[0].retriever.search(asked[0])))
    session = opened[0]
    session.retriever.prepare()
    for question in asked[count:]:
        session.retriever.search(question)
    search = times(session.retriever.search, [(question, K) for question in asked[:count]])
    limited = [(q, K, FILTERS[n % len(FILTERS)]) for n, q in enumerate(asked[:count])]
    filtered = times(session.retriever.search, limited)
    store = session.retriever.store
    assert isinstance(store, EmbeddedStore)
    plan = store.index.base.plan.as_json()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    lexical = words_alone(session, asked[: count // 4])
    recall, kept = faithfulness(session, asked[:count])
    return Figures(
        session.archive.count("passages"),
        session.archive.count("speeches"),
        sizes(folder),
        plan,
        building,
        building_mb,
        opening,
        cold(folder, asked[1]),
        search,
        filtered,
        *lexical,
        recall,
        kept,
        *adding(folder, session),
        memory,
    )


def sizes(folder: Path) -> dict[str, int]:
    """Bytes by kind of file: archive.sqlite (with its log), passages, words."""
    out: dict[str, int] = {}
    for path in folder.iterdir():
        name = path.name.partition("-")[0]
        out[name] = out.get(name, 0) + path.stat().st_size
    return out


def seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def times(work: Callable[..., object], calls: Iterable[tuple[object, ...]]) -> Times:
    wall, cpu = [], []
    for arguments in calls:
        started, used = time.perf_counter(), time.process_time()
        work(*arguments)
        wall.append(1000 * (time.perf_counter() - started))
        cpu.append(1000 * (time.process_time() - used))
    return Times(*(float(value) for values in (wall, cpu) for value in np.percentile(values, [50, 95])))


def words_alone(session: Session, asked: Sequence[str]) -> tuple[Times, Times]:
    """BM25 of the questions' words by FTS5, and by inverted lists (which small archives do not use)."""
    archive = session.archive
    segments = WordsIndex.open(archive).segments
    calls = [(session.retriever.analyzer.query_words(question), LEXICAL_CANDIDATES) for question in asked]
    return times(lambda words, limit: bm25(archive, "words", words, limit), calls), times(segments.bm25, calls)


def cold(folder: Path, question: str) -> float:
    """A whole process, from the command to its end."""
    command = [sys.executable, "-m", "rag", "search", "--archive", str(folder), "--", question]
    return seconds(lambda: subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL))


def faithfulness(session: Session, asked: Sequence[str]) -> tuple[float, float]:
    """(recall@10 of the vector index, overlap@10 of the hits) against exact search over all vectors."""
    ids, vectors = session.archive.passage_vectors()
    queries = session.retriever.encoder.encode_queries(list(asked))
    truth = exact(queries, ids, vectors, K)
    index = session.retriever.store.index  # type: ignore[attr-defined]
    found = [list(index.search(query, K)) for query in queries]
    recall = recall_of(np.array(found), truth)
    if index.base.plan.kind == "flat":
        return recall, 1.0
    exhaustive = exact(queries, ids, vectors, DENSE_CANDIDATES)
    return recall, hits_kept(session, asked, dict(zip(asked, exhaustive.tolist(), strict=True)))


def hits_kept(session: Session, asked: Sequence[str], nearest: dict[str, list[int]]) -> float:
    """Share of the ten hits that stay when the nearest passages come from exact search."""
    store, shares = session.retriever.store, []
    usual = store.dense
    for question in asked:
        ours = {hit.passage_id for hit in session.retriever.search(question, K).hits}
        exhaustive = dict.fromkeys(nearest[question], 1.0)
        store.dense = lambda vector, limit, filters, found=exhaustive: lambda: found  # type: ignore[method-assign,misc]
        flat = {hit.passage_id for hit in session.retriever.search(question, K).hits}
        store.dense = usual  # type: ignore[method-assign]
        shares.append(len(ours & flat) / max(1, len(flat)))
    return float(np.mean(shares))


def adding(folder: Path, session: Session) -> tuple[float, float]:
    """Seconds from handing over a file until it is found: in a running process, and with a new process for the search."""
    text = "在云河县督查工作会议上的讲话\n（2024年5月6日）\n同志们：\n" + "".join(ADDED.format(n=n) for n in range(40))
    question = ADDED.format(n=3)
    with Ingester.open(folder, chosen_encoder(), shared_analyzer()) as ingester:
        name = f"新增{time.time_ns()}.txt"

        def found() -> None:
            ingester.ingest_upload(name, text.encode())
            hits = session.retriever.search(question, K, Filters()).hits
            if not any(hit.place.file == name for hit in hits):
                raise RuntimeError("the added file is not found")

        running = seconds(found)
        known = ingester.writer.db.execute("SELECT id FROM sources WHERE name = ?", (name,)).fetchone()
        fresh = cold(folder, question)
        ingester.writer.remove_source(known[0])
    return running, fresh


if __name__ == "__main__":
    print(json.dumps(asdict(measured(Path(sys.argv[1]), int(sys.argv[2]))), ensure_ascii=False))
