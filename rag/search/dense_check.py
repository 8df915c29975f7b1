"""Whether the stored FAISS index is the one that the archive's vectors make."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.archive.reader import Archive
from rag.archive.rows import unpack
from rag.encoder.base import Vectors
from rag.errors import ArchiveError
from rag.pipeline.finding import FAISS, Finding
from rag.search.dense import DenseIndex
from rag.search.dense_file import STAMP, current_stamp, read_index, same

BATCH = 4096
TOLERANCE = 0.01


def dense_finding(archive: Archive) -> Finding | None:
    """What is wrong with the stored index, if it claims to fit the archive as it is now.

    No index, or one of an earlier state or program, is no fault: the next search makes a new one.
    """
    with archive.snapshot():
        fault = _fault(archive)
    return Finding(FAISS, STAMP, f"向量索引{fault}。", True) if fault else None


def rebuild_dense(archive: Archive) -> None:
    """Makes the stored index anew from the archive's vectors.

    Raises:
        ArchiveError: some of these are not of the archive's dimension.
    """
    query = "SELECT count(*) FROM passages WHERE length(vector) != ?"
    if wrong := archive.db.execute(query, (2 * archive.dimension,)).fetchone()[0]:
        raise ArchiveError("{wrong} 个段落的向量长度不对，向量索引未重建。请先处理其他问题。", wrong=wrong)
    (archive.folder / STAMP).unlink(missing_ok=True)
    DenseIndex.open(archive)


def _fault(archive: Archive) -> str | None:
    now = current_stamp(archive)
    try:
        stored = json.loads((archive.folder / STAMP).read_text(encoding="utf-8"))
        if any(stored[key] != now[key] for key in ("version", "generation", "state")):
            return None
        if not same(stored, now):
            return "与档案不符"
        index = read_index(archive.folder, stored)
    except FileNotFoundError as error:
        return None if str(error.filename).endswith(STAMP) else "文件丢失"
    except (OSError, ValueError, TypeError, KeyError, RuntimeError, MemoryError):
        return "无法读取"
    if index.ntotal != now["passages"]:
        return f"有 {index.ntotal} 个向量，档案有 {now['passages']} 个"
    return None if _same_vectors(archive, index) else "的内容与档案不符"


def _same_vectors(archive: Archive, index: Any) -> bool:
    dimension = archive.dimension
    rows = archive.db.execute("SELECT id, vector FROM passages WHERE length(vector) = ? ORDER BY id", (2 * dimension,))
    try:
        return index.d == max(1, dimension) and all(
            np.allclose(index.reconstruct_batch(ids), vectors, atol=TOLERANCE)
            for ids, vectors in _batches(rows, dimension)
        )
    except RuntimeError:  # an id that the index does not have
        return False


def _batches(rows: sqlite3.Cursor, dimension: int) -> Iterator[tuple[NDArray[np.int64], Vectors]]:
    while batch := rows.fetchmany(BATCH):
        yield np.array([row[0] for row in batch], dtype=np.int64), unpack(b"".join(r[1] for r in batch), dimension)
