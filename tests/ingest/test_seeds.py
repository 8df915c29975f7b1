"""The five real files, which are not in this repository: counts and reasons only, no text of theirs."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from document_checks import check_document

from rag.ingest import damage, furniture, splitting
from rag.ingest.document import REPEATED_TITLE, take_apart
from rag.ingest.readers import read_source
from rag.text.normalize import skeleton
from rag.text.words import Analyzer
from rag.types import Document

SEEDS = Path(__file__).resolve().parents[3] / "shared" / "seeds"
COUNTS = {"000": 1, "001": 5, "002": 1, "003": 15, "004": 1}
TERMS = ("禁止外传", "酷乐文行", "会员群", "打击倒卖", "一键复制", "飞鸿范文帮", "template file", "热门标签")

pytestmark = [
    pytest.mark.seeds,
    pytest.mark.skipif(
        not SEEDS.is_dir(), reason="the real source files (shared/seeds beside the repository) are absent"
    ),
]


@cache
def seed(number: str, analyzer: Analyzer) -> Document:
    (path,) = SEEDS.glob(f"{number}_*.txt")
    return take_apart(read_source(path), path.name, analyzer)


@pytest.mark.parametrize(("number", "count"), COUNTS.items())
def test_number_of_speeches(number: str, count: int, analyzer: Analyzer) -> None:
    document = seed(number, analyzer)
    assert len(document.speeches) == count
    check_document(document)


def test_an_announcement_that_is_not_kept(analyzer: Analyzer) -> None:
    announced = [note for number in COUNTS for note in seed(number, analyzer).notes if "标题称" in note]
    assert announced == ["标题称共 14 篇，文件中实有 5 篇"]


@pytest.mark.parametrize("number", COUNTS)
def test_cut_off_ends(number: str, analyzer: Analyzer) -> None:
    last = seed(number, analyzer).speeches[-1]
    cut = any(flag.kind == damage.TRUNCATED for flag in last.flags)
    assert cut == (number in ("001", "004"))
    assert cut == any("截断" in note and last.title in note for note in seed(number, analyzer).notes)


def test_two_members_of_the_collection_are_the_same_text(analyzer: Analyzer) -> None:
    texts = [skeleton(one.text) for one in seed("003", analyzer).speeches]
    assert [n for n, text in enumerate(texts) if texts.count(text) > 1] == [6, 7]


@pytest.mark.parametrize("term", TERMS)
def test_furniture_is_on_the_removal_list_and_in_no_speech(term: str, analyzer: Analyzer) -> None:
    listed = 0
    for number in COUNTS:
        document = seed(number, analyzer)
        text = document.source.text
        assert not any(term in one.text for one in document.speeches)
        listed += sum(term in text[r.start : r.end] and r.reason == furniture.SITE for r in document.removals)
    assert listed > 0


@pytest.mark.parametrize("number", ["000", "002"])
def test_the_whole_block_before_the_title_goes(number: str, analyzer: Analyzer) -> None:
    document = seed(number, analyzer)
    first = document.speeches[0].pieces[0].source
    before = [r for r in document.removals if r.start < first]
    assert {r.reason for r in before} == {furniture.SITE, "white space"}
    assert sum(r.reason == furniture.SITE for r in before) == 8
    assert document.speeches[0].text.startswith("在")
    assert all(r.reason != furniture.SITE for r in document.removals if r.start > first)


def test_second_copies_of_titles_go(analyzer: Analyzer) -> None:
    repeated = {n: sum(r.reason == REPEATED_TITLE for r in seed(n, analyzer).removals) for n in COUNTS}
    assert repeated == {"000": 0, "001": 0, "002": 0, "003": 1, "004": 1}


@pytest.mark.parametrize(("number", "count"), [("001", 5), ("003", 15)])
def test_collection_marks_go(number: str, count: int, analyzer: Analyzer) -> None:
    removals = seed(number, analyzer).removals
    assert sum(r.reason == splitting.COLLECTION_MARK for r in removals) == count
    assert not any(r.reason == splitting.PREAMBLE for r in removals)


def test_nothing_but_furniture_and_marks_goes(analyzer: Analyzer) -> None:
    """Of the visible text of all five files, the removal list holds less than one part in a hundred."""
    taken = sum(
        len("".join(seed(n, analyzer).source.text[r.start : r.end].split()))
        for n in COUNTS
        for r in seed(n, analyzer).removals
    )
    whole = sum(len("".join(seed(n, analyzer).source.text.split())) for n in COUNTS)
    assert taken < 0.01 * whole


def test_the_year_that_the_text_names_and_the_place_that_it_masks(analyzer: Analyzer) -> None:
    metadata = seed("002", analyzer).speeches[0].metadata
    assert metadata["year"].value == 2020
    assert metadata["place"].value is None


@pytest.mark.parametrize("number", ["000", "001"])
def test_masked_years_are_unknown(number: str, analyzer: Analyzer) -> None:
    for one in seed(number, analyzer).speeches:
        assert one.metadata["date"].value is None
        assert one.metadata["year"].value is None
    assert any(flag.kind == damage.PLACEHOLDER for one in seed(number, analyzer).speeches for flag in one.flags)


def test_every_speech_has_a_title_of_its_own(analyzer: Analyzer) -> None:
    titles = [one.title for number in COUNTS for one in seed(number, analyzer).speeches]
    assert len(titles) == 23
    assert all(4 <= len(title) <= 60 for title in titles)
    assert len(set(titles)) >= 22
