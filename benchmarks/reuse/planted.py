"""Speeches made of the project's own passages, with copies of which everything is known planted into them.

The passages of training/data are dealt out so that none stands in two speeches: whatever two speeches share beyond the
planted copies is formula, not copy. Larger archives are made by a first-order Markov chain over the words of the same
passages, which repeats formulas about as often as real speeches do without repeating any passage.
"""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from rag.config import ROOT
from rag.session import shared_analyzer
from rag.types import Span

PASSAGES = 14  # a speech
LENGTHS = (20, 400)
MOST_EDITED = 0.15


@dataclass(frozen=True)
class Copy:
    """``speeches[source][at_source]`` stands, with ``edits`` of its characters changed, at ``speeches[target][at_target]``."""

    source: int
    at_source: Span
    target: int
    at_target: Span
    edits: int

    @property
    def length(self) -> int:
        return self.at_source.end - self.at_source.start


@dataclass(frozen=True)
class Planted:
    """Speeches and all the copies in them."""

    speeches: tuple[str, ...]
    copies: tuple[Copy, ...]

    @property
    def characters(self) -> int:
        return sum(map(len, self.speeches))


@lru_cache(maxsize=1)
def own_passages() -> tuple[str, ...]:
    """The passages written for training, each once, without those that contain another's beginning."""
    files = sorted((ROOT / "training" / "data").glob("pairs_*.jsonl"))
    lines = [line for file in files for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
    return tuple(dict.fromkeys(json.loads(line)["p"].strip() for line in lines))


def dealt(chance: random.Random) -> list[str]:
    """Speeches of `PASSAGES` passages each, no passage twice."""
    passages = list(own_passages())
    chance.shuffle(passages)
    return ["\n".join(passages[at : at + PASSAGES]) for at in range(0, len(passages) - PASSAGES + 1, PASSAGES)]


def invented(chance: random.Random, count: int, characters: int = 3000) -> list[str]:
    """Speeches of about as many characters each, by a Markov chain over words."""
    following: dict[str, list[str]] = {}
    for passage in own_passages():
        words = shared_analyzer().cut(passage)
        for one, other in pairwise(words):
            following.setdefault(one, []).append(other)
    starts = list(following)
    out = []
    for _ in range(count):
        words, length = [chance.choice(starts)], 0
        while length < characters:
            after = following.get(words[-1]) or starts
            words.append(after[int(chance.random() * len(after))])
            length += len(words[-1])
        out.append("".join(words))
    return out


def plant(speeches: Sequence[str], copies: int, chance: random.Random) -> Planted:
    """Plants copies from the first half of the speeches into the second half, at most one from any stretch of text."""
    half = len(speeches) // 2
    texts, planted = list(speeches), []
    taken: dict[int, list[Span]] = {}
    alphabet = [char for text in speeches[:200] for char in text if "\u4e00" <= char <= "\u9fff"]
    while len(planted) < copies:
        source, length = chance.randrange(half), chance.randint(*LENGTHS)
        start = chance.randrange(max(1, len(texts[source]) - length))
        span = Span(start, min(start + length, len(texts[source])))
        if any(span.start < other.end and other.start < span.end for other in taken.get(source, ())):
            continue
        taken.setdefault(source, []).append(span)
        copied, edits = edited(texts[source][span.start : span.end], chance.uniform(0, MOST_EDITED), alphabet, chance)
        target = half + chance.randrange(len(texts) - half)
        texts[target], at, planted = _inserted(texts[target], target, copied, planted, chance)
        planted.append(Copy(source, span, target, at, edits))
    return Planted(tuple(texts), tuple(planted))


def _inserted(
    text: str, target: int, copied: str, planted: list[Copy], chance: random.Random
) -> tuple[str, Span, list[Copy]]:
    """The text with the copy put in where no other copy stands, where that is, and the copies with their new places."""
    while True:
        at = chance.randrange(len(text) + 1)
        if not any(c.target == target and c.at_target.start < at < c.at_target.end for c in planted):
            break
    n = len(copied)
    moved = [
        Copy(c.source, c.at_source, c.target, Span(c.at_target.start + n, c.at_target.end + n), c.edits)
        if c.target == target and c.at_target.start >= at
        else c
        for c in planted
    ]
    return text[:at] + copied + text[at:], Span(at, at + n), moved


def edited(text: str, share: float, alphabet: Sequence[str], chance: random.Random) -> tuple[str, int]:
    """The text with that share of its characters replaced, dropped or joined by others, one or two at a time."""
    chars = list(text)
    wanted, done = round(share * len(text)), 0
    while done < wanted:
        n = min(chance.choice((1, 1, 2)), wanted - done)
        at = chance.randrange(max(1, len(chars) - n))
        new = [chance.choice(alphabet) for _ in range(n)]
        kind = chance.choice(("replace", "replace", "drop", "insert"))
        chars[at : at + (0 if kind == "insert" else n)] = [] if kind == "drop" else new
        done += n
    return "".join(chars), wanted
