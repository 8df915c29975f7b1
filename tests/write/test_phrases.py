"""Wording found by meaning."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from fakes import FakeEncoder, ingester, speech, write

from rag.archive.reader import Archive
from rag.errors import UsageError
from rag.search.retriever import Retriever
from rag.session import Session
from rag.text.words import Analyzer
from rag.types import Filters
from rag.write.phrases import LONGEST, PhraseFinder

REQUESTS = (
    "形容工作细致不出错的说法",
    "劝人早点报、别怕报错的硬气话",
    "a metaphor for a trade union",
    "以会议落实会议",
)


@pytest.fixture(scope="module")
def finder(sample_archive: Path) -> PhraseFinder:
    return PhraseFinder(Session.open(sample_archive).retriever)


@pytest.fixture
def small(tmp_path: Path, analyzer: Analyzer) -> Callable[..., PhraseFinder]:
    """A finder over speeches of these paragraphs, one speech an argument."""

    def build(*speeches: tuple[str, ...]) -> PhraseFinder:
        for n, paragraphs in enumerate(speeches):
            write(tmp_path / "in" / f"{n}.txt", speech(f"在第{n}次工作会议上的讲话", *paragraphs))
        encoder = FakeEncoder()
        ingester(tmp_path / "archive", analyzer, encoder).ingest_paths([tmp_path / "in"])
        return PhraseFinder(Retriever(Archive(tmp_path / "archive"), encoder, analyzer))

    return build


@pytest.mark.parametrize("request_", REQUESTS)
def test_words_are_verbatim_and_short_enough(finder: PhraseFinder, request_: str) -> None:
    texts = {one.speech_id: one.text for one in finder.retriever.archive.speeches()}
    found = finder.find(request_, 20).phrases
    assert len(found) == 20
    assert [phrase.rank for phrase in found] == list(range(1, 21))
    for phrase in found:
        text = texts[phrase.place.speech_id]
        assert text[phrase.place.start : phrase.place.end] == phrase.text
        assert text[phrase.context.start : phrase.context.end] == phrase.wide
        assert phrase.context.start <= phrase.place.start <= phrase.core.start
        assert phrase.core.end <= phrase.place.end <= phrase.context.end
        assert len(phrase.wide) <= LONGEST or phrase.core == (phrase.context.start, phrase.context.end)


def test_meaning_counts_not_words(finder: PhraseFinder) -> None:
    texts = [phrase.wide for phrase in finder.find("形容办公室活儿细、差一点都不行的说法", 5).phrases]
    assert any("绣花" in text for text in texts)


def test_results_do_not_overlap(finder: PhraseFinder) -> None:
    found = finder.find(REQUESTS[0], 50).phrases
    spans = sorted((p.context.speech_id, p.context.start, p.context.end) for p in found)
    assert all(a[0] != b[0] or a[2] <= b[1] for a, b in pairwise(spans))


def test_a_function_limits_the_sentences_themselves(finder: PhraseFinder) -> None:
    found = finder.find("家里有人等", 10, Filters(function=("号召结尾",))).phrases
    assert found
    assert {phrase.function.label for phrase in found if phrase.function} == {"号召结尾"}


def test_an_unknown_function_is_named_with_the_valid_ones(finder: PhraseFinder) -> None:
    with pytest.raises(UsageError, match="没有「警句」这种句子功能。可选：开场谦辞、"):
        finder.find("团结", filters=Filters(function=("警句",)))


@pytest.mark.parametrize("request_", ["", "  ", "-会议"])
def test_a_request_for_nothing_is_refused(finder: PhraseFinder, request_: str) -> None:
    with pytest.raises(UsageError):
        finder.find(request_)


def test_the_same_words_elsewhere_are_one_phrase_with_two_places(small: Callable[..., PhraseFinder]) -> None:
    said = "信息工作做不好，领导决策就是盲人摸象。"
    finder = small((said, "会议要精简，文件也要跟着精简下来。"), ("安全生产责任重于泰山，隐患必须排查到位。", said))
    first = finder.find("信息工作").phrases[0]
    assert first.text == said
    assert first.speeches == 2
    (other,) = first.also
    assert other.speech_id != first.place.speech_id
    assert sum(phrase.text == said for phrase in finder.find("信息工作").phrases) == 1


def test_a_point_of_a_list_brings_its_head(small: Callable[..., PhraseFinder]) -> None:
    finder = small(
        ("办公室要做到以下几点：", "一是信息报送必须快，迟了就没有用处了。", "大家辛苦了，今天的天气也很好。")
    )
    assert finder.find("信息").phrases[0].text == "办公室要做到以下几点：\n一是信息报送必须快，迟了就没有用处了。"


def test_a_word_that_excludes_holds(small: Callable[..., PhraseFinder]) -> None:
    finder = small(("信息报送必须快，迟了就没有用处了。",), ("信息必须准确，错了就要误导领导决策。",))
    assert [phrase.text for phrase in finder.find("信息 -准确").phrases] == ["信息报送必须快，迟了就没有用处了。"]


def test_likeness_to_an_earlier_result_costs(finder: PhraseFinder) -> None:
    """With a high cost the mean likeness of the first ten to each other falls."""

    def likeness(weight: float) -> float:
        other = PhraseFinder(finder.retriever, replace(finder.weights, repetition=weight))
        vectors = finder.retriever.encoder.encode_passages([p.wide for p in other.find("信息报送要快", 10).phrases])
        return float((vectors @ vectors.T)[np.triu_indices(10, 1)].mean())

    assert likeness(2.0) < likeness(0.0)
