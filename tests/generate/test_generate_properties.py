"""Whatever the model says: every sentence shown has a known citation and no number that its quotations lack."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator

import pytest
from endpoint import Endpoint, serving, speaking
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from quoted import QUOTES, answer_of
from tiny_models import NgramModel

from rag.encoder.base import Encoder
from rag.errors import GenerationError
from rag.generate.compose import CitedSentence, Composition, check_reply, compose_answer
from rag.generate.facts import quotations
from rag.generate.settings import GenerationSettings
from rag.generate.support import Checker
from rag.search.alignment import WordVectors
from rag.text.words import Analyzer

NUMBERED = dict(enumerate(QUOTES, 1))
WORDS_WITH_NUMERALS = re.compile(
    "进一步|一些|一定|一般|一直|一样|一切|一旦|一起|一致|统一|一方面|一同|十分|唯一|之一|百姓"
)

pieces = [piece for quote in QUOTES for piece in re.split(r"(?<=[，。；：、])", quote) if piece]
fragment = st.one_of(
    st.sampled_from(pieces),
    st.sampled_from(
        ["不", "没有", "严禁", "同时，", "3", "２", "三", "①", "五十%", "2小时", "4小时内", "1,268", "8条", "一律"]
    ),
    st.sampled_from(
        ["[1]", "[2][3]", "[9]", "【1、4】", "[2016]", "。", "！", "\n", "「", "」", "“信息”", "《办法》", "<b>", "ABC"]
    ),
    st.text(max_size=6),
)
prose = st.lists(fragment, max_size=14).map("".join)
numbers = st.one_of(
    st.lists(st.integers(-2, 12), max_size=4), st.integers(0, 5), st.sampled_from(["1", "[2]", None, "x"])
)
listed = st.lists(st.fixed_dictionaries({"sentence": prose | st.none(), "citations": numbers}), max_size=5)
replies = st.one_of(prose, listed.map(lambda value: json.dumps(value, ensure_ascii=False)), st.text(max_size=60))


def digits(text: str) -> set[str]:
    """Runs of digits and of Chinese numerals, read without any help from the program."""
    folded = unicodedata.normalize("NFKC", WORDS_WITH_NUMERALS.sub("", text))
    return set(re.findall(r"\d+|[〇零一二两三四五六七八九十百千万亿]+", folded))


def holds(composition: Composition, numbered: dict[int, str]) -> None:
    for sentence in composition.sentences:
        assert sentence.citations
        assert set(sentence.citations) <= set(numbered)
        cited = [numbered[n] for n in sentence.citations]
        assert digits(sentence.text) <= set().union(*map(digits, cited))
        quoted = quotations(sentence.text)
        assert all(any(one in quote for quote in cited) for one in quoted or ())


@pytest.fixture(scope="module")
def checker(analyzer: Analyzer, encoder: Encoder) -> Checker:
    return Checker(NUMBERED, analyzer, WordVectors(encoder))


@given(reply=replies)
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_reply(checker: Checker, reply: str) -> None:
    try:
        composition = check_reply(reply, checker, "tiny")
    except GenerationError:
        return
    holds(composition, NUMBERED)


@pytest.mark.parametrize("order", [2, 3, 5])
def test_every_reply_of_a_model_of_the_quotations(order: int, checker: Checker) -> None:
    messages = [{"content": json.dumps({"原话": [{"编号": n, "文字": text} for n, text in NUMBERED.items()]})}]
    shown = 0
    for seed in range(60):
        composition = check_reply(NgramModel(seed, order)(messages), checker, "tiny")
        holds(composition, NUMBERED)
        shown += len(composition.sentences)
    assert shown > 0


@pytest.fixture(scope="module")
def speaker() -> Iterator[Endpoint]:
    with serving(speaking(lambda _: "[]")) as running:
        yield running


@given(reply=replies)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_reply_over_the_wire(speaker: Endpoint, analyzer: Analyzer, reply: str) -> None:
    speaker.says(reply)
    composition = compose_answer(answer_of(*QUOTES), GenerationSettings(speaker.url, "tiny", timeout=60), analyzer)
    holds(composition, NUMBERED)
    assert composition.sentences or composition.notice


def test_the_property_can_fail() -> None:
    with pytest.raises(AssertionError):
        holds(Composition((CitedSentence("要在3小时内报告。", (1,)),), 0, "", "tiny"), NUMBERED)
