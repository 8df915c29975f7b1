"""The average of finished encoders, where their runs were made in several builds.

Each build is turned onto axes of its own; so the others are first turned onto those of the first, by the rotation that brings the rows
they share nearest to each other (orthogonal Procrustes: Schönemann, Psychometrika 1966). Within one build `training.train` averages
the runs before they are turned, which needs no rotation.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file

from training.errors import TrainingError
from training.export import export, fingerprint
from training.train import Trained


def average_encoders(folders: Sequence[Path], out: Path) -> dict[str, Any]:
    """Writes the average as an encoder folder and a report into it. The vocabulary is that of the last encoder; a row that
    one of them lacks is the average of the others.

    Raises:
        TrainingError: fewer than two, or their vectors differ in length.
    """
    if len(folders) < 2:
        raise TrainingError("an average needs at least two encoders")
    parts = [read_encoder(folder) for folder in folders]
    if len({part.table.shape[1] for part in parts}) > 1:
        raise TrainingError(f"the encoders' vectors differ in length: {[part.table.shape[1] for part in parts]}")
    folder = export(average([parts[0], *(turned(part, parts[0]) for part in parts[1:])]), out)
    report = {"fingerprint": fingerprint(folder), "rows": len(parts[-1].rows), "dimension": parts[0].table.shape[1],
              "average_of": [_report(one) for one in folders]}
    (folder / "training.json").write_text(json.dumps(report, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return report


def read_encoder(folder: Path) -> Trained:
    """Vocabulary and table of an encoder folder.

    Raises:
        TrainingError: it is none.
    """
    try:
        (table,) = load_file(folder / "model.safetensors").values()
        words = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))["model"]["vocab"]
    except (OSError, ValueError, KeyError) as error:
        raise TrainingError(f"{folder} is no static encoder: {error}") from error
    return Trained(sorted(words, key=words.__getitem__), table.astype(np.float32))


def turned(part: Trained, onto: Trained) -> Trained:
    """The table after the rotation that brings its rows nearest to those of another."""
    places = _places(part.rows, onto.rows)
    shared = places >= 0
    left, _, right = np.linalg.svd(part.table[shared].T @ onto.table[places[shared]])
    return Trained(part.rows, part.table @ (left @ right))


def average(parts: Sequence[Trained]) -> Trained:
    """Row by row, over the parts that have the row; the rows of the last part."""
    rows = parts[-1].rows
    total = np.zeros((len(rows), parts[-1].table.shape[1]))
    count = np.zeros((len(rows), 1))
    for part in parts:
        places = _places(rows, part.rows)
        known = places >= 0
        total[known] += part.table[places[known]]
        count[known] += 1
    return Trained(rows, (total / count).astype(np.float32))


def _places(rows: Sequence[str], among: Sequence[str]) -> NDArray[np.int64]:
    """Where each row stands among others; −1 where it does not."""
    at = {row: number for number, row in enumerate(among)}
    return np.array([at.get(row, -1) for row in rows], dtype=np.int64)


def _report(folder: Path) -> Any:
    path = folder / "training.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {"fingerprint": fingerprint(folder)}
