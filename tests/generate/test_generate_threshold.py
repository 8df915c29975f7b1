"""The threshold of support, measured on the sample speeches: what is lost of faithful text, what passes of other text."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest

from rag.archive.reader import Archive
from rag.encoder.base import Encoder
from rag.generate.support import SHARE, Checker
from rag.search.alignment import WordVectors
from rag.text.sentences import sentences
from rag.text.words import Analyzer

CASES = 250


class Case(NamedTuple):
    """A quotation of two sentences, one shortened to some of its clauses, and the sentence that follows it."""

    quote: str
    shortened: str
    following: str


@pytest.fixture(scope="module")
def cases(sample_archive: Path) -> list[Case]:
    rng = random.Random(3)
    found = []
    for speech in Archive(sample_archive).speeches():
        spans = [span for span in sentences(speech.text) if 15 <= span.end - span.start <= 150]
        for first, second, third in zip(spans, spans[1:], spans[2:], strict=False):
            one, following = speech.text[first.start : first.end], speech.text[third.start : third.end]
            clauses = re.findall(r"[^，；。！？]+[，；。！？]*", one)
            if len(clauses) >= 3 and not re.search('[“”「」『』"]', one) and second.end - first.start < 260:
                begin = rng.randrange(len(clauses) - 1)
                kept = "".join(clauses[begin : begin + rng.randint(2, 3)]).rstrip("，；。！？") + "。"
                found.append(Case(speech.text[first.start : second.end], kept, following))
    return rng.sample(found, CASES)


def passing(pairs: Sequence[tuple[str, str]], analyzer: Analyzer, vectors: WordVectors | None) -> float:
    """The share of (quotation, sentence) pairs in which the quotation supports the sentence."""
    return sum(bool(Checker({1: quote}, analyzer, vectors).supporting(text, [1])) for quote, text in pairs) / len(pairs)


def covered(quote: str, text: str, analyzer: Analyzer, vectors: WordVectors) -> bool:
    """Whether the words alone would pass."""
    checker = Checker({1: quote}, analyzer, vectors)
    return all(checker.coverage(unit, checker._quotes[1]) >= SHARE for unit in checker._units(text))


@pytest.mark.parametrize("near", [True, False], ids=["with vectors", "words alone"])
def test_what_passes(near: bool, cases: list[Case], analyzer: Analyzer, encoder: Encoder) -> None:
    vectors = WordVectors(encoder) if near else None
    assert passing([(case.quote, case.shortened) for case in cases], analyzer, vectors) >= 0.93
    assert passing([(case.quote, case.following) for case in cases], analyzer, vectors) <= 0.005
    others = [case.quote for case in cases[1:]]
    assert (
        passing([(other, case.shortened) for case, other in zip(cases, others, strict=False)], analyzer, vectors) == 0
    )


def test_the_words_alone_tell_most_of_it(cases: list[Case], analyzer: Analyzer, encoder: Encoder) -> None:
    vectors = WordVectors(encoder)
    assert sum(covered(case.quote, case.shortened, analyzer, vectors) for case in cases) / CASES >= 0.99
    assert sum(covered(case.quote, case.following, analyzer, vectors) for case in cases) / CASES <= 0.02


def with_another_numeral(text: str, rng: random.Random) -> str:
    found = rng.choice(list(re.finditer(r"\d|[二三四五六七八九]", text)))
    every = "0123456789" if found[0].isdigit() else "二三四五六七八九"
    return text[: found.start()] + rng.choice(every.replace(found[0], "")) + text[found.end() :]


def without_a_negation(text: str, rng: random.Random) -> str:
    found = rng.choice(list(re.finditer("不得|不能|没有|严禁|未(?!来)|不(?=[要准许搞说怕])", text)))
    return text[: found.start()] + text[found.end() :]


def with_a_negation(text: str, rng: random.Random) -> str:
    found = rng.choice(list(re.finditer("(?<=[要会能])|(?=是)", text)))
    return text[: found.start()] + "不" + text[found.end() :]


@pytest.mark.parametrize(
    ("change", "place", "passing_at_most"),
    [
        (with_another_numeral, r"\d|[二三四五六七八九]", 0.02),
        (without_a_negation, "不得|不能|没有|严禁|未(?!来)|不(?=[要准许搞说怕])", 0.04),
        (with_a_negation, "[要会能]|是", 0.04),
    ],
)
def test_one_character_changed_in_a_verbatim_sentence(
    change: Callable[[str, random.Random], str],
    place: str,
    passing_at_most: float,
    sample_archive: Path,
    analyzer: Analyzer,
    encoder: Encoder,
) -> None:
    rng = random.Random(7)
    texts = [
        speech.text[span.start : span.end]
        for speech in Archive(sample_archive).speeches()
        for span in sentences(speech.text)
        if 15 <= span.end - span.start <= 150 and re.search(place, speech.text[span.start : span.end])
    ]
    chosen = rng.sample(texts, CASES)
    vectors = WordVectors(encoder)
    assert passing([(text, text) for text in chosen], analyzer, vectors) >= 0.97
    assert passing([(text, change(text, rng)) for text in chosen], analyzer, vectors) <= passing_at_most
