"""Whether quotations support a sentence that was made from them.

A sentence is taken apart into units of a few telling words. Each unit needs one quotation that supports it alone; a
unit without numbers may also rest on several together («甲、乙两地都…»). A number never moves from one quotation to
another that way. What this cannot see: words of one quotation put together anew, such as giver and taker exchanged.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from rag.generate.facts import Facts, facts_of, quotes_exactly
from rag.generate.figures import moved
from rag.generate.negation import Clause, clauses_of, contradicts
from rag.search.alignment import QuestionWords, WordNumbers, WordVectors, nearest_words
from rag.text.normalize import normalize
from rag.text.words import Analyzer

# Fitted on the sample speeches; docs/generation.md has the figures and tests/generate/test_generate_threshold.py holds them.
SHARE = 0.7
NEAR = 0.6
UNIT_WORDS = 4

_BREAK = re.compile(r"(?<=[，；;：。！!？?])|(?<=[,:])(?!\d)")
# What a writer adds to join quotations, which says nothing of its own.
_JOINTS = frozenset(
    re.findall(
        r"\S+",
        "同时 此外 另外 因此 并且 而且 其中 其次 首先 然后 最后 总之 即 也就是 强调 指出 认为 表示 明确 要求 包括 例如 比如 通过 进行 需要 做到 以便 从而 还有 具体 具体来说 来说 对此 对于",
    )
)


@dataclass(frozen=True)
class Text:
    """A text as the checks see it."""

    raw: str
    analyzer: Analyzer

    @cached_property
    def folded(self) -> str:
        return normalize(self.raw)

    @cached_property
    def facts(self) -> Facts:
        return facts_of(self.raw, self.analyzer)

    @cached_property
    def clauses(self) -> tuple[Clause, ...]:
        return clauses_of(self.raw, self.analyzer)

    @cached_property
    def words(self) -> tuple[str, ...]:
        return tuple(self.analyzer.words(self.raw))

    @cached_property
    def telling(self) -> tuple[str, ...]:
        return tuple(word for word in self.analyzer.query_words(self.raw) if word not in _JOINTS)


class Checker:
    """Checks sentences against numbered quotations. ``vectors`` lets near words count; without, only equal ones do."""

    def __init__(self, quotes: Mapping[int, str], analyzer: Analyzer, vectors: WordVectors | None = None) -> None:
        self._quotes = {n: Text(quote, analyzer) for n, quote in quotes.items()}
        self._analyzer = analyzer
        self._words = vectors or WordNumbers()

    def supporting(self, sentence: str, cited: Sequence[int]) -> tuple[int, ...]:
        """Those of the cited quotations that support the sentence, in the order cited; none when they do not."""
        known = [n for n in dict.fromkeys(cited) if n in self._quotes]
        whole = Text(sentence, self._analyzer)
        if not known or not whole.telling or not quotes_exactly(sentence, (self._quotes[n].raw for n in known)):
            return ()
        needed: set[int] = set()
        for unit in self._units(sentence):
            found = self._support(unit, known)
            if not found:
                return ()
            needed.update(found)
        kept = tuple(n for n in known if n in needed)
        return kept if quotes_exactly(sentence, (self._quotes[n].raw for n in kept)) else tuple(known)

    def _units(self, sentence: str) -> list[Text]:
        """Clauses, joined until each has `UNIT_WORDS` telling words."""
        units, held = [], ""
        for clause in _BREAK.split(sentence):
            held += clause
            if len(Text(held, self._analyzer).telling) >= UNIT_WORDS:
                units.append(held)
                held = ""
        if held and units and len(Text(held, self._analyzer).telling) < UNIT_WORDS:
            units[-1] += held
        elif held:
            units.append(held)
        return [Text(unit, self._analyzer) for unit in units]

    def _support(self, unit: Text, cited: Sequence[int]) -> set[int]:
        """The quotations that support a unit, each alone; else the fewest that do so together."""
        alone = {n for n in cited if self._supports(unit, self._quotes[n])}
        if alone or unit.facts.numbers or len(cited) < 2:
            return alone
        together = list(cited)
        if not self._supports(unit, self._joined(together)):
            return set()
        for n in cited:
            fewer = [other for other in together if other != n]
            if fewer and self._supports(unit, self._joined(fewer)):
                together = fewer
        return set(together)

    def _joined(self, numbers: Sequence[int]) -> Text:
        return Text("\n".join(self._quotes[n].raw for n in numbers), self._analyzer)

    def _supports(self, unit: Text, quote: Text) -> bool:
        if unit.facts.missing_from(quote.facts, quote.folded):
            return False
        if contradicts(unit.clauses, quote.clauses) or moved(unit.clauses, quote.clauses):
            return False
        return self.coverage(unit, quote) >= SHARE

    def coverage(self, unit: Text, quote: Text) -> float:
        """The mean over the unit's telling words of 1 where the quote has the word, else of the nearest word's cosine
        where that is at least `NEAR`, else of 0."""
        if not unit.telling:
            return 1.0
        equal = np.array([word in quote.folded for word in unit.telling], dtype=np.float32)
        question = QuestionWords(unit.telling, np.full(len(unit.telling), 1 / len(unit.telling), dtype=np.float32))
        near = nearest_words(question, self._words.lines([" ".join(quote.words)])[0], self._words)[:, 0]
        return float(np.maximum(equal, np.where(near >= NEAR, near, 0)).mean())
