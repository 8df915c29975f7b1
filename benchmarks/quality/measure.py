"""Building a system, asking it every question, and what came of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import fmean

import numpy as np

from benchmarks.quality.corpus import Corpus, PeerMissing, System
from rag.evaluate.questions import Question
from rag.evaluate.runs import Run


@dataclass(frozen=True)
class Measured:
    """One system on one corpus. ``build`` is in seconds, ``p50`` and ``p95`` in milliseconds a query.

    ``length`` is the mean number of characters of the first ten passages: whether sizes were matched.
    """

    system: System
    run: Run
    build: float
    p50: float
    p95: float
    length: float


@dataclass(frozen=True)
class Missing:
    """A system that could not be measured, and why."""

    system: System
    reason: str


def measure(system: System, corpus: Corpus, questions: Sequence[Question]) -> Measured | Missing:
    """Asks every question twice; the first time is for what it finds, the second, when all is warm, for the time."""
    started = time.perf_counter()
    try:
        search = system.build(corpus)
    except PeerMissing as error:
        return Missing(system, str(error))
    built = time.perf_counter() - started
    passages = {question.id: search(question.query) for question in questions}
    times = [timed(lambda q=question: search(q.query)) for question in questions]  # type: ignore[misc]
    lengths = [len(passage.text) for found in passages.values() for passage in found[:10]]
    p50, p95 = np.percentile(times, [50, 95])
    return Measured(system, Run(passages), built, float(p50), float(p95), fmean(lengths) if lengths else 0.0)


def timed(work: Callable[[], object]) -> float:
    """Milliseconds that a call takes."""
    started = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - started)
