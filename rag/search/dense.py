"""The nearest passages to a question, by a FAISS index that is derived from the archive and follows it.

An index stands when the archive changes: what was added since is searched beside it and what was removed is left out. Once
that is a twentieth, in a small archive a half, it is made anew.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import numpy as np

from rag.archive.reader import Archive
from rag.encoder.base import Vectors
from rag.search.ann import MEASURED_QUERIES, Ids, Plan, among, build, flat, search, spread, stored_ids
from rag.search.dense_file import current_stamp, load, same, store
from rag.search.derived import Stamp, is_ancestor

SMALL = 1_000
REBUILT_SHARE = 0.05
REBUILT_SHARE_SMALL = 0.5


@dataclass(frozen=True)
class Base:
    """An index of one state of the archive, as it is stored. Never changed: other threads may be searching it."""

    index: Any
    plan: Plan
    stamp: Stamp


class DenseIndex:
    """Inner products of a query with passage vectors: those of a base, those added since, without those removed."""

    def __init__(self, base: Base, generation: int, added: Any | None = None, removed: Ids | None = None) -> None:
        self.base = base
        self.generation = generation
        self._added = added
        self._removed = np.zeros(0, dtype=np.int64) if removed is None else removed

    @classmethod
    def open(cls, archive: Archive, known: DenseIndex | None = None) -> DenseIndex:
        """The index of the archive's present generation.

        It is ``known`` or the stored one where those fit or can be brought up to date, else a new one, which is stored
        for the next time.
        """
        with archive.snapshot():
            stamp = current_stamp(archive)
            bases = (find() for find in (lambda: known.base if known else None, lambda: _stored(archive)))
            for base in bases:
                found = cls._continuing(base, archive, stamp) if base else None
                if found:
                    return found
            base = _build(archive, stamp)
            store(archive.folder, base.index, base.plan, stamp)
        return cls(base, stamp["generation"])

    @classmethod
    def _continuing(cls, base: Base, archive: Archive, stamp: Stamp) -> DenseIndex | None:
        """A base with what has changed since, None when it is another archive's or too much has changed."""
        if same(base.stamp, stamp):
            return cls(base, stamp["generation"])
        fits = all(base.stamp[key] == stamp[key] for key in ("version", "encoder", "vectors"))
        if not fits or not is_ancestor(base.stamp, archive):
            return None
        before, live = stored_ids(base.index), archive.live_ids()
        removed = before[~np.isin(before, live, assume_unique=True)]
        ids, vectors = archive.passage_vectors(after=int(before[-1]) if len(before) else 0)
        changed, total = len(ids) + len(removed), len(before) - len(removed) + len(ids)
        share = REBUILT_SHARE_SMALL if stamp["passages"] <= SMALL else REBUILT_SHARE
        if changed > share * len(before) or total != stamp["passages"]:
            return None
        return cls(base, stamp["generation"], flat(ids, vectors) if len(ids) else None, removed)

    def __len__(self) -> int:
        return int(self.base.index.ntotal) - len(self._removed) + (self._added.ntotal if self._added else 0)

    def search(self, vector: Vectors, limit: int, allowed: Collection[int] | Ids | None = None) -> dict[int, float]:
        """Passage id → cosine of the nearest passages, best first; only among ``allowed`` ids when given."""
        limit = min(limit, len(self) if allowed is None else len(allowed))
        if limit <= 0:
            return {}
        selector, share = self._selection(allowed)
        scores, ids = search(self.base.index, vector, limit, self.base.plan.probes, selector, share)
        if self._added is not None:
            more, others = search(self._added, vector, limit, 0, selector, share)
            scores, ids = np.concatenate([scores, more]), np.concatenate([ids, others])
            order = np.argsort(-scores, kind="stable")[:limit]
            scores, ids = scores[order], ids[order]
        return {int(i): float(s) for i, s in zip(ids, scores, strict=True) if i >= 0}

    def _selection(self, allowed: Collection[int] | Ids | None) -> tuple[Any | None, float]:
        """(selector of the ids to look at, their share of all); no selector when these are all."""
        import faiss

        if allowed is None:
            if not len(self._removed):
                return None, 1.0
            selector = among(self._removed)
            excluding: Any = faiss.IDSelectorNot(selector)
            excluding.excluded = selector  # FAISS does not keep it alive
            return excluding, 1.0
        ids = allowed if isinstance(allowed, np.ndarray) else np.sort(np.fromiter(allowed, dtype=np.int64))
        return among(ids[ids >= 0]), len(ids) / max(1, len(self))


def _stored(archive: Archive) -> Base | None:
    found = load(archive.folder)
    return Base(*found) if found else None


def _build(archive: Archive, stamp: Stamp) -> Base:
    ids = np.zeros(stamp["passages"], dtype=np.int64)
    packed = np.zeros((len(ids), max(1, archive.dimension)), dtype="<f2")
    at = 0
    for some, vectors in archive.vector_batches():
        ids[at : at + len(some)], packed[at : at + len(some)] = some, vectors
        at += len(some)
    index, plan = build(ids, packed, lambda: sample_queries(archive, ids))
    return Base(index, plan, stamp)


def sample_queries(archive: Archive, ids: Ids) -> Vectors:
    """Single sentences of passages from all over the archive, shape (n, dimension).

    They lie about as far from the passages as questions do. Points between passages, which are nearer, made an index
    of 0.98 recall out of one of 0.84 (docs/scale.md).
    """
    rows = archive.passages(ids[spread(len(ids), MEASURED_QUERIES)].tolist()).values()
    own = [row.sentence_vectors[len(row.sentence_vectors) // 2] for row in rows if len(row.sentence_vectors)]
    return np.array(own, dtype=np.float32).reshape(len(own), max(1, archive.dimension))
