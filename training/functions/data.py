"""Labelled sentences: one JSON object a line, as GUIDE.md describes them."""

import json
from dataclasses import dataclass
from pathlib import Path

from rag.functions.labels import LABELS, SentenceInContext
from training.errors import TrainingError

FOLDER = Path(__file__).parent
HELD_OUT = FOLDER / "heldout.jsonl"


@dataclass(frozen=True)
class Labelled:
    """A sentence, its function, and the file (a batch with themes of its own) that it stands in."""

    sentence: SentenceInContext
    label: str
    file: str


def read(path: Path) -> list[Labelled]:
    """The rows of one file.

    Raises:
        TrainingError: a row is not as GUIDE.md says.
    """
    rows = []
    for n, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            row = json.loads(line)
            sentence = SentenceInContext(row["text"], bool(row.get("first")), bool(row.get("last")))
            label = row["label"]
        except (ValueError, KeyError, TypeError) as error:
            raise TrainingError(f"{path.name}, line {n}: {error!r}") from error
        if label not in LABELS:
            raise TrainingError(f"{path.name}, line {n}: no such label: {label}")
        rows.append(Labelled(sentence, label, path.stem))
    return rows


def training_rows(folder: Path = FOLDER) -> list[Labelled]:
    """All training sentences.

    Raises:
        TrainingError: there are none, or one stands there twice.
    """
    rows = [row for path in sorted(folder.glob("labelled_*.jsonl")) for row in read(path)]
    if not rows:
        raise TrainingError(f"no labelled_*.jsonl in {folder}")
    texts = [row.sentence.text for row in rows]
    if len(set(texts)) < len(texts):
        twice = next(text for text in texts if texts.count(text) > 1)
        raise TrainingError(f"labelled twice: {twice}")
    return rows
