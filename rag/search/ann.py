"""Which FAISS index an archive gets: exact while that is fast enough, above that an inverted file whose recall is measured.

IVF (Jégou, Douze & Schmid, Product Quantization for Nearest Neighbor Search, PAMI 2011) over 8-bit scalars rather than
HNSW: it is built in a fraction of the time, takes a third of the memory, and a filter costs it no recall, because the
lists that are scanned can be as many as the filter leaves room for. The figures are in docs/scale.md.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.encoder.base import Vectors

FLAT_UP_TO = 100_000
TARGET_RECALL = 0.97
MEASURED_QUERIES = 256
MEASURED_K = 10
_TRAINING_A_LIST = 64
_ROUNDS = 10

Ids = NDArray[np.int64]


@dataclass(frozen=True)
class Plan:
    """The kind of an index with its parameters, as its stamp keeps them.

    ``recall`` is recall@10 against the exact order, measured when the index was made (1 for exact ones).
    """

    kind: str
    lists: int = 0
    probes: int = 0
    recall: float = 1.0

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def build(
    ids: Ids, vectors: NDArray[Any], queries: Callable[[], Vectors], flat_up_to: int = FLAT_UP_TO
) -> tuple[Any, Plan]:
    """A FAISS index of unit vectors, shape (n, dimension), under their ids; and what it is.

    The vectors may be half-precision; they are widened piece by piece. The recall of an index that is not
    exact is measured with what ``queries`` gives: unit vectors like those of questions.
    """
    import faiss

    faiss.omp_set_num_threads(os.cpu_count() or 1)
    if len(ids) <= flat_up_to:
        return flat(ids, vectors), Plan("flat")
    index = inverted_file(ids, vectors)
    return index, measured(index, ids, vectors, queries())


def flat(ids: Ids, vectors: NDArray[Any]) -> Any:
    """Exact inner products of vectors in half precision, which is how the archive stores them.

    A search takes as long as reading them from memory does: a third of what it takes in single precision.
    """
    import faiss

    half, inner = faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT
    index = faiss.IndexIDMap2(faiss.IndexScalarQuantizer(max(1, vectors.shape[1]), half, inner))
    for rows in _pieces(len(ids)):
        index.add_with_ids(_wide(vectors[rows]), ids[rows])
    return index


def inverted_file(ids: Ids, vectors: NDArray[Any]) -> Any:
    """√n lists (a power of two) of 8-bit scalar-quantised vectors. Deterministic for the same vectors."""
    import faiss

    count, dimension = vectors.shape
    lists = 2 ** max(1, round(math.log2(math.sqrt(count))))
    index = faiss.IndexIVFScalarQuantizer(
        faiss.IndexFlatIP(dimension), dimension, lists, faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT
    )
    index.cp.niter, index.cp.seed = _ROUNDS, 1234
    index.train(_wide(vectors[spread(count, _TRAINING_A_LIST * lists)]))
    for rows in _pieces(count):
        index.add_with_ids(_wide(vectors[rows]), ids[rows])
    return index


def measured(index: Any, ids: Ids, vectors: NDArray[Any], queries: Vectors, target: float = TARGET_RECALL) -> Plan:
    """The fewest probes, in powers of two, with which the index reaches the target for these queries."""
    import faiss

    truth = exact(queries, ids, vectors, MEASURED_K)
    lists, probes, recall = int(index.nlist), 1, 0.0
    while True:
        parameters = faiss.SearchParametersIVF(nprobe=probes)  # type: ignore[call-arg]
        _, found = index.search(queries, MEASURED_K, params=parameters)
        recall = recall_of(found, truth)
        if recall >= target or probes >= lists:
            return Plan("ivf-sq8", lists, probes, round(recall, 4))
        probes = min(lists, 2 * probes)


def exact(queries: Vectors, ids: Ids, vectors: NDArray[Any], k: int) -> Ids:
    """Ids of the k nearest by inner product, shape (queries, k); every vector is looked at."""
    import faiss

    scores = np.zeros((len(queries), 0), dtype=np.float32)
    held = np.zeros((len(queries), 0), dtype=np.int64)
    for rows in _pieces(len(ids)):
        near, at = faiss.knn(queries, _wide(vectors[rows]), min(k, rows.stop - rows.start), faiss.METRIC_INNER_PRODUCT)
        scores = np.concatenate([scores, near], axis=1)
        held = np.concatenate([held, ids[rows][at]], axis=1)
        keep = np.argsort(-scores, axis=1, kind="stable")[:, :k]
        scores, held = np.take_along_axis(scores, keep, axis=1), np.take_along_axis(held, keep, axis=1)
    return held


def search(index: Any, vector: Vectors, limit: int, probes: int, selector: Any | None, share: float) -> tuple[Any, Any]:
    """(scores, ids), each of shape (limit,); ids are -1 where there are fewer.

    ``share`` is the share of the vectors that the selector lets through. The fewer those are, the more lists are
    scanned: the number of vectors compared, and with it the recall, stays what it was measured with. Where the lists
    hold fewer than ``limit`` of them, more are scanned.
    """
    import faiss

    # FAISS gives one question to one thread; the others would only spin, which on a busy machine costs fourfold.
    faiss.omp_set_num_threads(1)
    query = vector.reshape(1, -1)
    if not probes:
        parameters = None if selector is None else faiss.SearchParameters(sel=selector)  # type: ignore[call-arg]
        scores, ids = index.search(query, limit, params=parameters)
        return scores[0], ids[0]
    widened = math.ceil(probes / max(share, 1e-9))
    while True:
        parameters = faiss.SearchParametersIVF(sel=selector, nprobe=min(widened, index.nlist))  # type: ignore[call-arg]
        scores, ids = index.search(query, limit, params=parameters)
        if ids[0, -1] >= 0 or widened >= index.nlist:
            return scores[0], ids[0]
        widened *= 4


def stored_ids(index: Any) -> Ids:
    """Ids of all vectors of an index, ascending."""
    import faiss

    if hasattr(index, "id_map"):
        return np.sort(faiss.vector_to_array(index.id_map))
    lists = index.invlists
    found = [faiss.rev_swig_ptr(lists.get_ids(n), lists.list_size(n)).copy() for n in range(index.nlist)]
    return np.sort(np.concatenate(found).astype(np.int64))


def among(ids: Ids) -> Any:
    """A FAISS selector of these ids (ascending), as a bitmap: a bit for every id up to the largest."""
    import faiss

    flags = np.zeros(int(ids[-1]) + 1 if len(ids) else 1, dtype=bool)
    flags[ids] = True
    return faiss.IDSelectorBitmap(np.packbits(flags, bitorder="little"))  # type: ignore[call-arg, arg-type]


def recall_of(found: Ids, truth: Ids) -> float:
    """Mean share of each row of ``truth`` that stands in the same row of ``found``."""
    shares = [len(set(a) & set(b)) / len(b) for a, b in zip(found.tolist(), truth.tolist(), strict=True)]
    return float(np.mean(shares)) if shares else 1.0


def _pieces(count: int, size: int = 20_000) -> list[slice]:
    return [slice(at, min(count, at + size)) for at in range(0, count, size)]


def spread(count: int, wanted: int) -> NDArray[np.int64]:
    """At most ``wanted`` row numbers below ``count``, evenly spread."""
    return np.unique(np.linspace(0, count - 1, min(count, wanted)).astype(np.int64))


def _wide(vectors: NDArray[Any]) -> Vectors:
    return np.ascontiguousarray(vectors, dtype=np.float32)
