"""Recall and precision of shared runs against planted copies, by length."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.reuse.planted import Copy, Planted
from rag.types import Span
from rag.write.runs import runs_within
from rag.write.stream import stream_of

FROM = (20, 30, 40, 60, 100, 200, 300)
HALF = 0.5
JUDGED = 60


@dataclass(frozen=True)
class Reported:
    """A run as spans of the two speeches' texts."""

    a: int
    at_a: Span
    b: int
    at_b: Span

    @property
    def length(self) -> int:
        return max(self.at_a.end - self.at_a.start, self.at_b.end - self.at_b.start)


@dataclass(frozen=True)
class Row:
    """Copies and runs whose length begins in one class: ``first`` to ``last`` characters."""

    first: int
    last: int
    copies: int
    found: int
    runs: int
    true: int

    @property
    def recall(self) -> float:
        return self.found / self.copies if self.copies else float("nan")

    @property
    def precision(self) -> float:
        return self.true / self.runs if self.runs else float("nan")


def reported(planted: Planted) -> list[Reported]:
    """All runs that the program finds in the speeches."""
    streams = [stream_of(text) for text in planted.speeches]
    return [
        Reported(a, streams[a].span(run.start_a, run.end_a), b, streams[b].span(run.start_b, run.end_b))
        for a, b, runs in runs_within(streams)
        for run in runs
    ]


def rows(copies: Sequence[Copy], runs: Sequence[Reported], edges: Sequence[int] = FROM) -> list[Row]:
    """One row a class of length, then one for everything from `JUDGED` characters up."""
    good = {id(copy) for copy in copies if is_found(copy, runs)}
    true = {id(run) for run in runs if is_true(run, copies)}
    classes = [*zip(edges, [*(edge - 1 for edge in edges[1:]), 10_000], strict=True), (JUDGED, 10_000)]
    out = []
    for first, last in classes:
        own = [copy for copy in copies if first <= copy.length <= last]
        said = [run for run in runs if first <= run.length <= last]
        found, right = sum(id(copy) in good for copy in own), sum(id(run) in true for run in said)
        out.append(Row(first, last, len(own), found, len(said), right))
    return out


def is_found(copy: Copy, runs: Sequence[Reported]) -> bool:
    """Whether runs between the two speeches cover at least half of the copy on both sides."""
    own = [run for run in runs if (run.a, run.b) == (copy.source, copy.target) and _meet(run, copy)]
    source = sum(_common(run.at_a, copy.at_source) for run in own)
    target = sum(_common(run.at_b, copy.at_target) for run in own)
    return source >= HALF * copy.length and target >= HALF * (copy.at_target.end - copy.at_target.start)


def is_true(run: Reported, copies: Sequence[Copy]) -> bool:
    """Whether at least half of the run, on both sides, belongs to one planted copy."""
    return any(
        (run.a, run.b) == (copy.source, copy.target)
        and _common(run.at_a, copy.at_source) >= HALF * (run.at_a.end - run.at_a.start)
        and _common(run.at_b, copy.at_target) >= HALF * (run.at_b.end - run.at_b.start)
        for copy in copies
    )


def _meet(run: Reported, copy: Copy) -> bool:
    return _common(run.at_a, copy.at_source) > 0 and _common(run.at_b, copy.at_target) > 0


def _common(one: Span, other: Span) -> int:
    return max(0, min(one.end, other.end) - max(one.start, other.start))
