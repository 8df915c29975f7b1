"""Vectors of a batch of passages as a Parquet file: there whole or not at all, and checked when it is read."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np

from rag.encoder.base import Vectors
from rag.pipeline.embedding import Row

SUFFIX = ".parquet"
_ENCODER = b"encoder"


def write_shard(path: Path, rows: Sequence[Row], fingerprint: str, dimension: int) -> None:
    """Writes the columns id, vector and sentence_vectors (single precision), with the encoder's fingerprint.

    Raises:
        OSError: the folder takes no files.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    vectors = np.concatenate([vector for _, vector, _ in rows])
    sentences = np.concatenate([own for _, _, own in rows])
    offsets = np.cumsum([0, *(len(own) for _, _, own in rows)]).astype(np.int32)
    table = pa.table(
        {
            "id": pa.array([i for i, _, _ in rows], pa.int64()),
            "vector": _column(vectors, dimension),
            "sentence_vectors": pa.ListArray.from_arrays(pa.array(offsets), _column(sentences, dimension)),
        }
    ).replace_schema_metadata({_ENCODER: fingerprint.encode()})
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.stem, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as stream:
            pq.write_table(table, stream, compression="none", write_page_checksum=True)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(name, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(name)
        raise


def read_shard(path: Path, ids: Sequence[int], fingerprint: str, dimension: int) -> list[Row]:
    """The rows of a shard.

    Raises:
        FileNotFoundError: there is none.
        OSError, ValueError: it is damaged, or not that of these passages and this encoder.
    """
    import pyarrow.parquet as pq

    with path.open("rb") as stream:
        table = pq.read_table(stream, page_checksum_verification=True)
    found = (table.schema.metadata or {}).get(_ENCODER, b"").decode()
    if found != fingerprint or table.column_names != ["id", "vector", "sentence_vectors"]:
        raise ValueError(f"{found} ≠ {fingerprint}")
    if table["id"].to_pylist() != list(ids):
        raise ValueError("ids")
    vectors = _rows(table["vector"].combine_chunks(), dimension)
    nested = table["sentence_vectors"].combine_chunks()
    sentences, bounds = _rows(nested.values, dimension), nested.offsets.to_numpy()
    if len(vectors) != len(ids) or bounds[-1] > len(sentences):
        raise ValueError(f"{len(vectors)} ≠ {len(ids)}")
    return [(i, vectors[n : n + 1], sentences[bounds[n] : bounds[n + 1]]) for n, i in enumerate(ids)]


def _column(vectors: Vectors, dimension: int) -> Any:
    import pyarrow as pa

    return pa.FixedSizeListArray.from_arrays(pa.array(np.ravel(vectors), pa.float32()), dimension)


def _rows(column: Any, dimension: int) -> Vectors:
    """A column of vectors as an array of shape (rows, dimension)."""
    if column.type.list_size != dimension:
        raise ValueError(f"{column.type.list_size} ≠ {dimension}")
    flat: Vectors = column.values.to_numpy(zero_copy_only=False).astype(np.float32)
    return flat.reshape(-1, dimension)
