"""`python -m training.functions`: trains, measures and writes the classifier of sentence functions."""

import argparse
import sys
from pathlib import Path

from rag.config import MODELS
from rag.functions.classifier import SHIPPED, FunctionClassifier
from training.errors import TrainingError
from training.functions.data import FOLDER, HELD_OUT, read, training_rows
from training.functions.export import save
from training.functions.fit import Recipe, TokenVectors, fit
from training.functions.measure import cooled, cross_validate, judge, temperature_of, unseen
from training.functions.report import card, report


def main(arguments: list[str] | None = None) -> int:
    """Builds the model folder and REPORT.md; the exit status."""
    parser = argparse.ArgumentParser(prog="python -m training.functions", description=__doc__)
    parser.add_argument("--out", type=Path, default=SHIPPED, help="folder of the classifier")
    parser.add_argument("--encoder", type=Path, default=MODELS / "yanju-static", help="static encoder with token vectors")
    parser.add_argument("--report", type=Path, default=FOLDER / "REPORT.md")
    parser.add_argument("--held-out", type=Path, default=HELD_OUT, help="sentences that nobody has tuned on")
    options = parser.parse_args(arguments)
    try:
        _build(options)
    except TrainingError as error:
        print(f"training.functions: {error}", file=sys.stderr)
        return 1
    return 0


def _build(options: argparse.Namespace) -> None:
    recipe, rows, tokens = Recipe(), training_rows(), TokenVectors(options.encoder)
    crossed = cross_validate(rows, tokens, recipe)
    temperature = temperature_of(crossed)
    crossed = cooled(crossed, temperature)
    fingerprint = save(fit(rows, tokens, recipe, temperature), options.out, recipe, temperature, len(rows))
    # Measured is what was written, with its half-precision weights.
    held = None
    if options.held_out.exists():
        held = judge(FunctionClassifier.load(options.out), unseen(read(options.held_out), rows))
    (options.out / "README.md").write_text(card(rows, crossed, held), encoding="utf-8")
    options.report.write_text(report(rows, recipe, temperature, crossed, held, fingerprint), encoding="utf-8")
    print(options.report.read_text(encoding="utf-8"))


if __name__ == "__main__":
    sys.exit(main())
