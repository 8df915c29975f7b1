"""What the encoder sees of archived passages, and what it makes of them; the same batches make the same vectors anywhere."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

from rag.archive.reader import Archive
from rag.encoder.base import Encoder, Vectors
from rag.pipeline.prepare import passage_input

BATCH = 256  # passages
Row = tuple[int, Vectors, Vectors]  # passage id, its vector (1, dimension), its sentences' (sentences, dimension)


@dataclass(frozen=True)
class Batch:
    """Passages by id: of each the encoder's input, and its sentences."""

    ids: tuple[int, ...]
    inputs: tuple[str, ...]
    sentences: tuple[tuple[str, ...], ...]

    def key(self, fingerprint: str) -> str:
        """32 hexadecimal digits that change with the encoder, the ids and the texts."""
        content = json.dumps([fingerprint, self.ids, self.inputs, self.sentences])
        return hashlib.sha256(content.encode()).hexdigest()[:32]


def read_batch(archive: Archive, ids: Sequence[int]) -> Batch:
    """The passages of these ids, without those that another process has removed since."""
    rows = archive.passages(ids)
    there = [i for i in ids if i in rows]
    texts = {speech.id: speech.text for speech in archive.speeches({row.speech for row in rows.values()})}
    inputs, sentences = [], []
    for row in (rows[i] for i in there):
        text = texts[row.speech]
        inputs.append(passage_input(text[row.start : row.end], row.section))
        sentences.append(tuple(text[a:b] for a, b in row.sentences))
    return Batch(tuple(there), tuple(inputs), tuple(sentences))


def encode_batch(encoder: Encoder, batch: Batch) -> list[Row]:
    """The vectors of a batch's passages and sentences."""
    vectors = encoder.encode_passages(batch.inputs)
    sentences = encoder.encode_passages([text for own in batch.sentences for text in own])
    rows, at = [], 0
    for n, (i, own) in enumerate(zip(batch.ids, batch.sentences, strict=True)):
        rows.append((i, vectors[n : n + 1], sentences[at : at + len(own)]))
        at += len(own)
    return rows
