"""Plain words out of the index's words."""

from __future__ import annotations

from rag.config import ROOT
from rag.text.lexicon import WholeWords, lexicon
from rag.text.sentences import sentences
from rag.text.words import Analyzer


def test_the_words_inside_a_word_are_taken_out() -> None:
    whole = WholeWords(lexicon())
    assert whole(["办公", "公室", "办公室", "的", "主任"]) == ["办公室", "的", "主任"]
    assert whole([]) == []


def test_what_comes_back_is_the_plain_segmentation(analyzer: Analyzer) -> None:
    text = (ROOT / "data" / "speeches" / "望榆区优化营商环境大会讲话.md").read_text(encoding="utf-8")
    whole, checked = WholeWords(lexicon()), 0
    for start, end in sentences(text):
        run = "".join(char for char in text[start:end] if "\u4e00" <= char <= "\u9fff")
        assert whole(analyzer.words(run)) == analyzer.cut(run)
        checked += 1
    assert checked > 20


def test_rates_compare_with_chinese_at_large() -> None:
    words = lexicon()
    assert words.rate("今天") > words.rate("欠薪") > words.rate("没有这个词的词") > 0
    assert words.tag["工会"].startswith("n")
