"""Near-identical passages among search results."""

from __future__ import annotations

from collections.abc import Sequence

from rag.text.normalize import skeleton

SHINGLE = 5
THRESHOLD = 0.8


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


def group_duplicates(texts: Sequence[str]) -> list[list[int]]:
    """Groups of positions with near-identical texts, in order of their first members."""
    groups: list[tuple[frozenset[str], list[int]]] = []
    for n, text in enumerate(texts):
        own = shingles(text)
        for leader, members in groups:
            if near_duplicate(leader, own):
                members.append(n)
                break
        else:
            groups.append((own, [n]))
    return [members for _, members in groups]
