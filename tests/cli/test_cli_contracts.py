"""The JSON contracts: every key, on standard output alone, with exit status 0."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from rag.evaluate.questions import read_jsonl

Rag = Callable[..., "subprocess.CompletedProcess[str]"]

HIT = {"rank", "score", "file", "speech_id", "title", "year", "section", "start", "end", "page", "text", "duplicates"}
CITATION = {"n", "speech_id", "title", "file", "year", "section", "start", "end", "page"}


def parsed(done: subprocess.CompletedProcess[str], status: int = 0) -> Any:
    assert done.returncode == status, done.stderr
    assert "Traceback" not in done.stderr
    return json.loads(done.stdout)


def first_id(run: Rag, archive: Path) -> str:
    return str(parsed(run("list", "--archive", archive, "--json"))[0]["speech_id"])


def test_ingest(ingested: tuple[Path, str]) -> None:
    report = json.loads(ingested[1])
    assert [one["status"] for one in report["files"]] == ["added", "added"]
    assert set(report["files"][0]) >= {"file", "status", "speeches", "passages", "reason", "notes", "speech_ids"}
    assert report["counts"] == {"added": 2, "updated": 0, "unchanged": 0, "skipped": 0, "failed": 0}
    assert report["speeches"] == 2


def test_search(rag: Rag, here: Rag, archive: Path) -> None:
    hits = parsed(rag("search", "信息报送", "-k", "2", "--archive", archive, "--json"))
    assert len(hits) == 2
    assert set(hits[0]) >= HIT
    assert [hit["rank"] for hit in hits] == [1, 2]
    assert hits[0]["file"] == "信息.txt"
    assert hits[0]["year"] == 2019
    assert all(isinstance(part, str) for part in hits[0]["section"])
    assert len(hits[0]["text"]) <= 400
    detail = parsed(here("show", hits[0]["speech_id"], "--archive", archive, "--json"))
    assert detail["text"][hits[0]["start"] : hits[0]["end"]] == hits[0]["text"]


def test_search_with_every_filter(here: Rag, archive: Path) -> None:
    def files(*options: str) -> list[str]:
        return [hit["file"] for hit in parsed(here("search", "工作", *options, "--archive", archive, "--json"))]

    one = first_id(here, archive)
    assert set(files("--year", "2018-2020")) == {"信息.txt"}
    assert set(files("--contains", "重于泰山")) == {"安全.md"}
    assert len(set(files("--speech", one))) == 1
    nobody = ("--speaker", "查无此人", "--organisation", "无", "--place", "无", "--genre", "无", "--year", "2019")
    assert files(*nobody) == []


def test_ask(rag: Rag, here: Rag, archive: Path) -> None:
    answer = parsed(rag("ask", "紧急信息要在多长时间内报送", "--archive", archive, "--json"))
    assert set(answer) >= {"question", "answered", "points", "citations", "coverage", "nearest"}
    assert answer["answered"] is True
    assert set(answer["coverage"]) >= {"speeches_found", "speeches_cited", "quotes"}
    assert set(answer["citations"][0]) >= CITATION
    (point, *_) = answer["points"]
    assert set(point) >= {"heading", "quotes"}
    quotes = [quote for point in answer["points"] for quote in point["quotes"]]
    assert all(set(quote) >= {"text", "citation", "start", "end", "also"} for quote in quotes)
    assert "三小时内" in "".join(quote["text"] for quote in quotes)
    assert answer["coverage"]["quotes"] == len(quotes)
    texts: dict[str, str] = {}
    for quote in quotes:
        (cited,) = [one for one in answer["citations"] if one["n"] == quote["citation"]]
        if cited["speech_id"] not in texts:
            shown = parsed(here("show", cited["speech_id"], "--archive", archive, "--json"))
            texts[cited["speech_id"]] = shown["text"]
        assert texts[cited["speech_id"]][quote["start"] : quote["end"]] == quote["text"]


def test_ask_refuses_with_the_nearest(here: Rag, archive: Path) -> None:
    answer = parsed(here("ask", "how many satellites orbit Jupiter", "--archive", archive, "--json"))
    assert answer["answered"] is False
    assert (answer["points"], answer["citations"]) == ([], [])
    assert set(answer["nearest"][0]) >= HIT


def test_list_show_info(rag: Rag, archive: Path) -> None:
    rows = parsed(rag("list", "--archive", archive, "--json"))
    assert len(rows) == 2
    assert set(rows[0]) >= {"speech_id", "title", "file", "year", "speaker", "genre", "chars", "flags"}
    assert {row["file"] for row in rows} == {"信息.txt", "安全.md"}
    detail = parsed(rag("show", rows[0]["speech_id"], "--archive", archive, "--json"))
    assert len(detail["text"]) == detail["chars"] == rows[0]["chars"]
    assert {"value", "where", "confidence"} == set(detail["metadata"]["title"])
    for node in detail["outline"]:
        assert detail["text"][node["start"] : node["end"]].startswith(node["label"])
    info = parsed(rag("info", "--archive", archive, "--json"))
    assert (info["sources"], info["speeches"], info["undated"]) == (2, 2, 1)
    assert len(info["files"]) == 2


@pytest.mark.parametrize("mode", ["search", "ask"])
def test_batch(rag: Rag, here: Rag, archive: Path, tmp_path: Path, mode: str) -> None:
    questions, out = tmp_path / "q.jsonl", tmp_path / "run.jsonl"
    questions.write_text('{"id": 7, "query": "信息报送"}\n{"id": "b", "query": "安全生产"}\n', encoding="utf-8")
    run = rag if mode == "search" else here
    done = run("batch", questions, "--out", out, "--mode", mode, "-k", "1", "--archive", archive)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    rows = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert [row["id"] for row in rows] == [7, "b"]
    if mode == "search":
        assert [len(row["passages"]) for row in rows] == [1, 1]
        assert set(rows[0]["passages"][0]) >= HIT
        assert [row["passages"][0]["file"] for row in rows] == ["信息.txt", "安全.md"]
    else:
        assert all(set(row["answer"]) >= {"answered", "points", "citations"} for row in rows)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["q.jsonl", "run.jsonl"]


def test_a_bad_question_in_a_batch_costs_itself_only(here: Rag, archive: Path, tmp_path: Path) -> None:
    questions, out = tmp_path / "q.jsonl", tmp_path / "run.jsonl"
    questions.write_text('{"id": "a", "query": "  "}\n{"id": "b", "query": "安全生产"}\n', encoding="utf-8")
    done = here("batch", questions, "--out", out, "--archive", archive)
    assert done.returncode == 1
    assert done.stderr.strip() == "a：请输入问题或关键词。"
    rows = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert [(row["id"], bool(row["passages"])) for row in rows] == [("a", False), ("b", True)]


def test_eval(rag: Rag, here: Rag, archive: Path, tmp_path: Path) -> None:
    quote = "紧急信息必须在事发后三小时内报送，不得迟报、漏报、瞒报。"
    row = {
        "id": "1",
        "type": "fact",
        "query": "紧急信息几小时报送",
        "evidence": [{"file": "信息.txt", "quote": quote, "grade": 2}],
    }
    path = tmp_path / "q.jsonl"
    path.write_text(json.dumps(row, ensure_ascii=False), encoding="utf-8")
    assert len(read_jsonl(path)) == 1
    figures = parsed(rag("eval", path, "--archive", archive, "--json"))
    assert set(figures["search"]["all"]) == {"n", "ndcg@10", "mrr@10", "hit@1", "hit@5", "recall@10", "recall@2000c"}
    assert figures["search"]["all"]["ndcg@10"] == 1.0
    assert figures["answers"]["exact"] == 1.0
    shown = here("eval", path, "--archive", archive)
    assert "ndcg@10 1.0" in shown.stdout


def test_remove_and_ingest_again(rag: Rag, here: Rag, sources: Path, tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    ids = [one["speech_ids"][0] for one in parsed(here("ingest", sources, "--archive", folder, "--json"))["files"]]
    assert parsed(rag("remove", "安全.md", "--archive", folder, "--json")) == {"removed": "安全.md", "speeches": 1}
    assert "已移除" in rag("remove", ids[0], "--archive", folder).stdout
    assert parsed(here("list", "--archive", folder, "--json")) == []
    again = parsed(here("ingest", sources / "信息.txt", sources / "安全.md", "--archive", folder, "--json"))
    assert [one["speech_ids"][0] for one in again["files"]] == ids
    third = rag("ingest", sources, "--archive", folder)
    assert "未变 2" in third.stdout
    path = sources / "信息.txt"
    assert parsed(here("remove", path, "--archive", folder, "--json"))["speeches"] == 1


def test_what_people_read(rag: Rag, here: Rag, archive: Path) -> None:
    one = first_id(here, archive)
    expected = {
        ("search", "信息报送"): ["1. 《", "信息.txt"],
        ("search", "信息", "--year", "1999"): ["未计入 1 篇年份不明的讲话", "没有符合条件的段落"],
        ("ask", "紧急信息要在多长时间内报送"): ["■ ", "三小时内", "[1]", "篇涉及，引用"],
        ("ask", "how many satellites orbit Jupiter"): ["档案中没有找到直接依据", "最接近的段落"],
        ("list",): [one, "共 2 篇", "年份不明"],
        ("show", one): [one, "标题：", "（文内标题）", "同志们："],
        ("info",): ["讲话：2", "年份不明的讲话：1", "信息.txt"],
    }
    for arguments, parts in expected.items():
        run = here if "--year" in arguments or "Jupiter" in arguments[-1] else rag
        done = run(*arguments, "--archive", archive)
        assert (done.returncode, done.stderr) == (0, ""), arguments
        for part in parts:
            assert part in done.stdout, arguments


def test_a_summary_names_only_the_files_that_did_not_come_in(here: Rag, tmp_path: Path) -> None:
    files = tmp_path / "files"
    files.mkdir()
    (files / "讲话.txt").write_text("在试验会上的讲话\n同志们：\n钥匙由两个人分开保管。\n", encoding="utf-8")
    (files / "空.txt").touch()
    command = ("ingest", files, "--archive", tmp_path / "archive", "--workers", "0")
    lines = here(*command, "--summary").stdout.splitlines()
    assert [line.split("：")[0] for line in lines[:-1]] == [f"[失败] {files / '空.txt'}"]
    assert lines[-1].startswith("2 个文件（新增 1，失败 1），1 篇讲话")
