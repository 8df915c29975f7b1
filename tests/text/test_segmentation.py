"""Our segmentation equals jieba's, word for word."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.text.segmentation import Segmenter
from rag.text.words import Analyzer

ANALYZER = Analyzer()
CHINESE = st.text(st.sampled_from("信息报送办公室工作中国特色社会主义现代化的一是二要发展观结合成分子时"), max_size=40)
MIXED = st.text(st.sampled_from("信息报送3.5%T恤AA制GDP-+#&_ \r\n　，。“”\x00\u200b㐀鿿豈"), max_size=30)


def check(text: str, analyzer: Analyzer) -> None:
    ours, jieba = Segmenter(analyzer.tokenizer), analyzer.tokenizer
    assert ours.cut(text) == jieba.lcut(text, HMM=False)
    assert ours.cut_for_search(text) == jieba.lcut_for_search(text, HMM=False)


@settings(deadline=None)
@given(st.one_of(CHINESE, MIXED, st.text(max_size=30)))
def test_any_text_is_cut_as_jieba_cuts_it(text: str) -> None:
    check(text, ANALYZER)


@pytest.mark.parametrize("text", ["", "中华人民共和国", "结合成分子时", "的" * 200, "3D打印T恤衫", "科学 发展观\r\n"])
def test_cases(text: str, analyzer: Analyzer) -> None:
    check(text, analyzer)


def test_words_of_ones_own_count() -> None:
    analyzer = Analyzer(["澜川镜湖办"])
    assert "澜川镜湖办" in Segmenter(analyzer.tokenizer).cut("在澜川镜湖办座谈")
    check("在澜川镜湖办座谈", analyzer)
