"""The tables of a run, and the command that makes them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks.quality.__main__ import main
from benchmarks.quality.corpus import Corpus, PeerMissing, System
from benchmarks.quality.measure import Measured, Missing, measure
from benchmarks.quality.table import section
from rag.evaluate.questions import Evidence, Question
from rag.evaluate.search_metrics import Ranked

QUESTIONS = [
    Question("1", "甲", "topic", (Evidence("a.txt", "信息的事不能拖", 2),)),
    Question("2", "乙", "fact", (Evidence("b.txt", "安全的事不能拖", 2),)),
    Question("3", "丙", "unanswerable", ()),
]
HIT = {"甲": [Ranked("a.txt", "信息的事不能拖")], "乙": [Ranked("b.txt", "安全的事不能拖")]}


def system(key: str, found: dict[str, list[Ranked]]) -> System:
    return System(key, key.upper(), "as it is", lambda _: lambda query: found.get(query, []))


def missing(_: Corpus) -> None:
    raise PeerMissing("x is not installed: pip install -r benchmarks/requirements.txt")


def test_measures_every_question(corpus: Corpus) -> None:
    result = measure(system("all", HIT), corpus, QUESTIONS)
    assert isinstance(result, Measured)
    assert result.run.passages == {"1": HIT["甲"], "2": HIT["乙"], "3": []}
    assert result.length == 7  # both passages have seven characters
    assert result.build >= 0
    assert result.p95 >= result.p50 >= 0


def test_what_is_missing_is_said(corpus: Corpus) -> None:
    result = measure(System("x", "X", "", missing), corpus, QUESTIONS)  # type: ignore[arg-type]
    assert result == Missing(result.system, "x is not installed: pip install -r benchmarks/requirements.txt")
    assert "- X (): x is not installed" in "\n".join(section("t", corpus, QUESTIONS, [result]))


def test_figures_and_differences(corpus: Corpus) -> None:
    half = {"甲": HIT["甲"]}
    results = [measure(system(key, found), corpus, QUESTIONS) for key, found in (("all", HIT), ("half", half))]
    lines = section("toy", corpus, QUESTIONS, results)
    table = [line for line in lines if line.startswith("| ")]  # heads and the lines below them included
    # One of two answerable questions is found: every figure is ½.
    assert table[2].startswith("| ALL | as it is | 1.000 | 1.000 | 1.000 | 1.000 | 1.000 |")
    assert table[3].startswith("| HALF | as it is | 0.500 | 0.500 | 0.500 | 0.500 | 0.500 |")
    assert "| HALF | as it is | 0.500 | 1.000 | 0.000 |" in table
    # A resample of two questions has the missed one 0, 1 or 2 times: the difference lies between 0 and 1.
    assert table[-1].startswith("| HALF | as it is | +0.500 (+0.000 to +1.000) n.s. |")
    assert not any(question.query in line for question in QUESTIONS for line in lines)


def test_the_command_writes_figures_and_no_text(corpus: Corpus, tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    rows = [
        {"id": q.id, "query": q.query, "type": q.type, "evidence": [vars(e) for e in q.evidence]} for q in QUESTIONS
    ]
    asked = tmp_path / "asked.jsonl"
    asked.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    out = tmp_path / "table.md"
    given = ["--sources", str(corpus.folder), "--questions", str(asked), "--systems", "fts5", "--out", str(out)]
    assert main(given) == 0
    text = out.read_text(encoding="utf-8")
    assert "## files" in text
    assert "SQLite FTS5 trigram | the question's trigrams" in text
    assert "不能拖" not in text
    assert main(["--sources", str(corpus.folder), "--questions", "no-such-file"]) == 2
    assert "no-such-file" in capsys.readouterr().err


def test_sources_and_questions_come_in_pairs(capsys: pytest.CaptureFixture) -> None:
    with pytest.raises(SystemExit):
        main(["--sources", "a", "--sources", "b", "--questions", "c"])
    assert "2 --sources, but 1 --questions" in capsys.readouterr().err
