"""Every file of the sample archive, whole."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
from document_checks import check_document

from rag.ingest.document import take_apart
from rag.ingest.readers import read_source
from rag.text.words import Analyzer
from rag.types import Document

SPEECHES = Path(__file__).resolve().parents[2] / "data" / "speeches"
FILES = sorted(path for path in SPEECHES.iterdir() if path.is_file())
OBVIOUS = re.compile(
    r"下载(?:文档|本文|全文)|点击(?:下载|查看)|(?:浏览|阅读|点击)(?:次数|数|量)[:：]|责任编辑[:：]|当前位置[:：]|分享到[:：]|打印本页|关闭窗口"
    r"|上一篇[:：]|下一篇[:：]|^来源[:：]|热门标签|相关阅读|小编|会员(?:专享|后可)|^\W*第?\s*\d+\s*页?\W*$|https?://"
)


@cache
def taken_apart(path: Path, analyzer: Analyzer) -> Document:
    return take_apart(read_source(path), path.name, analyzer)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_file_keeps_its_word(path: Path, analyzer: Analyzer) -> None:
    check_document(taken_apart(path, analyzer))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_no_furniture_in_passages(path: Path, analyzer: Analyzer) -> None:
    for one in taken_apart(path, analyzer).speeches:
        lines = [line for p in one.passages for line in one.text[p.start : p.end].split("\n")]
        assert [line for line in lines if OBVIOUS.search(line)] == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_speeches_are_kept_nearly_whole(path: Path, analyzer: Analyzer) -> None:
    """Three quarters of the visible text at least are speech: furniture is short, and nothing else may go."""
    document = taken_apart(path, analyzer)
    visible = len("".join(document.source.text.split()))
    kept = sum(len("".join(one.text.split())) for one in document.speeches)
    assert kept > 0.75 * visible


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_passages_are_of_a_size_to_read(path: Path, analyzer: Analyzer) -> None:
    for one in taken_apart(path, analyzer).speeches:
        sizes = sorted(p.end - p.start for p in one.passages)
        assert 100 <= sizes[len(sizes) // 2] <= 350
