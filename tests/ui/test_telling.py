"""Sentences that the library makes whole, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from rag import i18n
from rag.errors import ReadError
from rag.ingest.damage import NOTES
from rag.ingest.readers import read_bytes
from rag.search.expansion import Expansion
from rag.search.query import Correction, parse_query
from rag.search.retriever import Results
from rag.ui.telling import is_expansion, told


@pytest.fixture
def english() -> Iterator[None]:
    i18n.use("en")
    yield
    i18n.use(None)


def test_in_chinese_a_sentence_stays_as_it_is() -> None:
    assert told("按称呼和标题拆成 3 篇") == "按称呼和标题拆成 3 篇"


def test_the_values_are_kept(english: None) -> None:
    assert told("按称呼和标题拆成 3 篇") == "Split by salutations and titles into 3 speeches"
    assert (
        told("第1篇《甲{x}》与 a.txt 第2篇《乙》内容相同")
        == "Speech 1, “甲{x}”, is the same as speech 2 of a.txt, “乙”"
    )
    assert told("2 处隐藏文字没有读入。") == "Not read: hidden text, in 2 places."


def test_an_unknown_sentence_stays_chinese(english: None) -> None:
    assert told("谁也没有写过的一句。") == "谁也没有写过的一句。"
    assert told("") == ""


def test_what_a_search_says_is_translated(english: None) -> None:
    query = parse_query("信息抱送").corrected([Correction("抱送", "报送")])
    said = Results(query, (), 0, 4, (Expansion("红头文件", ("公文", "文件")),)).notices
    assert [told(one) for one in said] == [
        "「抱送」 is not in the archive; searched for 「报送」",
        "The year filter leaves out 4 undated speeches",
        "红头文件 was also searched as 「公文」「文件」",
    ]
    assert [is_expansion(one) for one in said] == [True, False, True]


@pytest.mark.parametrize("data", [b"", b"%PDF-1.4 broken", b"PK\x03\x04", b"\x89PNG\r\n\x1a\n" + bytes(20)])
def test_what_a_reader_refuses_is_said_in_english(english: None, data: bytes) -> None:
    with pytest.raises(ReadError) as refused:
        read_bytes(data, "文件.txt")
    assert told(str(refused.value)).isascii()


def test_every_note_on_damage_has_its_english(english: None) -> None:
    assert [note for note in NOTES.values() if told(note) == note] == []


def test_messages_come_from_the_catalogue() -> None:
    assert "问答" in i18n.messages()
