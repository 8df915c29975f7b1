"""What rows of the table share: the characters of a word and, as a choice, its synonym groups.

A word that no pair contains still moves with the words that share its parts. The shared vectors start
at zero and are folded into the table after training, so the exported encoder knows nothing of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from training.bags import offsets, ranges
from training.errors import TrainingError

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Parts:
    """``numbers[starts[i]:starts[i + 1]]`` are the parts of row i, each with its weight; ``count`` parts in all."""

    numbers: Ints
    weights: NDArray[np.float32]
    starts: Ints
    count: int

    @classmethod
    def join(cls, *families: Sequence[Sequence[str]]) -> Self:
        """One family holds a list of part names for every row; the parts of a family share one unit of weight."""
        if len({len(family) for family in families}) != 1:
            raise TrainingError(f"families of parts differ in length: {[len(family) for family in families]}")
        known: dict[tuple[int, str], int] = {}
        numbers: list[int] = []
        weights: list[float] = []
        lengths: list[int] = []
        for row in zip(*families, strict=True):
            lengths.append(sum(map(len, row)))
            for kind, names in enumerate(row):
                numbers += [known.setdefault((kind, name), len(known)) for name in names]
                weights += [1 / len(names) for _ in names]
        return cls(np.array(numbers, dtype=np.int64), np.array(weights, dtype=np.float32),
                   offsets(np.array(lengths, dtype=np.int64)), max(1, len(known)))

    def of(self, rows: Ints) -> tuple[Ints, NDArray[np.float32], Ints]:
        """Parts of the rows one after the other, their weights, and how many each row has."""
        begin, end = self.starts[rows], self.starts[rows + 1]
        places = ranges(begin, end)
        return self.numbers[places], self.weights[places], end - begin


def characters(rows: Sequence[str]) -> list[list[str]]:
    """The Chinese characters of every row; rows of other kinds have none."""
    return [[c for c in row if "\u3400" <= c <= "\u9fff"] for row in rows]


def synonyms(rows: Sequence[str], groups: Sequence[Sequence[str]]) -> list[list[str]]:
    """The synonym groups of every row."""
    member: dict[str, list[str]] = {}
    for number, group in enumerate(groups):
        for word in group:
            member.setdefault(word, []).append(str(number))
    return [member.get(row, []) for row in rows]
