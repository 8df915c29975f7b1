"""Near-identical passages among search results."""

from __future__ import annotations

from collections.abc import Callable

from rag.encoder.base import Vectors
from rag.text.normalize import skeleton

SHINGLE = 5
THRESHOLD = 0.8
ALIKE = 0.85


def shingles(text: str) -> frozenset[str]:
    """Character 5-grams of the text's skeleton."""
    bare = skeleton(text)
    return frozenset(bare[i : i + SHINGLE] for i in range(max(1, len(bare) - SHINGLE + 1)))


def near_duplicate(a: frozenset[str], b: frozenset[str]) -> bool:
    """Whether two shingle sets have a Jaccard similarity of at least `THRESHOLD`."""
    small, large = sorted((len(a), len(b)))
    if not large or small / large < THRESHOLD:
        return False
    common = len(a & b)
    return common / (small + large - common) >= THRESHOLD


def group_duplicates(text_at: Callable[[int], str], vectors: Vectors, limit: int) -> list[list[int]]:
    """Groups of positions with near-identical texts, in order of their first members; stops after ``limit`` groups.

    ``vectors`` (one unit row a text) spare the comparison of texts that are about different things, and reading them.
    Later members of an earlier group are still found after the last group has been opened.
    """
    similar = vectors @ vectors.T
    own: dict[int, frozenset[str]] = {}

    def grams(n: int) -> frozenset[str]:
        if n not in own:
            own[n] = shingles(text_at(n))
        return own[n]

    groups: list[list[int]] = []
    for n in range(len(vectors)):
        close = (g for g in groups if similar[g[0], n] >= ALIKE and near_duplicate(grams(g[0]), grams(n)))
        home = next(close, None)
        if home is not None:
            home.append(n)
        elif len(groups) < limit:
            groups.append([n])
    return groups
