"""Tables and plots of the figures."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rag.evaluate.report import Table
from rag.evaluate.report_markdown import markdown_table

MB = 1e6


def write_report(folder: Path, results: Mapping[str, Any]) -> None:
    """``results.json``, ``RESULTS.md`` and, where matplotlib is installed, ``*.svg``."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "results.json").write_text(json.dumps(results, ensure_ascii=False, indent=1), encoding="utf-8")
    rows = results["archives"]
    lines = [
        "# Archives by size",
        "",
        "Made by:",
        "",
        "```",
        results["command"],
        "```",
        "",
        f"{results['machine']}.",
        "",
    ]
    for table in (_speed(rows), _words(rows), _space(rows), _changes(rows)):
        lines += [f"## {table.title}", "", *markdown_table(table), ""]
    plots = _plots(folder, rows)
    lines += [f"![{title}]({name})" for name, title in plots]
    (folder / "RESULTS.md").write_text("\n".join(lines).rstrip() + "\n", encoding="utf-8")


def _speed(rows: Sequence[Mapping[str, Any]]) -> Table:
    head = ("passages", "vector index", "search p50 ms", "p95 ms", "CPU p50 ms", "CPU p95 ms", "with filters p50 ms", "p95 ms",
            "recall@10", "hits as with exact search")  # fmt: skip
    body = []
    for row in rows:
        f = row["figures"]
        search, filtered, plan = f["search"], f["filtered"], f["plan"]
        shown = plan["kind"] if not plan["lists"] else f"{plan['kind']}, {plan['probes']} of {plan['lists']} lists"
        times = [search["p50"], search["p95"], search["cpu_p50"], search["cpu_p95"], filtered["p50"], filtered["p95"]]
        figures = [f"{value:.1f}" for value in times] + [f"{f['recall']:.3f}", f"{f['hits_kept']:.3f}"]
        body.append((f"{f['passages']:,}", shown, *figures))
    return Table("Search, in process", head, tuple(body))


def _words(rows: Sequence[Mapping[str, Any]]) -> Table:
    head = ("passages", "FTS5 p50 ms", "p95 ms", "CPU p95 ms", "inverted lists p50 ms", "p95 ms", "CPU p95 ms")
    body = []
    for row in rows:
        times = [row["figures"][way][name] for way in ("fts5", "inverted") for name in ("p50", "p95", "cpu_p95")]
        body.append((f"{row['figures']['passages']:,}", *(f"{value:.1f}" for value in times)))
    return Table("BM25 alone", head, tuple(body))


def _space(rows: Sequence[Mapping[str, Any]]) -> Table:
    head = ("passages", "speeches", "archive.sqlite MB", "vector index MB", "word index MB", "resident MB",
            "resident while the indexes are made MB")  # fmt: skip
    body = []
    for row in rows:
        f, files = row["figures"], row["figures"]["files"]
        sizes = [files.get(name, 0) / MB for name in ("archive.sqlite", "passages", "words")]
        shown = [f"{value:,.0f}" for value in (*sizes, f["resident_mb"], f["building_mb"])]
        body.append((f"{f['passages']:,}", f"{f['speeches']:,}", *shown))
    return Table("Space", head, tuple(body))


def _changes(rows: Sequence[Mapping[str, Any]]) -> Table:
    head = ("passages", "ingestion characters/s", "characters a CPU second", "workers", "first search, indexes made s", "opened s", "cold search, whole process s",
            "a file added until found s", "the same, cold search included s")  # fmt: skip
    body = []
    for row in rows:
        f, filled = row["figures"], row["filled"]
        rates = [f"{filled['characters'] / filled[name]:,.0f}" for name in ("seconds", "cpu_seconds")]
        rates = ["—", "—"] if filled["straight"] else rates
        times = (f["building_s"], f["opening_s"], f["cold_s"], f["adding_s"], f["adding_cold_s"])
        workers = "—" if filled["straight"] else str(filled["workers"])
        body.append((f"{f['passages']:,}", *rates, workers, *(f"{value:.2f}" for value in times)))
    return Table("Filling, opening, adding", head, tuple(body))


def _plots(folder: Path, rows: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:
    try:
        from matplotlib.figure import Figure
    except ImportError:
        return []
    sizes = [row["figures"]["passages"] for row in rows]
    drawn = []
    for name, title, unit, series in (
        ("search", "Search time by archive size", "ms", {
            "p50": [row["figures"]["search"]["p50"] for row in rows],
            "p95": [row["figures"]["search"]["p95"] for row in rows],
            "CPU p95": [row["figures"]["search"]["cpu_p95"] for row in rows],
        }),
        ("space", "Space by archive size", "MB", {
            "archive.sqlite": [row["figures"]["files"]["archive.sqlite"] / MB for row in rows],
            "resident": [row["figures"]["resident_mb"] for row in rows],
        }),
    ):  # fmt: skip
        figure = Figure(figsize=(6, 3.5), layout="constrained")
        axes = figure.subplots()
        for label, values in series.items():
            axes.plot(sizes, values, marker="o", label=label)
        axes.set(xscale="log", yscale="log", xlabel="passages", ylabel=unit, title=title)
        axes.grid(True, which="both", alpha=0.3)
        axes.legend()
        figure.savefig(folder / f"{name}.svg", metadata={"Date": None})
        drawn.append((f"{name}.svg", title))
    return drawn
