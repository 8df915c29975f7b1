"""The inverted file against brute force: recall as promised, filters exact, ids as given."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.encoder.base import unit
from rag.search.ann import TARGET_RECALL, among, build, exact, flat, recall_of, search, stored_ids

DIMENSION = 16


def clustered(count: int, seed: int = 3) -> np.ndarray:
    """Unit vectors around fifty centres, as texts on fifty themes would lie."""
    rng = np.random.default_rng(seed)
    centres = rng.normal(size=(50, DIMENSION))
    return unit(centres[rng.integers(0, 50, count)] + 0.6 * rng.normal(size=(count, DIMENSION)))


VECTORS = clustered(6000)
IDS = np.arange(7, 7 + 3 * len(VECTORS), 3, dtype=np.int64)
INVERTED, PLAN = build(IDS, VECTORS.astype("<f2"), lambda: clustered(256, seed=9), flat_up_to=0)
FLAT, EXACT_PLAN = build(IDS, VECTORS, lambda: VECTORS[:0])


def brute(query: np.ndarray, k: int, allowed: np.ndarray) -> list[int]:
    """The plain way: all products, sorted."""
    scores = VECTORS @ query
    order = [n for n in np.argsort(-scores, kind="stable") if IDS[n] in set(allowed.tolist())]
    return [int(IDS[n]) for n in order[:k]]


def test_a_small_collection_is_exact_and_a_large_one_inverted() -> None:
    assert (EXACT_PLAN.kind, EXACT_PLAN.recall) == ("flat", 1.0)
    assert (PLAN.kind, PLAN.lists) == ("ivf-sq8", 64)
    assert PLAN.recall >= TARGET_RECALL or PLAN.probes == PLAN.lists


def test_recall_on_questions_that_it_was_not_measured_with() -> None:
    queries = clustered(200, seed=11)
    truth = exact(queries, IDS, VECTORS, 10)
    found = np.array([search(INVERTED, query, 10, PLAN.probes, None, 1.0)[1] for query in queries])
    assert recall_of(found, truth) >= 0.95
    assert recall_of(truth, truth) == 1.0


def test_exact_is_the_plain_way() -> None:
    for query in clustered(5, seed=5):
        assert exact(query[None], IDS, VECTORS, 10)[0].tolist() == brute(query, 10, IDS)


def test_ids_are_those_given() -> None:
    assert stored_ids(INVERTED).tolist() == stored_ids(FLAT).tolist() == IDS.tolist()


@settings(max_examples=40, deadline=None)
@given(
    rows=st.sets(st.integers(0, len(IDS) - 1), min_size=1, max_size=300),
    seed=st.integers(0, 50),
    k=st.integers(1, 20),
)
@pytest.mark.parametrize("inverted", [False, True])
def test_filters_are_exact(inverted: bool, rows: set[int], seed: int, k: int) -> None:
    """Only allowed ids, as many as there are, and, since few lists are left to scan all of them, the nearest ones:
    up to what eight bits a number blur (0.02 of a cosine)."""
    allowed = IDS[sorted(rows)]
    query = clustered(1, seed)[0]
    index, plan = (INVERTED, PLAN) if inverted else (FLAT, EXACT_PLAN)
    limit = min(k, len(allowed))
    _, found = search(index, query, limit, plan.probes, among(allowed), len(allowed) / len(IDS))
    best = brute(query, limit, allowed)
    assert set(found.tolist()) <= set(allowed.tolist())
    assert len(found) == limit
    if not inverted:
        assert found.tolist() == best
    cosines = dict(zip(IDS.tolist(), VECTORS @ query, strict=True))
    assert min(cosines[i] for i in found.tolist()) >= cosines[best[-1]] - 0.02


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), count=st.integers(1, 300), k=st.integers(1, 20))
def test_a_flat_index_of_half_precision_vectors_is_exact(seed: int, count: int, k: int) -> None:
    stored = clustered(count, seed).astype("<f2").astype(np.float32)
    ids = np.arange(7, 7 + count)
    (question,) = clustered(1, seed + 1)
    scores, found = search(flat(ids, stored), question, min(k, count), 0, None, 1.0)
    assert scores == pytest.approx(np.sort(stored @ question)[::-1][:k], abs=1e-5)
    assert stored[found - 7] @ question == pytest.approx(scores, abs=1e-5)
