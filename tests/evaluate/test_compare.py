"""The paired bootstrap, on runs whose comparison can be told beforehand."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest

from rag.errors import UsageError
from rag.evaluate.columns import Column, columns
from rag.evaluate.compare import compare, compare_json, compare_lines
from rag.evaluate.questions import Evidence, Question
from rag.evaluate.runs import Run, read_run
from rag.evaluate.search_metrics import Ranked

QUOTE = "信息报送要做到不迟报不漏报"
GOOD, BAD = [Ranked("a.txt", QUOTE)], [Ranked("a.txt", "与此无关的一段文字")]
QUESTIONS = [Question(str(n), "问", "topic" if n % 2 else "fact", (Evidence("a.txt", QUOTE, 2),)) for n in range(20)]


def found(hits: int) -> Run:
    """The first ``hits`` questions find their evidence at rank 1, the others do not."""
    return Run({q.id: GOOD if n < hits else BAD for n, q in enumerate(QUESTIONS)})


def test_identical_runs_do_not_differ() -> None:
    for row in compare(QUESTIONS, found(7), found(7)).values():
        for d in row.values():
            assert (d.difference, d.low, d.high, d.p, d.clear) == (0.0, 0.0, 0.0, 1.0, False)


def test_a_clear_difference_excludes_zero() -> None:
    d = compare(QUESTIONS, found(2), found(18))["all"]["ndcg@10"]
    assert (d.n, d.a, d.b) == (20, 0.1, 0.9)
    assert d.difference == pytest.approx(0.8)
    # Each question differs by 1 (16 of 20) or 0: the mean of a resample is binomial(20, 0.8)/20, whose central 95 %
    # lie from 12/20 to 19/20.
    assert (d.low, d.high) == pytest.approx((0.6, 0.95))
    assert d.clear
    assert d.p == pytest.approx(2 / 10_001)  # none of 10,000 resamples reaches 0


def test_the_sign_turns_with_the_order() -> None:
    one, other = (compare(QUESTIONS, found(a), found(b))["all"]["hit@5"] for a, b in ((2, 18), (18, 2)))
    assert (one.difference, one.low, one.high) == (-other.difference, -other.high, -other.low)
    assert one.p == other.p


def test_one_question_in_twenty_is_luck() -> None:
    d = compare(QUESTIONS, found(10), found(11))["all"]["mrr@10"]
    # A resample misses the one question that differs with probability (19/20)^20 = 0.358: p is about twice that.
    assert d.p == pytest.approx(2 * 0.95**20, abs=0.02)
    assert d.low == 0.0
    assert not d.clear


def test_the_same_result_every_time() -> None:
    assert compare(QUESTIONS, found(5), found(9)) == compare(QUESTIONS, found(5), found(9))


def test_by_type() -> None:
    # Questions 0, 2, … are facts, 1, 3, … topics: of the first three found, 0 and 2 are facts.
    compared = compare(QUESTIONS, found(0), found(3))
    assert list(compared) == ["all", "fact", "topic"]
    assert [compared[group]["hit@1"].difference for group in compared] == [3 / 20, 2 / 10, 1 / 10]
    assert [compared[group]["hit@1"].n for group in compared] == [20, 10, 10]


def test_means_of_resamples_pass_over_what_is_not_there() -> None:
    column = Column(np.array([1.0, math.nan, 0.0, 0.5]))
    assert column.mean() == 0.5
    counts = np.array([[1.0, 5.0, 1.0, 0.0], [0.0, 4.0, 0.0, 0.0], [2.0, 0.0, 0.0, 2.0]])
    assert column.means(counts)[[0, 2]].tolist() == [0.5, 0.75]
    assert math.isnan(column.means(counts)[1])


def answer(*texts: str) -> dict[str, object]:
    return {
        "answered": bool(texts),
        "points": [{"heading": "h", "quotes": [{"text": t, "citation": 1} for t in texts]}],
        "citations": [{"n": 1, "file": "a.txt"}] if texts else [],
    }


def lines_of(path: Path, rows: dict[str, dict[str, object]]) -> Path:
    path.write_text("\n".join(json.dumps({"id": key, **row}) for key, row in rows.items()), encoding="utf-8")
    return path


def test_answers_as_batch_writes_them(tmp_path: Path) -> None:
    questions = [QUESTIONS[0], Question("none", "无", "unanswerable", ())]
    wordy = "这一句在档案里没有列为依据，有二十个字。"
    a = lines_of(tmp_path / "a", {"0": {"answer": answer(QUOTE, wordy)}, "none": {"answer": answer(wordy)}})
    b = lines_of(tmp_path / "b", {"0": {"answer": answer(QUOTE)}, "none": {"answer": answer()}})
    compared = compare(questions, read_run(a), read_run(b))
    values = {name: (d.a, d.b) for name, d in compared["all"].items()}
    assert values == {
        "precision": (0.5, 1.0),
        "recall": (1.0, 1.0),
        "answered": (1.0, 1.0),
        "refused": (0.0, 1.0),
        "balanced": (0.5, 1.0),
        "chars": (len(QUOTE) + len(wordy), len(QUOTE)),
    }
    assert list(compared["unanswerable"]) == ["refused"]
    assert compared["all"]["precision"].n == 1


def test_a_refusal_has_no_precision() -> None:
    column = columns([QUESTIONS[0]], Run(answers={"0": None}))
    assert math.isnan(column["precision"].mean())
    assert column["recall"].mean() == 0.0


def test_a_question_that_a_run_lacks_found_nothing() -> None:
    assert compare(QUESTIONS, Run({}), found(20))["all"]["ndcg@10"].a == 0.0


def test_passages_are_not_compared_with_answers() -> None:
    with pytest.raises(UsageError, match="同一个 --mode"):
        compare(QUESTIONS, found(1), Run(answers={"0": None}))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "是空的"),
        ("{", "第 1 行不是 batch"),
        ('{"id": "0"}', "KeyError"),
        ('{"id": "0", "passages": [{"file": "a.txt"}]}', "text"),
        ("[1]", "第 1 行"),
        ('{"id": "0", "answer": {"answered": true, "points": [{"quotes": [{"text": "t", "citation": 2}]}], "citations": []}}', "2"),
    ],
)  # fmt: skip
def test_what_is_no_run_is_said(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "run.jsonl"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=message):
        read_run(path)


def test_a_run_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="无法读取"):
        read_run(tmp_path / "no-such-file")


def test_shown_as_lines_and_as_json() -> None:
    compared = compare(QUESTIONS, found(2), found(18))
    first = compare_lines(compared)[0]
    assert first.split() == ["all", "ndcg@10", "n", "20", "0.1000", "→", "0.9000", "+0.8000", "[+0.6000,", "+0.9500]", "p", "0.0002", "*"]  # fmt: skip
    assert compare_json(compared)["all"]["ndcg@10"] == {
        "n": 20, "a": 0.1, "b": 0.9, "difference": 0.8, "low": 0.6, "high": 0.95, "p": 0.0002,
    }  # fmt: skip
