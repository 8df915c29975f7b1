"""Which speech of a changed file continues which old one."""

from __future__ import annotations

from collections.abc import Sequence

from rag.text.normalize import skeleton

SHINGLE = 4
SAME_SPEECH = 0.5


def heirs(old: Sequence[str], new: Sequence[str]) -> dict[int, int]:
    """Position of an old text → position of the new text that continues it; each new text continues one at most.

    Two texts continue each other when the smaller shares half of its character 4-grams with the other: an edited,
    lengthened or shortened speech does, two speeches on one subject do not.
    """
    before, after = [_shingles(text) for text in old], [_shingles(text) for text in new]
    found = sorted(
        ((_share(a, b), -n, -m) for n, a in enumerate(before) for m, b in enumerate(after)),
        reverse=True,
    )
    out: dict[int, int] = {}
    for share, n, m in found:
        if share > SAME_SPEECH and -n not in out and -m not in out.values():
            out[-n] = -m
    return out


def _shingles(text: str) -> frozenset[str]:
    bare = skeleton(text)
    return frozenset(bare[i : i + SHINGLE] for i in range(max(1, len(bare) - SHINGLE + 1)))


def _share(a: frozenset[str], b: frozenset[str]) -> float:
    return len(a & b) / max(1, min(len(a), len(b)))
