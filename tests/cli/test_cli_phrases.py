"""The subcommand phrases, and batch --mode phrases."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Rag = Callable[..., "subprocess.CompletedProcess[str]"]

KEYS = {"text", "function", "speech_id", "title", "file", "start", "end"}


def texts(here: Rag, archive: Path) -> dict[str, str]:
    listed = json.loads(here("list", "--archive", archive, "--json").stdout)
    shown = (json.loads(here("show", one["speech_id"], "--archive", archive, "--json").stdout) for one in listed)
    return {one["speech_id"]: one["text"] for one in shown}


@pytest.mark.parametrize(
    "arguments",
    [("形容信息重要的说法",), ("--pattern", "不得*"), ("--parallel", "2"), ("信息", "-k", "1", "--year", "2019")],
)
def test_every_phrase_is_verbatim(here: Rag, archive: Path, arguments: tuple[str, ...]) -> None:
    done = here("phrases", *arguments, "--archive", archive, "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found
    speeches = texts(here, archive)
    for one in found:
        assert set(one) >= KEYS
        assert speeches[one["speech_id"]][one["start"] : one["end"]] == one["text"]
        context = one["context"]
        assert speeches[one["speech_id"]][context["start"] : context["end"]] == context["text"]
        assert one["text"] in context["text"]


def test_the_likeness_comes_first(here: Rag, archive: Path) -> None:
    done = here("phrases", "形容信息对领导决策有多重要的说法", "--archive", archive)
    assert "信息是领导决策的耳目" in done.stdout.splitlines()[0]


def test_a_pattern_tells_how_often_it_is_used(here: Rag, archive: Path) -> None:
    done = here("phrases", "--pattern", "横向*纵向*", "--archive", archive)
    assert done.stdout.startswith("共 1 处，1 篇讲话用到；列出 1 种写法\n")
    assert here("phrases", "--pattern", "以*为抓手", "--archive", archive).stdout == "没有符合条件的句子。\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "三者之一"),
        (("信息", "--parallel", "3"), "三者之一"),
        (("--pattern", "*"), "没有可找的字"),
        (("--pattern", ""), "没有可找的字"),
        (("--parallel", "1"), "2 到 20"),
        ((" ",), "请输入"),
    ],
)
def test_what_cannot_be_asked_is_one_sentence(
    here: Rag, archive: Path, arguments: tuple[str, ...], message: str
) -> None:
    done = here("phrases", *arguments, "--archive", archive)
    assert done.returncode == 2
    assert message in done.stderr
    assert done.stdout == ""


def test_a_batch_writes_phrases_widened_to_150_characters(here: Rag, archive: Path, tmp_path: Path) -> None:
    questions, run = tmp_path / "q.jsonl", tmp_path / "run.jsonl"
    lines = [{"id": "1", "query": "形容信息重要的说法"}, {"id": "2", "query": " "}]
    questions.write_text("\n".join(json.dumps(one) for one in lines), encoding="utf-8")
    done = here("batch", questions, "--out", run, "--mode", "phrases", "--archive", archive)
    assert done.returncode == 1
    first, second = (json.loads(line) for line in run.read_text(encoding="utf-8").splitlines())
    assert second == {"id": "2", "passages": []}
    speeches = texts(here, archive)
    assert first["passages"]
    for one in first["passages"]:
        assert len(one["text"]) <= 150
        assert speeches[one["speech_id"]][one["start"] : one["end"]] == one["text"]
