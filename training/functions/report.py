"""REPORT.md and the model card, from measured figures."""

from collections import Counter
from collections.abc import Sequence

from rag.functions.labels import LABELS
from training.functions.data import Labelled
from training.functions.fit import Recipe
from training.functions.measure import Measured

_CARD = """---
language: zh
pipeline_tag: text-classification
tags: [rhetorical-function, linear]
---

# yanju-functions: what a sentence does in a speech

One of twelve rhetorical functions for a sentence of Chinese official speeches ({labels}), with a calibrated probability.
Multinomial logistic regression over character n-grams and {patterns}; numpy and safetensors alone, no encoder at run time.

```python
from rag.functions.classifier import FunctionClassifier
from rag.functions.labels import SentenceInContext

FunctionClassifier.load().classify([SentenceInContext("让我们携起手来，共同开创新局面！", last=True)])
```

Trained on {sentences} sentences written for this project by a language model and labelled by the rules of
`training/functions/GUIDE.md`; the weights of words that those sentences lack come from the token vectors of
`models/yanju-static`. Made by `python -m training.functions`; figures by label in `training/functions/REPORT.md`.

| | sentences | accuracy | macro-F1 | calibration error |
|---|---|---|---|---|
{figures}

Limits: one label a sentence, though many sentences do two things; the sentences before and after are not looked at; the
priorities among overlapping functions are those of the guide. Written and real sentences differ: expect less on real
speeches. A confidence below 0.5 is a guess. Not meant for other genres, nor for judging people.
"""


def card(rows: Sequence[Labelled], crossed: Measured, held: Measured | None) -> str:
    """The README.md of the model's folder."""
    return _CARD.format(
        labels="、".join(LABELS), patterns="patterns (parallel clauses, quotations, figures, cue words, place)",
        sentences=f"{len(rows):,}", figures=_figures(crossed, held),
    )


def report(
    rows: Sequence[Labelled], recipe: Recipe, temperature: float, crossed: Measured, held: Measured | None, fingerprint: str
) -> str:
    """Everything measured, as Markdown."""
    counts = Counter(row.label for row in rows)
    parts = [
        "# The classifier of sentence functions, measured\n",
        "Written by `python -m training.functions`. Cross-validation leaves out one file of sentences at a time (each has"
        " themes of its own) and does not tell the place in the speech. The held-out sentences were written independently,"
        " from GUIDE.md alone; nothing was chosen by them. Stock"
        " phrases that both writers happened to write are left out of them.\n",
        f"Training sentences: {len(rows)} ({', '.join(f'{label} {counts[label]}' for label in LABELS)}).  ",
        f"Recipe: {recipe}. Temperature {temperature:.3f}. Fingerprint {fingerprint}.\n",
        "| | sentences | accuracy | macro-F1 | calibration error |\n|---|---|---|---|---|\n" + _figures(crossed, held) + "\n",
        "## Cross-validation\n\n" + _table(crossed),
    ]
    if held:
        parts.append("## Held out\n\n" + _table(held))
    return "\n".join(parts)


def _figures(crossed: Measured, held: Measured | None) -> str:
    measured = [("cross-validation, file by file", crossed), *([("held out", held)] if held else [])]
    return "\n".join(
        f"| {name} | {len(m.truth)} | {m.accuracy:.3f} | {m.macro_f1:.3f} | {m.calibration_error:.3f} |"
        for name, m in measured
    )


def _table(measured: Measured) -> str:
    lines = ["| function | precision | recall | F1 | sentences |", "|---|---|---|---|---|"]
    lines += [f"| {label} | {p:.3f} | {r:.3f} | {f:.3f} | {n} |" for label, p, r, f, n in measured.per_label()]
    mixed = "; ".join(f"{a} taken for {b}: {n}" for a, b, n in measured.confusions())
    return "\n".join(lines) + f"\n\nMost frequent confusions: {mixed}.\n"
