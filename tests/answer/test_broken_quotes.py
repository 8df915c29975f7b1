"""A sentence that runs over a page header is in the text, but never a quotation; one with bold words is."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from fakes import FakeEncoder, ingester, write

from rag.answer.compose import Answerer, AnswerSettings
from rag.answer.refusal import Threshold
from rag.answer.verify import verified
from rag.archive.reader import Archive
from rag.errors import BrokenQuoteError
from rag.search.retriever import Retriever
from rag.text.words import Analyzer
from rag.types import Answer, Span
from rag.write.phrase import sound

BEFORE = "会议要开短，文件要写短，讲话要讲短，能合并的会议一律合并，能不发的文件坚决不发，把时间留给下基层办事。"
OVER = "信息报送必须做到不迟报不漏报不瞒报，哪一级出了问题就追究哪一级的责任，绝不含糊其辞一推了之。"
AFTER = "安全生产责任重于泰山，隐患排查要横向到边纵向到底，一个企业也不能漏掉，一处隐患也不能放过。"
WIDTH = 30


def paged() -> str:
    """A hard-wrapped text whose page ends within the sentence `OVER`."""
    body = BEFORE + OVER + AFTER
    lines = [body[at : at + WIDTH] for at in range(0, len(body), WIDTH)]
    cut = (len(BEFORE) + len(OVER) // 2) // WIDTH
    first, second = ["在全县工作会议上的讲话", "同志们：", *lines[:cut]], lines[cut:]
    return "\n".join([*first, "- 1 -"]) + "\f" + "\n".join([*second, "- 2 -"]) + "\n"


def opened(folder: Path, name: str, text: str, analyzer: Analyzer) -> Retriever:
    ingester(folder / "archive", analyzer).ingest_file(write(folder / name, text))
    return Retriever(Archive(folder / "archive"), FakeEncoder(), analyzer)


def asked(retriever: Retriever) -> Answer:
    return Answerer(retriever, AnswerSettings(threshold=Threshold(passage=0.1))).ask("信息报送有什么要求")


def quotes(answer: Answer) -> list[str]:
    return [quote.text for point in answer.points for quote in point.quotes]


@pytest.fixture
def broken(tmp_path: Path, analyzer: Analyzer) -> Retriever:
    return opened(tmp_path, "a.txt", paged(), analyzer)


def span_of(retriever: Retriever, words: str) -> Span:
    (one,) = retriever.archive.speeches()
    at = one.text.index(words)
    return Span(at, at + len(words))


def test_the_sentence_is_whole_in_the_text_and_broken_in_the_source(broken: Retriever) -> None:
    (one,) = broken.archive.speeches()
    source = broken.archive.source_text(one.source_id)
    assert OVER in one.text
    assert "- 1 -" not in one.text
    with pytest.raises(BrokenQuoteError):
        verified(one, span_of(broken, OVER), source)
    assert verified(one, span_of(broken, AFTER), source) == AFTER


def test_it_is_never_quoted(broken: Retriever, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        said = quotes(asked(broken))
    assert not [text for text in said if OVER in text]
    assert caplog.records == []  # nothing is wrong with the archive


def test_of_several_spans_the_first_sound_one_is_taken(broken: Retriever) -> None:
    (one,) = broken.archive.speeches()
    wide, over, after = (span_of(broken, words) for words in (OVER + AFTER, OVER, AFTER))
    assert sound(broken, one.id, wide, after, over) == after
    assert sound(broken, one.id, wide, over) is None
    assert sound(broken, one.id) is None


def test_bold_words_are_quoted_as_they_read(tmp_path: Path, analyzer: Analyzer) -> None:
    marked = OVER.replace("不迟报不漏报不瞒报", "**不迟报不漏报不瞒报**")
    retriever = opened(
        tmp_path, "a.md", f"# 在全县工作会议上的讲话\n\n同志们：\n\n{BEFORE}\n\n{marked}\n\n{AFTER}\n", analyzer
    )
    assert any(OVER in text for text in quotes(asked(retriever)))
