"""One command from the corpora to an exported encoder with figures."""

import dataclasses
import json
import logging
import time
from pathlib import Path
from typing import Any

from training.ablate import Places, QuestionSet
from training.config import Recipe
from training.evaluate import evaluate, figures_json, model_encoder
from training.export import export, fingerprint, write_card
from training.prepare import OWN, prepare
from training.train import train

log = logging.getLogger(__name__)


def build(
    recipe: Recipe, places: Places, out: Path, asked: QuestionSet | None = None, threads: int = 1,
    processes: int = 1,
) -> dict[str, Any]:
    """Run the recipe, export to ``out``, measure the exported folder; the report is also written there."""
    started = time.monotonic()
    prepared = prepare(recipe, places.corpora, places.data, places.work)
    trained = train(recipe, prepared, places.work, threads, processes)
    folder = export(trained, out)
    report: dict[str, Any] = {
        "fingerprint": fingerprint(folder), "rows": len(trained.rows), "dimension": trained.table.shape[1],
        "bytes": (folder / "model.safetensors").stat().st_size, "seconds": round(time.monotonic() - started),
        "pairs": {name: len(pairs) for name, pairs in prepared.sources.items()}, "recipe": dataclasses.asdict(recipe)}
    if asked:
        figures = evaluate(model_encoder(folder), asked.questions, asked.sources, asked.scorer)
        report["figures"] = json.loads(figures_json(figures))
    (folder / "training.json").write_text(json.dumps(report, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    write_card(folder, {
        "rows": f"{len(trained.rows):,}", "dimension": str(trained.table.shape[1]), "members": str(recipe.seeds * recipe.members),
        **{name: f"{len(prepared.sources[name]):,}" for name in OWN}, "figures": figures_table(report.get("figures"))})
    return report


def figures_table(figures: dict[str, dict[str, float]] | None) -> str:
    """Markdown table of a report's figures by question type."""
    if not figures:
        return "Not measured in this build."
    metrics = list(figures["all"])
    lines = ["| questions | " + " | ".join(metrics) + " |", "|---|" + "---|" * len(metrics)]
    lines += [f"| {kind} | " + " | ".join(f"{row[m]:.3f}" for m in metrics) + " |" for kind, row in figures.items()]
    return "\n".join(lines)
