"""The arithmetic of the measurements; the times themselves are the machine's."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.quality.corpus import Corpus
from benchmarks.speed.measures import Pair, ingested, ingestion, warm, write_copies
from rag.archive.reader import Archive
from rag.evaluate.questions import Question


def test_a_ratio_is_ours_over_the_peers() -> None:
    assert Pair("ask", "s", 3.0, "peer", 2.0).ratio == 1.5
    assert Pair("ingestion", "characters/s", 1000.0, "peer", 4000.0, rate=True).ratio == 0.25
    assert Pair("ask", "s", 3.0, "peer", 0.0).ratio == float("inf")


def test_copies_differ_in_one_line(corpus: Corpus, tmp_path: Path) -> None:
    texts = write_copies(corpus, tmp_path / "copies", 2)
    assert len(texts) == len(list((tmp_path / "copies").iterdir())) == 6
    first, second = (text.splitlines() for text in texts[:2])
    assert [(a, b) for a, b in zip(first, second, strict=True) if a != b] == [
        ("这是第1份，与其他各份只差这一行。", "这是第2份，与其他各份只差这一行。")
    ]


def test_warm_calls_are_measured_beside_bm25(corpus: Corpus) -> None:
    with ingested(corpus.folder, corpus.encoder) as archive:
        assert Archive(archive).count("sources") == 3
        pairs = warm(archive, corpus, [Question("1", "安全工作", "topic", ())], repeat=1)
    assert [pair.what for pair in pairs] == ["warm search, p50", "warm search, p95", "warm ask, p50", "warm ask, p95"]
    assert all(pair.ours > 0 and pair.peer > 0 for pair in pairs)
    assert not archive.exists()


def test_ingestion_is_a_rate(corpus: Corpus) -> None:
    alone, indexed = ingestion(corpus, copies=2)
    assert alone.rate
    assert alone.what.startswith("ingestion, 2 × 3 texts")
    assert alone.ours == pytest.approx(indexed.ours)
    assert alone.ours > 0
