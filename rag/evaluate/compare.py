"""Whether one run is better than another, or the difference is the luck of these questions: a paired bootstrap."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

import numpy as np

from rag.errors import UsageError
from rag.evaluate.columns import ANSWERED, BALANCED, REFUSED, Column, Floats, columns
from rag.evaluate.questions import Question
from rag.evaluate.run import ALL
from rag.evaluate.runs import Run

RESAMPLES = 10_000
SEED = 20_240_601
LEVEL = 0.95


@dataclass(frozen=True)
class Difference:
    """One figure of two runs. ``difference`` is b − a, ``low`` to ``high`` its 95 % interval, ``p`` two-sided.

    ``n`` counts the questions about which the figure says something in either run.
    """

    n: int
    a: float
    b: float
    difference: float
    low: float
    high: float
    p: float

    @property
    def clear(self) -> bool:
        """Whether the interval excludes 0."""
        return self.low > 0 or self.high < 0


def compare(questions: Sequence[Question], a: Run, b: Run) -> dict[str, dict[str, Difference]]:
    """Differences by question type (``all`` first) and figure, for the figures that both runs have.

    Questions are drawn with replacement, the same for both runs. Efron & Tibshirani, «An Introduction to the
    Bootstrap», 1993; Sakai, «Evaluating evaluation metrics based on the bootstrap», SIGIR 2006.

    Raises:
        UsageError: one run has passages only and the other answers only.
    """
    left, right = columns(questions, a), columns(questions, b)
    shared = [name for name in left if name in right]
    if not shared:
        raise UsageError("两份结果不能比较：一份只有检索结果，另一份只有回答。请用同一个 --mode 运行 batch。")
    types = [ALL, *dict.fromkeys(q.type for q in questions)]
    out: dict[str, dict[str, Difference]] = {}
    for group in types:
        rows = np.array([group == ALL or q.type == group for q in questions])
        out[group] = _differences({name: (_only(left[name], rows), _only(right[name], rows)) for name in shared})
    return out


def _only(column: Column, rows: Floats) -> Column:
    return Column(column.values[rows])


def _differences(pairs: Mapping[str, tuple[Column, Column]]) -> dict[str, Difference]:
    n = len(next(iter(pairs.values()))[0].values)
    counts = np.random.default_rng(SEED).multinomial(n, np.full(n, 1 / n), size=RESAMPLES).astype(np.float64)
    sampled = {name: (a.means(counts), b.means(counts)) for name, (a, b) in pairs.items()}
    means = {name: (a.mean(), b.mean()) for name, (a, b) in pairs.items()}
    sizes = {name: int((~(np.isnan(a.values) & np.isnan(b.values))).sum()) for name, (a, b) in pairs.items()}
    if ANSWERED in pairs and REFUSED in pairs:
        halves = [[half[side] for half in (sampled[ANSWERED], sampled[REFUSED])] for side in (0, 1)]
        sampled[BALANCED] = ((halves[0][0] + halves[0][1]) / 2, (halves[1][0] + halves[1][1]) / 2)
        means[BALANCED] = tuple((means[ANSWERED][side] + means[REFUSED][side]) / 2 for side in (0, 1))  # type: ignore[assignment]
        sizes[BALANCED] = n
    return {
        name: _difference(sizes[name], *means[name], *sampled[name])
        for name in sampled
        if not math.isnan(sum(means[name]))
    }


def _difference(n: int, a: float, b: float, samples_a: Floats, samples_b: Floats) -> Difference:
    differences = samples_b - samples_a
    differences = differences[~np.isnan(differences)]
    low, high = np.quantile(differences, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    rarer = min(int((differences <= 0).sum()), int((differences >= 0).sum()))
    p = min(1.0, 2 * (rarer + 1) / (len(differences) + 1))
    return Difference(n, a, b, b - a, float(low), float(high), p)


def compare_json(found: Mapping[str, Mapping[str, Difference]]) -> dict[str, dict[str, dict[str, float]]]:
    """The object that `compare --json` prints, rounded to four places."""
    return {
        group: {name: {key: round(value, 4) for key, value in asdict(d).items()} for name, d in row.items()}
        for group, row in found.items()
    }


def compare_lines(found: Mapping[str, Mapping[str, Difference]]) -> list[str]:
    """A line a figure; * marks those whose interval excludes 0."""
    lines = []
    for group, row in found.items():
        for name, d in row.items():
            interval = f"[{_signed(d.low, name)}, {_signed(d.high, name)}]"
            values = f"{_plain(d.a, name):>7} → {_plain(d.b, name):>7}  {_signed(d.difference, name):>8}  {interval:20}"
            lines.append(f"{group:14}{name:14}n {d.n:<4}{values}  p {d.p:.4f}{' *' if d.clear else ''}")
    return lines


def _plain(value: float, name: str) -> str:
    return f"{value:.0f}" if name == "chars" else f"{value:.4f}"


def _signed(value: float, name: str) -> str:
    return f"{value:+.0f}" if name == "chars" else f"{value:+.4f}"
