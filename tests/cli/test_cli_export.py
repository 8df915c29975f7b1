"""`export`: from a list, from what `ask` prints, and what it says of quotations that are no more."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from rag.config import ROOT

Rag = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def place(archive: Path, here: Rag) -> dict[str, object]:
    """The sentence on urgent information, as a list for `export` names it."""
    for one in json.loads(here("list", "--archive", archive, "--json").stdout):
        text = json.loads(here("show", one["speech_id"], "--archive", archive, "--json").stdout)["text"]
        if (start := text.find("紧急信息")) >= 0:
            return {"speech_id": one["speech_id"], "start": start, "end": text.index("。", start) + 1}
    raise AssertionError("no such sentence")


def test_a_list_becomes_a_table(archive: Path, here: Rag, place: dict[str, object], tmp_path: Path) -> None:
    given, out = tmp_path / "素材.json", tmp_path / "素材.csv"
    given.write_text(json.dumps([place | {"note": "开头"}]), encoding="utf-8")
    done = here("export", given, "--format", "csv", "--out", out, "--archive", archive)
    assert (done.returncode, done.stderr) == (0, "")
    (row,) = csv.DictReader(out.read_text(encoding="utf-8-sig").splitlines())
    assert row["引文"] == "紧急信息必须在事发后三小时内报送，不得迟报、漏报、瞒报。"
    assert (row["题名"], row["日期"], row["批注"], row["示例"]) == ("在全县信息工作会议上的讲话", "2019年3月5日", "开头", "")


def test_an_answer_is_piped_into_a_document(archive: Path, rag: Rag, tmp_path: Path) -> None:
    from docx import Document

    answer = rag("ask", "紧急信息多久必须报送", "--archive", archive, "--json").stdout
    out = tmp_path / "摘编.docx"
    command = [sys.executable, "-m", "rag", "export", "-", "--out", str(out), "--archive", str(archive), "--json"]
    done = subprocess.run(command, input=answer.encode(), capture_output=True, cwd=ROOT, timeout=100)
    assert done.returncode == 0, done.stderr.decode()
    told = json.loads(done.stdout)
    quotes = [quote["text"] for point in json.loads(answer)["points"] for quote in point["quotes"]]
    assert [entry["text"] for entry in told["entries"]] == quotes
    assert [p.text for p in Document(str(out)).paragraphs if p.style.name == "引文"] == quotes


def test_what_is_no_longer_there_is_named_and_the_rest_exported(
    archive: Path, here: Rag, place: dict[str, object], tmp_path: Path
) -> None:
    given, out = tmp_path / "素材.json", tmp_path / "素材.md"
    given.write_text(json.dumps([{"speech_id": "none", "start": 0, "end": 4}, place]), encoding="utf-8")
    done = here("export", given, "--format", "md", "--out", out, "--archive", archive)
    assert done.returncode == 1
    assert done.stderr == "第 1 条：档案中没有这篇讲话（编号 none），可能来自另一个档案。\n"
    assert "> 紧急信息必须在事发后三小时内报送" in out.read_text(encoding="utf-8")


def test_usage_errors_are_one_line_and_leave_no_file(archive: Path, here: Rag, tmp_path: Path) -> None:
    given = tmp_path / "素材.json"
    given.write_text('[{"speech_id": "none", "start": 4, "end": 4}]', encoding="utf-8")
    folder = tmp_path / "out"
    folder.mkdir()
    for source, out in ((given, tmp_path / "a.docx"), (tmp_path / "missing.json", tmp_path / "a.docx"), (given, folder)):
        done = here("export", source, "--out", out, "--archive", archive)
        assert done.returncode == 2
        assert done.stderr.count("\n") == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "素材.json"]
