"""The FAISS index over passage vectors: derived from the archive, checked against it, rebuilt when stale."""

from __future__ import annotations

import json
import logging
import os
import shutil
import tempfile
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np

from rag.archive.connect import FILE as ARCHIVE
from rag.archive.reader import Archive
from rag.encoder.base import Vectors

PREFIX = "passages-"
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
        with archive.snapshot():
            stamp = current_stamp(archive)
            index = _load(archive.folder, stamp)
            if index is None:
                index = _build(archive)
                _store(archive.folder, index, stamp)
        return cls(index, stamp["generation"])

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


def current_stamp(archive: Archive) -> dict[str, Any]:
    """What a stored index of the archive as it is now would say of itself, but for the name of its file."""
    return {
        "version": 2,
        "generation": archive.generation,
        "state": archive.meta("state"),
        "encoder": archive.encoder_fingerprint,
        "passages": archive.count("passages") - archive.unencoded(),
    }


def _load(folder: Path, stamp: dict[str, Any]) -> Any | None:
    try:
        stored = json.loads((folder / STAMP).read_text(encoding="utf-8"))
        if {**stored, "file": ""} != {**stamp, "file": ""}:
            return None
        index = read_index(folder, stored)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, KeyError, RuntimeError) as error:
        log.warning("向量索引无法读取，重新建立：%s", error)
        return None
    return index if index.ntotal == stamp["passages"] else None


def read_index(folder: Path, stamp: dict[str, Any]) -> Any:
    """The FAISS index that a stamp names.

    Raises:
        OSError, ValueError, TypeError, KeyError, RuntimeError: the stamp or the file is damaged.
    """
    import faiss

    with (folder / Path(stamp["file"]).name).open("rb") as stream:
        # Through Python's own files, because FAISS cannot open every path on Windows.
        return faiss.read_index(faiss.PyCallbackIOReader(stream.read))  # type: ignore[attr-defined]


def _build(archive: Archive) -> Any:
    import faiss

    ids, vectors = archive.passage_vectors()
    index = faiss.IndexIDMap2(faiss.IndexFlatIP(max(1, archive.dimension)))
    if len(ids):
        index.add_with_ids(vectors, ids)
    return index


def _store(folder: Path, index: Any, stamp: dict[str, Any]) -> None:
    """Writes the index under a name of its own, then, at a stroke, the stamp that names it.

    Whatever happens in between, or in other processes, readers find a stamp with the index it belongs to or rebuild.
    A read-only folder is no error.
    """
    import faiss

    path = None
    try:
        path = _new_file(folder, ".faiss")
        with path.open("wb") as stream:
            faiss.write_index(index, faiss.PyCallbackIOWriter(stream.write))  # type: ignore[attr-defined]
        temporary = _new_file(folder, ".tmp")
        temporary.write_text(json.dumps({**stamp, "file": path.name}), encoding="utf-8")
        os.replace(temporary, folder / STAMP)
    except (OSError, RuntimeError) as error:
        log.warning("向量索引未能存盘，下次会再建：%s", error)
        if path:
            with suppress(OSError):
                path.unlink()
        return
    _sweep(folder, keep=path)


def _new_file(folder: Path, suffix: str) -> Path:
    handle, name = tempfile.mkstemp(dir=folder, prefix=PREFIX, suffix=suffix)
    os.close(handle)
    shutil.copymode(folder / ARCHIVE, name)
    return Path(name)


def _sweep(folder: Path, keep: Path) -> None:
    """Deletes what earlier indexes have left, as far as the system allows."""
    for path in (*folder.glob(PREFIX + "*.faiss"), *folder.glob(PREFIX + "*.tmp")):
        if path != keep:
            with suppress(OSError):
                path.unlink()
