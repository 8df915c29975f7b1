from pathlib import Path

import pytest

from training.corpora import cut_passages, read_documents, split_sentences
from training.errors import TrainingError


def test_documents_are_cleaned_and_late_resolutions_dropped(corpora: Path) -> None:
    documents = list(read_documents(corpora))
    assert [d.source for d in documents] == ["report", "law", "news", "general"]
    assert documents[2].lines == ["各地压缩会议数量。提倡开短会、讲短话，把时间留给下基层抓落实。"]


def test_sources_can_be_left_out(corpora: Path) -> None:
    assert {d.source for d in read_documents(corpora, ["news", "law"])} == {"report", "general"}


def test_a_missing_corpus_names_the_option(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="--corpora"):
        list(read_documents(tmp_path))


def test_sentences_keep_every_character() -> None:
    text = "一是抓落实；二是抓检查。好不好？"
    assert split_sentences(text) == ["一是抓落实；", "二是抓检查。", "好不好？"]


def test_passages_join_short_paragraphs_and_cut_long_ones_between_sentences() -> None:
    assert cut_passages(["甲" * 10, "乙" * 10, "丙" * 10], low=1, high=20) == ["甲" * 10 + "乙" * 10, "丙" * 10]
    long = "甲" * 11 + "。" + "乙" * 11 + "。"
    assert cut_passages(["短", long], low=1, high=20) == ["短", "甲" * 11 + "。", "乙" * 11 + "。"]
    assert cut_passages(["短"], low=2) == []
