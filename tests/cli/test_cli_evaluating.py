"""eval with its report and curve, compare, and the refusals of migrate and of reindex on a cluster."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from rag.cli.main import main

Rag = Callable[..., "subprocess.CompletedProcess[str]"]
QUOTE = "紧急信息必须在事发后三小时内报送，不得迟报、漏报、瞒报。"


def jsonl(path: Path, *rows: dict[str, Any]) -> Path:
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    return path


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    found = {"id": "1", "type": "fact", "query": "紧急信息几小时报送"}
    return jsonl(
        tmp_path / "q.jsonl",
        {**found, "evidence": [{"file": "信息.txt", "quote": QUOTE, "grade": 2}]},
        {"id": "2", "type": "unanswerable", "query": "卫星轨道有多高", "evidence": []},
    )


def test_a_report_shows_every_question_with_what_was_found(here: Rag, archive: Path, questions: Path) -> None:
    report = questions.with_name("report.md")
    done = here("eval", questions, "--archive", archive, "--report", report)
    assert done.returncode == 0, done.stderr
    text = report.read_text(encoding="utf-8")
    for part in ("紧急信息几小时报送", "卫星轨道有多高", QUOTE):
        assert part in text


def test_the_curve_is_printed_and_in_the_json(here: Rag, archive: Path, questions: Path) -> None:
    curve = json.loads(here("eval", questions, "--archive", archive, "--curve", "--json").stdout)["curve"]
    assert len(curve) > 2
    plain = here("eval", questions, "--archive", archive).stdout
    shown = here("eval", questions, "--archive", archive, "--curve").stdout
    assert shown.startswith(plain.rstrip("\n"))
    assert len(shown.splitlines()) > len(plain.splitlines()) + 2


def test_a_report_that_cannot_be_written_is_refused_before_the_work(
    archive: Path, questions: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("nowhere/report.md", "report.xyz"):
        assert main(["eval", str(questions), "--archive", str(archive), "--report", str(questions.parent / name)]) == 2
        captured = capsys.readouterr()
        assert captured.out == ""
        assert captured.err.startswith("错误：")


def test_two_runs_are_compared(here: Rag, archive: Path, questions: Path, tmp_path: Path) -> None:
    a, b = tmp_path / "a.jsonl", tmp_path / "b.jsonl"
    assert here("batch", questions, "--out", a, "--archive", archive).returncode == 0
    jsonl(b, {"id": "1", "passages": []}, {"id": "2", "passages": []})
    found = json.loads(here("compare", questions, a, b, "--json").stdout)
    assert json.loads(here("compare", questions, a, a, "--json").stdout) != found
    shown = here("compare", questions, a, b)
    assert shown.returncode == 0
    assert "ndcg@10" in shown.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["migrate", "--to", "milvus"], "请用 --uri 写明 Milvus 的地址"),
        (["reindex", "--scheduler", "tcp://127.0.0.1:9"], "请用 --shards 指定"),
    ],
)
def test_work_for_many_machines_needs_to_be_told_where(
    arguments: list[str],
    said: str,
    archive: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("YANJU_MILVUS_URI", raising=False)
    assert main([*arguments, "--archive", str(archive)]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert said in captured.err
