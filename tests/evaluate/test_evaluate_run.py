"""A whole evaluation on a small archive whose figures can be told beforehand."""

from __future__ import annotations

from pathlib import Path

import pytest
from fakes import FakeEncoder, ingester, speech, write

from rag.answer.compose import Answerer, AnswerSettings
from rag.answer.refusal import Threshold
from rag.answer.select import Plan
from rag.archive.reader import Archive
from rag.evaluate.questions import Evidence, Question
from rag.evaluate.run import evaluate
from rag.search.retriever import Retriever
from rag.text.words import Analyzer

QUOTE = "信息报送要做到不迟报、不漏报、不瞒报，一次也不行。"


@pytest.fixture
def answerer(tmp_path: Path, analyzer: Analyzer) -> Answerer:
    put = ingester(tmp_path / "archive", analyzer)
    put.ingest_file(write(tmp_path / "a.txt", speech("在甲县的讲话", QUOTE)))
    put.ingest_file(write(tmp_path / "b.txt", speech("在乙县的讲话", "安全生产责任重于泰山，隐患排查要到边到底。")))
    settings = AnswerSettings(threshold=Threshold(passage=0.1), plan=Plan(quotes=1, share=2.0))
    return Answerer(Retriever(Archive(put.writer.folder), FakeEncoder(), analyzer), settings)


def test_a_perfect_run(answerer: Answerer) -> None:
    """The first passage holds the only quote; the answer is that quote; what nobody spoke of is refused."""
    questions = [
        Question("1", "信息报送", "topic", (Evidence("a.txt", QUOTE, 2),)),
        Question("2", "养老服务", "unanswerable", ()),
    ]
    ticks: list[int] = []
    figures = evaluate(questions, answerer, lambda: ticks.append(1))
    best = {"n": 1, "ndcg@10": 1, "mrr@10": 1, "hit@1": 1, "hit@5": 1, "recall@10": 1, "recall@2000c": 1}
    assert figures["search"] == {"all": best, "topic": best}
    answers = figures["answers"]
    assert {key: answers[key] for key in ("n", "exact", "precision", "recall", "answered", "refused", "balanced")} == {
        "n": 2, "exact": 1, "precision": 1, "recall": 1, "answered": 1, "refused": 1, "balanced": 1,
    }  # fmt: skip
    assert answers["chars"] == len(QUOTE)
    assert len(ticks) == 2


def test_a_run_that_finds_nothing(answerer: Answerer) -> None:
    figures = evaluate([Question("1", "信息报送", "topic", (Evidence("c.txt", QUOTE, 2),))], answerer)
    assert figures["search"]["all"]["ndcg@10"] == 0
    assert figures["answers"]["precision"] == 0
    assert figures["answers"]["refused"] is None
