"""Terms: words and pairs of words that say what a text is about.

A term is a content word, or two adjacent ones that stick together, that is more frequent in the archive than in
Chinese at large (the log ratio of Hardie, «Log Ratio: an informal introduction», 2014) and that does not belong to
the phrases with which every speech is made.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from rag.text.lexicon import Lexicon
from rag.text.words import STOP_WORDS

MIN_ASSOCIATION = 0.45  # normalised pointwise mutual information (Bouma 2009): 1 where two words only occur together
MIN_KEYNESS = 1.0  # natural logarithm: e times as frequent as in Chinese at large
MAX_KEYNESS = 4.0  # a rarity is not more of a topic than a plain technical term
_TOPICAL = re.compile(r"n(?!r)|vn|v$|vi|j|l|an|x$")
_NAMING = re.compile(r"n(?!r)|vn|x$")  # names things; the other kinds are terms of less weight
_LESS = 0.7
NEARLY = 0.6
_NUMERAL = re.compile("^[第几数上每两一二三四五六七八九十百千万亿0-9]|[0-9]|[一二两三四五六七八九十][个条次天年件]")
EMPTY_WORDS = Path(__file__).with_name("empty_words.txt")

Term = tuple[str, ...]  # one or two words


class Counts(NamedTuple):
    """How often a term occurs: all in all, in how many passages, in how many speeches."""

    total: int
    passages: int
    speeches: int


@dataclass(frozen=True)
class TermTable:
    """The terms of an archive with their counts and their weight (0 to `MAX_KEYNESS`)."""

    counts: dict[Term, Counts]
    keyness: dict[Term, float]

    def key_terms(self, limit: int) -> list[Term]:
        """The terms that most speeches share, weighed by how special they are to the archive."""
        weight = {term: n.speeches * self.keyness[term] for term, n in self.counts.items() if n.speeches > 1}
        weight = weight or {term: n.total * self.keyness[term] for term, n in self.counts.items() if n.total > 1}
        return without_parts(weight, limit)


def candidates(lines: Iterable[Sequence[str]], words: Lexicon) -> Counter[Term]:
    """Content words and pairs of adjacent content words, with their counts. ``lines`` are sentences as whole words."""
    found: Counter[Term] = Counter()
    for line in lines:
        before = ""
        for word in line:
            if not is_content(word, words):
                before = ""
                continue
            found[(word,)] += 1
            if before and before != word:
                found[(before, word)] += 1
            before = word
    return found


@lru_cache(maxsize=1)
def empty_words() -> frozenset[str]:
    """Words that are no terms: those of `STOP_WORDS`, and those with which any speech is made."""
    lines = EMPTY_WORDS.read_text(encoding="utf-8").splitlines()
    return STOP_WORDS | {word for line in lines if not line.startswith("#") for word in line.split()}


def is_content(word: str, words: Lexicon) -> bool:
    if len(word) < 2 or word in empty_words() or not "\u3400" <= word[0] <= "\u9fff":
        return False
    return not _NUMERAL.match(word) and bool(_TOPICAL.match(words.tag.get(word, "x")))


def term_table(found: Sequence[Counter[Term]], owners: Sequence[int], running: int, words: Lexicon) -> TermTable:
    """The table of what `candidates` found passage by passage.

    ``owners`` names the speech of each passage, ``running`` is the number of running words. A word counts from its
    second occurrence, a pair from its third; in archives of several speeches both must occur in two of them.
    """
    total: Counter[Term] = Counter()
    passages: Counter[Term] = Counter()
    speeches: dict[Term, set[int]] = {}
    for counts, owner in zip(found, owners, strict=True):
        total.update(counts)
        passages.update(counts.keys())
        for term in counts:
            speeches.setdefault(term, set()).add(owner)
    shared = 2 if len(set(owners)) > 2 else 1
    kept: dict[Term, Counts] = {}
    keyness: dict[Term, float] = {}
    for term, n in total.items():
        if n < 1 + len(term) or len(speeches[term]) < shared:
            continue
        weight = _keyness(term, total, running, words)
        if weight >= MIN_KEYNESS:
            kept[term], keyness[term] = Counts(n, passages[term], len(speeches[term])), min(weight, MAX_KEYNESS)
    return TermTable(kept, keyness)


def _keyness(term: Term, total: Counter[Term], running: int, words: Lexicon) -> float:
    """Log ratio to Chinese at large; of a pair, whose frequency there is unknown, that of its more special word
    where the two stick together, else 0."""
    if len(term) == 1:
        ratio = math.log(total[term] / running / words.rate(term[0]))
        return ratio if _NAMING.match(words.tag.get(term[0], "x")) else ratio * _LESS
    first, second = total[(term[0],)], total[(term[1],)]
    together = math.log(total[term] * running / (first * second)) / math.log(running / total[term])
    if together < MIN_ASSOCIATION:
        return 0.0
    return max(_keyness((word,), total, running, words) for word in term)


def without_parts(weight: Mapping[Term, float], limit: int) -> list[Term]:
    """The weightiest terms of which none is contained in another: the longer one stays where it weighs nearly as much
    («集体协商» for «集体»), else the shorter."""
    kept: list[Term] = []
    for term in sorted(weight, key=lambda term: (-weight[term], term)):
        name = "".join(term)
        inside = [other for other in kept if "".join(other) in name]
        if inside and weight[term] >= NEARLY * weight[inside[0]]:
            kept[kept.index(inside[0])] = term
            kept = [other for other in kept if other not in inside]
        elif not inside and not any(name in "".join(other) for other in kept):
            kept.append(term)
        if len(kept) > limit:
            break
    return kept[:limit]
