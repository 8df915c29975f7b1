"""Functions for sentences that have none: after an upgrade of the program, or a repair."""

from __future__ import annotations

import json

from rag.archive.rows import load_sentences
from rag.archive.writer import Writer
from rag.errors import ArchiveError
from rag.functions.classifier import FunctionClassifier, shipped_classifier
from rag.functions.context import passage_functions
from rag.types import Passage

_SPEECHES = 50  # a transaction


def label_missing(writer: Writer, classifier: FunctionClassifier | None = None) -> int:
    """Gives a function to every sentence of the archive that lacks one; returns how many speeches that concerned.

    Raises:
        ArchiveError: a passage cannot be read.
    """
    classifier = classifier or shipped_classifier()
    writer.claim_functions(classifier.fingerprint)
    done = 0
    while speeches := writer.speeches_without_functions(_SPEECHES):
        for speech in speeches:
            _label_speech(writer, speech, classifier)
        done += len(speeches)
    return done


def _label_speech(writer: Writer, speech: int, classifier: FunctionClassifier) -> None:
    row = writer.db.execute("SELECT text FROM speeches WHERE id = ?", (speech,)).fetchone()
    rows = writer.db.execute(
        'SELECT id, start, "end", section, sentences FROM passages WHERE speech = ? ORDER BY start, id', (speech,)
    ).fetchall()
    if row is None or not rows:  # another process has just removed it
        return
    try:
        passages = [Passage(r[1], r[2], tuple(json.loads(r[3])), load_sentences(r[4], r[1])) for r in rows]
    except (ValueError, TypeError) as error:
        raise ArchiveError("有段落无法读取，句子功能未能补齐。请先运行 python -m rag verify。") from error
    found = passage_functions(row[0], passages, classifier)
    writer.put_functions([(r[0], functions) for r, functions in zip(rows, found, strict=True)])
