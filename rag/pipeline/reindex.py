"""Another encoder for an archive: every vector anew, in batches that survive an interruption."""

from __future__ import annotations

from collections.abc import Callable

from rag.archive.reader import Archive
from rag.archive.writer import Writer
from rag.encoder.base import Encoder
from rag.pipeline.embedding import BATCH, Row, encode_batch, read_batch
from rag.pipeline.labelling import label_missing


def reindex_archive(
    writer: Writer,
    archive: Archive,
    encoder: Encoder,
    model: str | None,
    progress: Callable[[int], None] = lambda done: None,
) -> int:
    """Gives every passage the vectors of ``encoder``; returns how many passages were encoded.

    ``model`` is the name under which the encoder can be loaded again. ``progress`` gets the number of passages that
    have their new vector. Passages that already have one from this encoder are left alone, so an interrupted run
    goes on where it stopped. Sentences that lack their function get it, too.
    """
    writer.change_encoder(encoder.name, encoder.fingerprint, encoder.dimension, model)
    total = archive.count("passages")
    encoded = 0
    while batch := writer.unencoded(BATCH):
        writer.put_vectors(_encode(archive, encoder, batch))
        encoded += len(batch)
        progress(total - archive.unencoded())
    label_missing(writer)
    return encoded


def _encode(archive: Archive, encoder: Encoder, ids: list[int]) -> list[Row]:
    return encode_batch(encoder, read_batch(archive, ids))
