"""Another encoder for an archive: every vector anew, in batches that survive an interruption."""

from __future__ import annotations

from collections.abc import Callable

from rag.archive.reader import Archive
from rag.archive.writer import Writer
from rag.encoder.base import Encoder, Vectors
from rag.pipeline.labelling import label_missing
from rag.pipeline.prepare import passage_input


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
    while batch := writer.unencoded(256):
        writer.put_vectors(_encode(archive, encoder, batch))
        encoded += len(batch)
        progress(total - archive.unencoded())
    label_missing(writer)
    return encoded


def _encode(archive: Archive, encoder: Encoder, ids: list[int]) -> list[tuple[int, Vectors, Vectors]]:
    rows = archive.passages(ids)
    ids = [i for i in ids if i in rows]  # another process may have removed some since
    texts = {speech.id: speech.text for speech in archive.speeches({row.speech for row in rows.values()})}
    vectors = encoder.encode_passages(
        [passage_input(texts[rows[i].speech][rows[i].start : rows[i].end], rows[i].section) for i in ids]
    )
    spans = [(i, span) for i in ids for span in rows[i].sentences]
    sentences = encoder.encode_passages([texts[rows[i].speech][a:b] for i, (a, b) in spans])
    grouped: dict[int, list[int]] = {i: [] for i in ids}
    for n, (i, _) in enumerate(spans):
        grouped[i].append(n)
    return [(i, vectors[n : n + 1], sentences[grouped[i]]) for n, i in enumerate(ids)]
