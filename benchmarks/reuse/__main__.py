"""python -m benchmarks.reuse [--copies N] [--rounds N] [--speeches N …] [--out TABLE.md]"""

from __future__ import annotations

import argparse
import os
import random
import time
from collections.abc import Sequence

from benchmarks.page import command_line, page, put
from benchmarks.reuse.measure import JUDGED, Row, reported, rows
from benchmarks.reuse.planted import Planted, dealt, invented, plant
from rag.evaluate.report import Table
from rag.evaluate.report_markdown import markdown_table

ABOUT = (
    "Copies of 20 to 400 characters, of which 0 to 15 % were replaced, dropped or joined by others (uniformly at random, one or two "
    "characters at a time), planted into speeches made of the project's own passages, no passage in two speeches. A copy is "
    "found when runs between the two speeches cover half of it on both sides; a run is right when half of it, on both "
    "sides, belongs to one planted copy. Lengths in characters, punctuation included; recall by the copy's length before "
    "editing, precision by the run's."
)


def main(arguments: Sequence[str] | None = None) -> int:
    options = parser().parse_args(arguments)
    lines = [ABOUT, ""]
    lines += [*quality(options.rounds, options.copies), "", "## Time by size of the archive", ""]
    lines += speed(options.speeches)
    put(page("Shared runs against planted copies", command_line("benchmarks.reuse", arguments), lines), options.out)
    return 0


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(prog="python -m benchmarks.reuse", description="Shared runs against planted copies.")
    top.add_argument("--rounds", type=int, default=5, metavar="N", help="archives to generate (default 5)")
    top.add_argument("--copies", type=int, default=400, metavar="N", help="copies in each (default 400)")
    top.add_argument("--speeches", type=int, nargs="*", default=[500, 1500, 5000], metavar="N", help="sizes to time")
    top.add_argument("--out", metavar="TABLE.md")
    return top


def quality(rounds: int, copies: int) -> list[str]:
    """Recall and precision by length, all rounds together, as a Markdown table."""
    measured = []
    for seed in range(rounds):
        chance = random.Random(seed)
        planted = plant(dealt(chance), copies, chance)
        measured.append(rows(planted.copies, reported(planted)))
    together = [
        Row(first.first, first.last, *(sum(getattr(row, name) for row in same) for name in ("copies", "found", "runs", "true")))
        for same in zip(*measured, strict=True)
        for first in same[:1]
    ]  # fmt: skip
    return markdown_table(_table(together))


def _table(measured: Sequence[Row]) -> Table:
    cells = tuple(
        (f"{r.first}+" if r.last >= 10_000 else f"{r.first}–{r.last}", f"{r.copies}", f"{r.recall:.3f}", f"{r.runs}", f"{r.precision:.3f}")
        for r in measured
    )  # fmt: skip
    return Table("", ("characters", "copies", "recall", "runs", "precision"), cells)


def speed(sizes: Sequence[int]) -> list[str]:
    """Seconds for all pairs of archives of several sizes, with one copy in ten speeches."""
    cells = []
    for size in sizes:
        chance = random.Random(size)
        planted = plant(invented(chance, size), size // 10, chance)
        started = time.perf_counter()
        runs = reported(planted)
        seconds = time.perf_counter() - started
        total = rows(planted.copies, runs)[-1]
        cells.append(_timed(planted, seconds, total))
    names = (
        "speeches",
        "characters",
        "seconds",
        "µs a character",
        "peak memory, GB",
        f"recall, {JUDGED}+",
        f"precision, {JUDGED}+",
    )
    about = f"One process on {os.cpu_count()} cores; speeches invented by a Markov chain over the same passages."
    return [about, "", *markdown_table(Table("", names, tuple(cells)))]


def _timed(planted: Planted, seconds: float, total: Row) -> tuple[str, ...]:
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    return (
        f"{len(planted.speeches):,}",
        f"{planted.characters:,}",
        f"{seconds:.1f}",
        f"{1e6 * seconds / planted.characters:.2f}",
        f"{peak:.2f}",
        f"{total.recall:.3f}",
        f"{total.precision:.3f}",
    )


if __name__ == "__main__":
    raise SystemExit(main())
