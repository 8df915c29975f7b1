"""What the segmenter's dictionary says of a word, and plain words out of the index's search-mode ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True)
class Lexicon:
    """jieba's dictionary. ``frequency`` counts occurrences in the general Chinese corpus that it was made from."""

    frequency: dict[str, int]
    tag: dict[str, str]
    total: int

    def rate(self, word: str) -> float:
        """Occurrences a running word in general Chinese; for an unknown word, those of one seen once."""
        return (self.frequency.get(word, 0) + 1) / self.total


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """The dictionary without the segmenter: half a second, once."""
    import jieba

    frequency: dict[str, int] = {}
    tag: dict[str, str] = {}
    with jieba.get_module_res("dict.txt") as stream:
        for line in stream:
            word, count, kind = line.decode("utf-8").split()
            frequency[word], tag[word] = int(count), kind
    return Lexicon(frequency, tag, sum(frequency.values()))


class WholeWords:
    """Undoes jieba's search mode, which puts the shorter words inside a word in front of it.

    «办公 公室 办公室» → «办公室». The way back is exact, because search mode emits precisely the pairs and triples
    of a word that the dictionary knows.
    """

    def __init__(self, words: Lexicon) -> None:
        self._known = words.frequency
        self._inner: dict[str, int] = {}

    def __call__(self, tokens: Sequence[str]) -> list[str]:
        out: list[str] = []
        at = len(tokens) - 1
        while at >= 0:
            out.append(tokens[at])
            at -= 1 + self._count(tokens[at])
        return out[::-1]

    def _count(self, word: str) -> int:
        found = self._inner.get(word)
        if found is None:
            sizes = [size for size in (2, 3) if len(word) > size]
            grams = [word[i : i + size] for size in sizes for i in range(len(word) - size + 1)]
            found = self._inner[word] = sum(1 for gram in grams if self._known.get(gram))
        return found
