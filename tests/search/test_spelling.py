"""Slips of typing are mended where the archive leaves no doubt, and nowhere else."""

from __future__ import annotations

from itertools import count
from pathlib import Path

import pytest
from fakes import FakeEncoder, speech, with_files

from rag.archive.reader import Archive
from rag.search.query import Correction
from rag.search.retriever import Retriever
from rag.search.spelling import Speller
from rag.search.vocabulary import PAUSE, Vocabulary
from rag.text.words import Analyzer

PARAGRAPHS = (
    "一要抓好信息报送。信息报送要快，信息报送要准。",
    "二要管好印章。印章由专人保管。",
    "三要开好会议，会议室由办公室统一安排。",
)
TEXT = "".join(PARAGRAPHS)


@pytest.fixture
def archive(tmp_path: Path, analyzer: Analyzer) -> Archive:
    # A word counts as the archive's own from four passages on.
    files = {f"{n}.txt": speech(f"在第{n}次会议上的讲话", *PARAGRAPHS) for n in range(4)}
    return with_files(tmp_path, analyzer, files)


@pytest.fixture
def speller(archive: Archive, analyzer: Analyzer) -> Speller:
    return Speller(archive, analyzer, Vocabulary(archive))


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("薪息怎么报送", [Correction("薪息", "信息")]),
        ("印彰由谁管", [Correction("印彰", "印章")]),
        ("信息由谁报", []),
        ("三章由谁管", []),  # a number of things
        ("天气预报", []),
        ("会议时怎么发言", []),  # when, not 「会议室」
        ("", []),
        ("what about reports", []),
    ],
)
def test_slips(speller: Speller, question: str, expected: list[Correction]) -> None:
    assert list(speller.corrections(question)) == expected


def test_what_the_archive_says_itself_is_no_slip(tmp_path: Path, analyzer: Analyzer) -> None:
    files = {f"{n}.txt": speech(f"第{n}次讲话", *PARAGRAPHS) for n in range(4)}
    archive = with_files(tmp_path, analyzer, files | {"错.txt": speech("原件里的错字", "薪息要快。")})
    assert Speller(archive, analyzer, Vocabulary(archive)).corrections("薪息怎么报送") == ()


def test_every_correction_is_a_word_of_the_archive_for_one_it_lacks(speller: Speller) -> None:
    for question in ("薪息与印彰", "会议是由谁安排", "办工室安排会义"):
        for one in speller.corrections(question):
            assert one.written in question
            assert one.written not in TEXT
            assert one.meant in TEXT
            assert len(one.meant) == len(one.written)


def test_the_search_follows_and_says_so(archive: Archive, analyzer: Analyzer) -> None:
    retriever = Retriever(archive, FakeEncoder(), analyzer)
    mended, meant = retriever.search("薪息怎么报送"), retriever.search("信息怎么报送")
    assert [hit.passage_id for hit in mended.hits] == [hit.passage_id for hit in meant.hits]
    assert "档案中没有「薪息」，已按「信息」检索" in mended.notices
    assert mended.query.text == "薪息怎么报送"
    as_typed = retriever.search("薪息怎么报送", expand=False)
    assert as_typed.query.corrections == ()
    assert not any("薪息" in notice for notice in as_typed.notices)


def test_quoted_words_are_looked_for_as_they_stand(archive: Archive, analyzer: Analyzer) -> None:
    assert Retriever(archive, FakeEncoder(), analyzer).search('"薪息"').hits == ()


def test_new_files_bring_new_words(tmp_path: Path, analyzer: Analyzer) -> None:
    archive = with_files(tmp_path, analyzer, {"1.txt": speech("讲话", "今天天气很好。")})
    speller = Speller(archive, analyzer, Vocabulary(archive, count(0, PAUSE).__next__))
    assert speller.corrections("薪息怎么报送") == ()
    with_files(tmp_path, analyzer, {f"{n}.txt": speech(f"第{n}次讲话", *PARAGRAPHS) for n in range(4)})
    assert speller.corrections("薪息怎么报送") == (Correction("薪息", "信息"),)
