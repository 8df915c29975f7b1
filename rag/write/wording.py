"""How two wordings differ, word by word."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import NamedTuple

from rag.text.words import Analyzer

SAME, CHANGED, ADDED, DROPPED = "same", "changed", "added", "dropped"
_KINDS = {"equal": SAME, "replace": CHANGED, "insert": ADDED, "delete": DROPPED}


class Change(NamedTuple):
    """A piece of the original and what stands for it in the other wording; one of them is empty where it was added or dropped.

    All originals joined are the original text, all others the other one.
    """

    kind: str
    original: str
    other: str


def word_diff(original: str, other: str, analyzer: Analyzer) -> tuple[Change, ...]:
    """The pieces of two texts in order, cut between words (jieba)."""
    a, b = analyzer.cut(original), analyzer.cut(other)
    opcodes = SequenceMatcher(None, a, b, autojunk=False).get_opcodes()
    return tuple(Change(_KINDS[kind], "".join(a[i1:i2]), "".join(b[j1:j2])) for kind, i1, i2, j1, j2 in opcodes)
