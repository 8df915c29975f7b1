"""Variants of the recipe beside each other: several seeds, development queries and a question set."""

import json
import logging
import tomllib
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import fmean, stdev

import numpy as np

from training.config import Recipe
from training.errors import TrainingError
from training.evaluate import Scorer, development_figures, evaluate
from training.prepare import prepare
from training.train import train

log = logging.getLogger(__name__)
HELD_OUT = 0.12
DISTRACTORS = 3000
VARIANTS = Path(__file__).with_name("variants.toml")


@dataclass(frozen=True)
class Places:
    """Where the material lies and the work goes."""

    corpora: Path
    data: Path
    work: Path


@dataclass(frozen=True)
class QuestionSet:
    """Questions with evidence, their source files, and the scorer."""

    questions: Path
    sources: Path
    scorer: Scorer


def read_variants(path: Path) -> dict[str, list[str]]:
    """``name = ["section.key=value", …]`` rows of a TOML file."""
    try:
        return {name: list(items) for name, items in tomllib.loads(path.read_text(encoding="utf-8")).items()}
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise TrainingError(f"cannot read variants {path}: {error}") from error


def variant(variants: dict[str, list[str]], name: str) -> list[str]:
    """The overrides of one variant; a name that is not there is an error that lists the others."""
    if name not in variants:
        raise TrainingError(f"no variant {name}; there are: {', '.join(variants)}")
    return variants[name]


def run_variant(
    name: str, recipe: Recipe, places: Places, asked: QuestionSet | None, threads: int = 1,
) -> dict[str, float | str | int]:
    """Train one variant without the held-out themes; its figures as one flat row.

    The row is also appended to trials.jsonl, and the table is kept beside it.
    """
    recipe = replace(recipe, holdout=HELD_OUT)
    prepared = prepare(recipe, places.corpora, places.data, places.work)
    trained = train(recipe, prepared, places.work, threads)
    others = sorted({pair.positive for pair in prepared.sources["written"]})
    others += [pair.positive for pair in prepared.sources["report_heading"][:DISTRACTORS]]
    row: dict[str, float | str | int] = {"variant": name, "seed": recipe.seed}
    row |= {f"dev {metric}": value
            for metric, value in development_figures(trained.encode, prepared.held_out, others).items()}
    if asked:
        figures = evaluate(trained.encode, asked.questions, asked.sources, asked.scorer)
        row |= {metric: figures.mean(metric) for metric in ("ndcg@10", "recall@2000c")}
        row |= {kind: figures.mean("ndcg@10", kind) for kind in figures.kinds}
    (places.work / "tables").mkdir(exist_ok=True)
    np.save(places.work / "tables" / f"{name}-{recipe.seed}.npy", trained.table.astype(np.float16))
    with (places.work / "trials.jsonl").open("a", encoding="utf-8") as out:
        out.write(json.dumps(row, ensure_ascii=False) + "\n")
    log.info("%s", row)
    return row


def table(rows: list[dict[str, float | str | int]]) -> str:
    """Markdown table: mean ± standard deviation over the seeds of each variant."""
    variants: dict[str, list[dict[str, float | str | int]]] = {}
    for row in rows:
        variants.setdefault(str(row["variant"]), []).append(row)
    columns = [name for name in rows[0] if name not in ("variant", "seed")]
    lines = ["| variant | seeds | " + " | ".join(columns) + " |", "|---|---|" + "---|" * len(columns)]
    for name, group in variants.items():
        cells = []
        for column in columns:
            values = [float(row[column]) for row in group if column in row]
            spread = f" ± {stdev(values):.3f}" if len(values) > 1 else ""
            cells.append(f"{fmean(values):.3f}{spread}" if values else "")
        lines.append(f"| {name} | {len(group)} | " + " | ".join(cells) + " |")
    return "\n".join(lines)
