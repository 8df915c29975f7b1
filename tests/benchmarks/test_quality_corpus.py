"""Cutting texts for the other systems."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.quality.corpus import Corpus, PeerMissing, best, chunks, jieba_words, needed, read_texts, sentences
from benchmarks.quality.keyword import trigrams
from rag.evaluate.search_metrics import Ranked


def test_sentences_joined_give_the_text() -> None:
    text = "一是抓信息。二是抓会议！\n他说：“好。”三是"
    assert list(sentences(text)) == ["一是抓信息。", "二是抓会议！\n", "他说：“好。”", "三是"]
    assert "".join(sentences(text)) == text


def test_chunks_are_whole_sentences_up_to_the_size() -> None:
    # Three sentences of 5 characters: two fit into 10, the third does not.
    found = chunks({"a.txt": "甲甲甲甲。乙乙乙乙。丙丙丙丙。", "b.txt": "\n\n"}, size=10)
    assert found == [Ranked("a.txt", "甲甲甲甲。乙乙乙乙。"), Ranked("a.txt", "丙丙丙丙。")]


def test_a_sentence_longer_than_the_size_stays_whole() -> None:
    assert chunks({"a.txt": "甲" * 20 + "。"}, size=10) == [Ranked("a.txt", "甲" * 20 + "。")]


def test_words_without_punctuation() -> None:
    assert jieba_words("抓好信息，OK。") == ["抓好", "信息", "ok"]


def test_trigrams_stay_within_a_run_and_come_once() -> None:
    assert trigrams("抓信息报，抓信息") == ["抓信息", "信息报"]
    assert trigrams("信息") == []


def test_best_drops_repeats_and_keeps_twenty() -> None:
    found = [Ranked("a", str(n // 2)) for n in range(60)]
    assert best(found) == [Ranked("a", str(n)) for n in range(20)]


def test_unreadable_files_are_left_out(tmp_path: Path) -> None:
    (tmp_path / "good.txt").write_text("要抓好信息报送工作。", encoding="utf-8")
    (tmp_path / "empty.txt").write_text("", encoding="utf-8")
    assert list(read_texts(tmp_path)) == ["good.txt"]


def test_characters_count_every_text(corpus: Corpus) -> None:
    assert corpus.characters == sum(len(text) for text in corpus.texts.values())
    assert sorted(corpus.texts) == ["a.txt", "b.txt", "c.txt"]


def test_a_missing_library_is_named_with_its_command() -> None:
    with pytest.raises(
        PeerMissing, match=r"no_such_library is not installed: pip install -r benchmarks/requirements\.txt"
    ):
        needed("no_such_library.part")
