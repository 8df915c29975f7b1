"""Matching copies of a text: normalised for comparison, with the way back to the original offsets.

Text that people see is never normalised; only these copies are.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from rag.types import Span

# White space in the widest sense, with the zero-width and byte-order characters that files carry along.
SPACE_CHARS = "\\s\u200b\u200c\u200d\u2060\ufeff\u00ad\u180e"
SPACE = re.compile(f"[{SPACE_CHARS}]+")
CJK = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_NOT_WORD = re.compile(f"[^0-9A-Za-z{CJK}]+")
# The set that the evaluation's scorer keeps; narrower than CJK above and frozen with it.
_NOT_SCORED = re.compile("[^0-9A-Za-z\u3400-\u9fff]+")


@dataclass(frozen=True)
class Matching:
    """``text`` is the copy to match in; ``offsets[i]`` is where its i-th character came from."""

    text: str
    offsets: tuple[int, ...]

    def original(self, start: int, end: int) -> Span:
        """The span of the original that the copy's ``[start:end]`` came from (``end > start``)."""
        return Span(self.offsets[start], self.offsets[end - 1] + 1)

    def find_all(self, needle: str) -> list[Span]:
        """Original spans of every non-overlapping occurrence of an already normalised needle."""
        spans, at = [], self.text.find(needle) if needle else -1
        while at >= 0:
            spans.append(self.original(at, at + len(needle)))
            at = self.text.find(needle, at + len(needle))
        return spans


def matching_copy(text: str) -> Matching:
    """NFKC, lower case, quotation marks unified, white space dropped."""
    chars: list[str] = []
    offsets: list[int] = []
    for i, char in enumerate(text):
        for c in _fold(char):
            chars.append(c)
            offsets.append(i)
    return Matching("".join(chars), tuple(offsets))


# Characters that fold one by one the same as all at once, which is fifty times as fast.
_HAN = re.compile("[\u4e00-\u9fff]*")  # folds to itself
_PLAIN = re.compile("[\x00-\x7f\u2010-\u2027\u3000-\u303f\u3400-\u4dbf\u4e00-\u9fff\uff01-\uff5e]*")


def normalize(text: str) -> str:
    """The text of `matching_copy` alone."""
    if _HAN.fullmatch(text):
        return text
    if _PLAIN.fullmatch(text):
        plain = text.translate(_QUOTES) if _QUOTE.search(text) else text  # translating takes ten times as long as looking
        return SPACE.sub("", unicodedata.normalize("NFKC", plain).lower())
    return "".join(_fold(char) for char in text)


_QUOTES = str.maketrans("“”„‟「」『』«»‘’‚‛＂＇", '""""""""""' + "''''" + "\"'")
_QUOTE = re.compile(f"[{''.join(map(chr, _QUOTES))}]")
_fold_cache: dict[str, str] = {}


def _fold(char: str) -> str:
    folded = _fold_cache.get(char)
    if folded is None:
        folded = unicodedata.normalize("NFKC", char.translate(_QUOTES)).lower()
        folded = SPACE.sub("", folded).translate(_QUOTES)
        _fold_cache[char] = folded
    return folded


def squash(text: str) -> str:
    """Letters, digits and CJK characters only, as the evaluation compares texts."""
    return _NOT_SCORED.sub("", text)


def skeleton(text: str) -> str:
    """Normalised letters, digits and CJK characters: equal for texts that differ in punctuation and width only."""
    return _NOT_WORD.sub("", normalize(text))


def without_space(text: str) -> str:
    return SPACE.sub("", text)
