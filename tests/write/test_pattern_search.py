"""Patterns in an archive: nothing missed, nothing made up, counted and collapsed."""

from __future__ import annotations

from pathlib import Path

import pytest
from fakes import FakeEncoder, ingester, speech, write
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.archive.reader import Archive
from rag.errors import UsageError
from rag.search.retriever import Retriever
from rag.session import Session
from rag.text.words import Analyzer
from rag.types import Filters
from rag.write.pattern_search import find_parallels, find_pattern
from rag.write.patterns import compile_pattern, matches
from rag.write.phrase import Phrases

PATTERNS = ("不是*而是*", "把*放在*", "要*不要*", "一*一*", "2*年", "“*”", "信息*", "*不得*", "多*少")


@pytest.fixture(scope="module")
def sample(sample_archive: Path) -> Retriever:
    return Session.open(sample_archive).retriever


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory, analyzer: Analyzer) -> Retriever:
    folder = tmp_path_factory.mktemp("patterns")
    texts = {
        "甲.txt": speech(
            "在督查工作会议上的讲话",
            "我们要以督查为抓手，推动工作落实见效。",
            "会议要开短，文件要写短，讲话要讲短。",
            date="2019年3月5日",
        ),
        "乙.txt": speech(
            "在考核工作会议上的讲话", "各单位要以督查为抓手，层层压实责任。各县区要以考核为抓手，树立鲜明导向。"
        ),
    }
    for name, text in texts.items():
        write(folder / "in" / name, text)
    encoder = FakeEncoder()
    ingester(folder / "archive", analyzer, encoder).ingest_paths([folder / "in"])
    return Retriever(Archive(folder / "archive"), encoder, analyzer)


def places(found: Phrases, retriever: Retriever) -> list[tuple[str, int, int]]:
    return sorted(
        (place.speech_id, place.start, place.end) for phrase in found.phrases for place in (phrase.place, *phrase.also)
    )


def test_the_commonest_wording_comes_first_with_its_places(small: Retriever) -> None:
    found = find_pattern(small, "以*为抓手")
    texts = {one.speech_id: one.text for one in small.archive.speeches()}
    matched = [texts[p.place.speech_id][p.match.start : p.match.end] for p in found.phrases if p.match]
    assert matched == ["以督查为抓手", "以考核为抓手"]
    assert [phrase.speeches for phrase in found.phrases] == [2, 1]
    assert (found.occurrences, found.speeches) == (3, 2)
    (other,) = found.phrases[0].also
    assert texts[other.speech_id][other.start : other.end] == "以督查为抓手"


def test_filters_hold(small: Retriever) -> None:
    found = find_pattern(small, "以*为抓手", filters=Filters(years=(2019, 2019)))
    assert (found.occurrences, found.speeches) == (1, 1)
    assert found.notices == ("按年份筛选未计入 1 篇年份不明的讲话",)
    assert find_pattern(small, "以*为抓手", filters=Filters(contains="压实责任")).occurrences == 2


def test_parallels_are_found_with_their_sentence(small: Retriever) -> None:
    (one,) = find_parallels(small, 3).phrases
    assert one.text == "会议要开短，文件要写短，讲话要讲短。"
    assert find_parallels(small, 4).phrases == ()


def test_an_unknown_function_is_named_with_the_valid_ones(small: Retriever) -> None:
    with pytest.raises(UsageError, match="没有「警句」这种句子功能。可选：开场谦辞、"):
        find_pattern(small, "以*为抓手", filters=Filters(function=("警句",)))


def test_only_sentences_of_a_function(sample: Retriever) -> None:
    every, some = (
        find_parallels(sample, 3, k=1000),
        find_parallels(sample, 3, k=1000, filters=Filters(function=("排比",))),
    )
    assert {p.function.label for p in some.phrases if p.function} == {"排比"}
    assert set(places(some, sample)) < set(places(every, sample))


def expected(sample: Retriever, pattern: str) -> int:
    """Matches in every passage of the archive, without index or prefilter."""
    compiled = compile_pattern(pattern)
    rows = sample.archive.passages(sample.archive.passage_ids()).values()
    texts = {speech.id: speech.text for speech in sample.archive.speeches()}
    return sum(len(list(matches(compiled, texts[row.speech], row.start, row.end))) for row in rows)


@pytest.mark.parametrize("pattern", PATTERNS)
def test_the_index_loses_nothing(sample: Retriever, pattern: str) -> None:
    found = find_pattern(sample, pattern, k=1)
    assert found.occurrences == expected(sample, pattern) > 0


WORDS = st.text(alphabet="要不会议信息安全以为抓手，。12a", min_size=1, max_size=3)


@settings(max_examples=40, deadline=None)
@given(WORDS, WORDS)
def test_the_index_loses_nothing_whatever_is_asked(sample: Retriever, first: str, second: str) -> None:
    pattern = f"{first}*{second}"
    try:
        compile_pattern(pattern)
    except UsageError:
        return
    assert find_pattern(sample, pattern, k=1).occurrences == expected(sample, pattern)


@pytest.mark.parametrize("pattern", PATTERNS[:4])
def test_what_is_shown_stands_at_its_place(sample: Retriever, pattern: str) -> None:
    texts = {one.speech_id: one.text for one in sample.archive.speeches()}
    for phrase in find_pattern(sample, pattern, k=200).phrases:
        assert texts[phrase.place.speech_id][phrase.place.start : phrase.place.end] == phrase.text
        assert phrase.match is not None
        assert phrase.place.start <= phrase.match.start < phrase.match.end <= phrase.place.end
