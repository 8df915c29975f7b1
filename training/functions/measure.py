"""How good the classifier is: by cross-validation on the training files, and on the held-out sentences."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.functions.classifier import FunctionClassifier
from rag.functions.labels import LABELS
from rag.functions.ngrams import fold
from training.functions.data import Labelled
from training.functions.fit import Recipe, TokenVectors, fit

Chances = NDArray[np.floating[Any]]


@dataclass(frozen=True)
class Measured:
    """True labels (numbers into `LABELS`) and the probabilities given to all twelve, row by row."""

    truth: NDArray[np.int64]
    chances: Chances

    @property
    def guesses(self) -> NDArray[np.int64]:
        found: NDArray[np.int64] = self.chances.argmax(axis=1)
        return found

    @property
    def accuracy(self) -> float:
        return float((self.guesses == self.truth).mean())

    @property
    def calibration_error(self) -> float:
        """Expected calibration error over ten equal bins of confidence (Guo et al. 2017)."""
        confidence, right = self.chances.max(axis=1), self.guesses == self.truth
        bins = np.minimum((confidence * 10).astype(int), 9)
        gaps = [abs(right[bins == b].mean() - confidence[bins == b].mean()) * (bins == b).mean() for b in set(bins)]
        return float(sum(gaps))

    def per_label(self) -> list[tuple[str, float, float, float, int]]:
        """(label, precision, recall, F1, sentences) of each label."""
        from sklearn.metrics import precision_recall_fscore_support

        rows = precision_recall_fscore_support(
            self.truth, self.guesses, labels=list(range(len(LABELS))), zero_division=0.0
        )
        return [(LABELS[n], *(float(column[n]) for column in rows[:3]), int(rows[3][n])) for n in range(len(LABELS))]

    @property
    def macro_f1(self) -> float:
        return float(np.mean([row[3] for row in self.per_label()]))

    def confusions(self, most: int = 8) -> list[tuple[str, str, int]]:
        """(label, taken for, how often), most frequent first."""
        counts = np.zeros((len(LABELS), len(LABELS)), dtype=int)
        np.add.at(counts, (self.truth, self.guesses), 1)
        np.fill_diagonal(counts, 0)
        order = np.argsort(-counts, axis=None, kind="stable")[:most]
        pairs = [np.unravel_index(n, counts.shape) for n in order]
        return [(LABELS[a], LABELS[b], int(counts[a, b])) for a, b in pairs if counts[a, b]]


def cross_validate(rows: Sequence[Labelled], tokens: TokenVectors, recipe: Recipe) -> Measured:
    """Every file judged by a classifier that has seen the others only; the place in the speech is not told."""
    truth = _numbers(rows)
    chances = np.zeros((len(rows), len(LABELS)))
    files = np.array([row.file for row in rows])
    for file in sorted(set(files)):
        model = fit([row for row in rows if row.file != file], tokens, recipe)
        chances[files == file] = model.probabilities(
            [row.sentence._replace(first=False, last=False) for row in rows if row.file == file]
        )
    return Measured(truth, chances)


def temperature_of(measured: Measured) -> float:
    """The divisor of the logits under which the probabilities fit best (least log loss) what was right."""
    logits = np.log(np.maximum(measured.chances, 1e-12))
    tried = np.exp(np.linspace(np.log(0.5), np.log(3), 101))
    return float(tried[np.argmin([_log_loss(logits / t, measured.truth) for t in tried])])


def cooled(measured: Measured, temperature: float) -> Measured:
    """The same guesses with the probabilities that a temperature gives."""
    powers = np.maximum(measured.chances, 1e-12) ** (1 / temperature)
    return Measured(measured.truth, powers / powers.sum(axis=1, keepdims=True))


def unseen(rows: Sequence[Labelled], training: Sequence[Labelled]) -> list[Labelled]:
    """The held-out rows without those that two writers happened to write alike (stock phrases)."""
    seen = {fold(row.sentence.text) for row in training}
    return [row for row in rows if fold(row.sentence.text) not in seen]


def judge(model: FunctionClassifier, rows: Sequence[Labelled]) -> Measured:
    """What a finished classifier makes of labelled sentences."""
    return Measured(_numbers(rows), model.probabilities([row.sentence for row in rows]))


def _numbers(rows: Sequence[Labelled]) -> NDArray[np.int64]:
    return np.array([LABELS.index(row.label) for row in rows], dtype=np.int64)


def _log_loss(logits: Chances, truth: NDArray[np.int64]) -> float:
    top = logits.max(axis=1, keepdims=True)
    normed = logits - top - np.log(np.exp(logits - top).sum(axis=1, keepdims=True))
    return float(-normed[np.arange(len(truth)), truth].mean())
