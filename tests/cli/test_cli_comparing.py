"""trace, reuse and check-draft on the command line: every key, and what people read."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

Rag = Callable[..., "subprocess.CompletedProcess[str]"]
PLACE = {"speech_id", "title", "file", "year", "section", "start", "end", "page"}
SAID = "紧急信息必须在事发后三小时内报送，不得迟报、漏报、瞒报。"


def parsed(done: subprocess.CompletedProcess[str]) -> Any:
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    return json.loads(done.stdout)


def text_of(run: Rag, archive: Path, speech_id: str) -> str:
    return str(parsed(run("show", speech_id, "--archive", archive, "--json"))["text"])


def test_trace(rag: Rag, here: Rag, archive: Path) -> None:
    found = parsed(rag("trace", "信息工作", "--archive", archive, "--json"))
    assert set(found) >= {
        "formulation",
        "occurrences",
        "speeches",
        "clusters",
        "years",
        "units",
        "undated",
        "first",
        "last",
    }
    uses = [one for cluster in found["clusters"] if cluster["kind"] != "similar" for one in cluster["occurrences"]]
    assert len(uses) == found["occurrences"] > 0
    for one in uses:
        assert set(one) >= PLACE | {"text", "date", "unit"}
        assert text_of(here, archive, one["speech_id"])[one["start"] : one["end"]] == one["text"]
    assert [year["year"] for year in found["years"]] == [2019]
    said = here("trace", "信息工作", "--archive", archive)
    assert said.stdout.startswith("「信息工作」共 ")
    assert here("trace", "。", "--archive", archive).returncode == 2


def test_reuse(rag: Rag, here: Rag, tmp_path: Path) -> None:
    shared = "信息是领导决策的耳目，信息工作做不好，决策就是盲人摸象，这句话我年年都要讲一遍。"
    for name, more in (("甲", "去年报得快。"), ("乙", "今年要报得准，还要报得全。")):
        (tmp_path / f"{name}.txt").write_text(
            f"在{name}县信息会议上的讲话\n同志们：\n{shared}{more}\n", encoding="utf-8"
        )
    archive = tmp_path / "archive"
    assert here("ingest", tmp_path / "甲.txt", tmp_path / "乙.txt", "--archive", archive).returncode == 0
    (pair,) = parsed(rag("reuse", "--archive", archive, "--json"))
    assert set(pair) >= {"a", "b", "chars", "share_a", "share_b", "nearly_identical", "contained", "runs"}
    (run,) = pair["runs"]
    for side in ("a", "b"):
        where = run[side]
        assert text_of(here, archive, pair[side]["speech_id"])[where["start"] : where["end"]] == where["text"]
    assert (run["similarity"], run["verbatim"]) == (1.0, 1.0)
    ids = pair["a"]["speech_id"], pair["b"]["speech_id"]
    assert [one["runs"] for one in parsed(here("reuse", *ids, "--archive", archive, "--json"))] == [pair["runs"]]
    assert "共 1 对讲话" in here("reuse", ids[0], "--archive", archive).stdout
    assert "没有 200 字以上的雷同" in here("reuse", "--min", "200", "--archive", archive).stdout
    assert here("reuse", "查无此篇", "--archive", archive).returncode == 2
    assert here("reuse", "--min", "2", "--archive", archive).returncode == 2


def test_check_draft(rag: Rag, here: Rag, archive: Path, tmp_path: Path) -> None:
    draft = tmp_path / "稿子.txt"
    draft.write_text(f"我去年讲过，“{SAID.replace('三小时', '两小时')}”\n{SAID}\n", encoding="utf-8")
    report = parsed(rag("check-draft", draft, "--archive", archive, "--json"))
    assert set(report) >= {"text", "notes", "threshold", "counts", "sentences", "reuses"}
    for one in report["sentences"]:
        assert report["text"][one["start"] : one["end"]] == one["text"]
        assert one["nearest"] is None or set(one["nearest"]) >= PLACE | {"text", "closeness"}
    wrong, right = report["reuses"]
    assert (wrong["quoted"], wrong["verbatim"], right["verbatim"]) == (True, False, True)
    assert [(c["archive"], c["draft"]) for c in wrong["changes"] if c["kind"] != "same"] == [("三", "两")]
    assert text_of(here, archive, wrong["source"]["speech_id"])[
        wrong["source"]["start"] : wrong["source"]["end"]
    ] == wrong["source"]["text"]  # fmt: skip
    said = here("check-draft", draft, "--archive", archive).stdout
    assert "〔原：三〕｛稿：两｝小时" in said
    assert "引文有误 1 处" in said
    missing = here("check-draft", tmp_path / "没有.txt", "--archive", archive)
    assert (missing.returncode, missing.stdout) == (2, "")
    assert "没有.txt：文件不存在" in missing.stderr
