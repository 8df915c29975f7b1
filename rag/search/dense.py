"""The FAISS index over passage vectors: derived from the archive, checked against it, rebuilt when stale."""

from __future__ import annotations

import json
import logging
import os
import tempfile
from collections.abc import Collection
from pathlib import Path
from typing import Any

import numpy as np

from rag.archive.reader import Archive
from rag.encoder.base import Vectors

FILE = "passages.faiss"
STAMP = "passages.json"
SINGLE_THREADED = 20_000  # below, starting threads takes longer than the search
log = logging.getLogger(__name__)


class DenseIndex:
    """Inner products of a query with every passage vector."""

    def __init__(self, index: Any, generation: int) -> None:
        self._index = index
        self.generation = generation

    @classmethod
    def open(cls, archive: Archive) -> DenseIndex:
        """The stored index when it fits the archive's generation and encoder, else a new one (stored for the next time)."""
        stamp = _stamp(archive)
        index = _load(archive.folder, stamp)
        if index is None:
            index = _build(archive)
            _store(archive.folder, index, stamp)
        return cls(index, archive.generation)

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def search(self, vector: Vectors, limit: int, allowed: Collection[int] | None = None) -> dict[int, float]:
        """Passage id → cosine of the nearest passages, best first; only among ``allowed`` ids when given."""
        import faiss

        if len(self) < SINGLE_THREADED:
            faiss.omp_set_num_threads(1)
        limit = min(limit, len(self) if allowed is None else len(allowed))
        if limit <= 0:
            return {}
        parameters = None
        if allowed is not None:
            selector = faiss.IDSelectorBatch(np.fromiter(allowed, dtype=np.int64))
            parameters = faiss.SearchParameters(sel=selector)  # type: ignore[call-arg]
        scores, ids = self._index.search(vector.reshape(1, -1), limit, params=parameters)
        return {int(i): float(s) for i, s in zip(ids[0], scores[0], strict=True) if i >= 0}


def _stamp(archive: Archive) -> dict[str, Any]:
    return {
        "version": 1,
        "generation": archive.generation,
        "encoder": archive.encoder_fingerprint,
        "passages": archive.count("passages") - archive.unencoded(),
    }


def _load(folder: Path, stamp: dict[str, Any]) -> Any | None:
    import faiss

    try:
        if json.loads((folder / STAMP).read_text(encoding="utf-8")) != stamp:
            return None
        index = faiss.read_index(str(folder / FILE))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, RuntimeError) as error:
        log.warning("向量索引无法读取，重新建立：%s", error)
        return None
    return index if index.ntotal == stamp["passages"] else None


def _build(archive: Archive) -> Any:
    import faiss

    ids, vectors = archive.passage_vectors()
    index = faiss.IndexIDMap2(faiss.IndexFlatIP(max(1, archive.dimension)))
    if len(ids):
        index.add_with_ids(vectors, ids)
    return index


def _store(folder: Path, index: Any, stamp: dict[str, Any]) -> None:
    """Writes the index, then its stamp, each through a temporary file. A read-only folder is no error."""
    import faiss

    try:
        (folder / STAMP).unlink(missing_ok=True)
        handle, name = tempfile.mkstemp(dir=folder, suffix=".tmp")
        os.close(handle)
        faiss.write_index(index, name)
        os.replace(name, folder / FILE)
        temporary = folder / (STAMP + ".tmp")
        temporary.write_text(json.dumps(stamp), encoding="utf-8")
        os.replace(temporary, folder / STAMP)
    except (OSError, RuntimeError) as error:
        log.warning("向量索引未能存盘，下次会再建：%s", error)
