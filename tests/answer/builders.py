"""Speeches and quotable sentences made by hand."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rag.answer.pool import Sentence
from rag.archive.rows import FIELDS, PassageRow, SpeechRow
from rag.search.scoring import Candidate
from rag.text.sentences import sentences
from rag.types import Found, Piece, Span


def speech_row(text: str, number: int = 1, pieces: Sequence[Piece] | None = None) -> SpeechRow:
    """A speech whose source is its own text, unless ``pieces`` say otherwise."""
    metadata = {field: Found(None) for field in FIELDS} | {"title": Found(f"第{number}篇")}
    whole = (Piece(0, 0, len(text)),) if pieces is None else tuple(pieces)
    return SpeechRow(number, f"s{number}", f"{number}.txt", number, 0, text, "", whole, metadata, (), ())


def sentence_list(
    speech: SpeechRow, scores: Sequence[float], vectors: Sequence[Sequence[float]] | None = None, cosine: float = 1.0
) -> list[Sentence]:
    """The sentences of a speech of one passage, with these scores; best first."""
    spans = sentences(speech.text)
    assert len(spans) == len(scores), [speech.text[a:b] for a, b in spans]
    rows = np.array(vectors if vectors is not None else np.eye(len(spans)), dtype=np.float32)
    passage = PassageRow(
        speech.id, speech.id, spans[0].start, spans[-1].end, (), None, tuple(spans), "", rows.mean(axis=0), rows
    )
    values = np.array(scores, dtype=np.float32)
    candidate = Candidate(passage, 1.0, {"passage": cosine}, values, np.zeros_like(values))
    made = [
        Sentence(candidate, speech, Span(*span), score, rows[n])
        for n, (span, score) in enumerate(zip(spans, scores, strict=True))
    ]
    return sorted(made, key=lambda s: -s.score)
