"""`ask --compose` as a user meets it."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from endpoint import Endpoint
from tiny_models import material

from rag.cli.main import main

QUESTION = "紧急信息多长时间内上报"


@pytest.fixture
def environment(endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch) -> Endpoint:
    monkeypatch.setenv("YANJU_LLM_BASE_URL", endpoint.url)
    monkeypatch.setenv("YANJU_LLM_MODEL", "tiny")
    monkeypatch.delenv("YANJU_LLM_API_KEY", raising=False)
    monkeypatch.delenv("YANJU_LLM_TIMEOUT", raising=False)
    endpoint.says(
        lambda messages: json.dumps(
            [
                {
                    "sentence": material(messages)["原话"][0]["文字"],
                    "citations": [material(messages)["原话"][0]["编号"]],
                },
                {"sentence": "此事将于2099年完成。", "citations": [1]},
            ],
            ensure_ascii=False,
        )
    )
    return endpoint


def ask(archive: Path, *options: str) -> int:
    return main(["ask", QUESTION, "--archive", str(archive), *options])


def test_json_gains_one_key(environment: Endpoint, sample_archive: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert ask(sample_archive, "--json") == 0
    plain = json.loads(capsys.readouterr().out)
    assert environment.requests == []
    assert ask(sample_archive, "--json", "--compose") == 0
    composed = json.loads(capsys.readouterr().out)
    composition = composed.pop("composition")
    assert composed == plain
    assert composition.keys() == {"sentences", "removed", "notice", "model"}
    assert composition["sentences"]
    assert (composition["removed"], composition["notice"], composition["model"]) == (1, "删去 1 句没有依据的话", "tiny")
    known = {citation["n"] for citation in plain["citations"]}
    assert all(set(one["citations"]) <= known for one in composition["sentences"])


def test_people_see_the_text_above_the_quotations(
    environment: Endpoint, sample_archive: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ask(sample_archive) == 0
    plain = capsys.readouterr().out
    assert ask(sample_archive, "--compose") == 0
    shown = capsys.readouterr().out
    assert shown.endswith(plain)
    assert "模型 tiny 据下列引文成文" in shown
    assert "（删去 1 句没有依据的话）" in shown
    assert "2099" not in shown


def test_a_refusal_calls_no_model(
    environment: Endpoint, sample_archive: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert (
        main(["ask", QUESTION, "--contains", "讲话里绝无此语", "--archive", str(sample_archive), "--json", "--compose"])
        == 0
    )
    answer = json.loads(capsys.readouterr().out)
    assert answer["answered"] is False
    assert answer["composition"] == {"sentences": [], "removed": 0, "notice": "", "model": "tiny"}
    assert environment.requests == []


def test_a_dead_endpoint_leaves_the_answer(
    environment: Endpoint, sample_archive: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("YANJU_LLM_BASE_URL", "http://127.0.0.1:9/v1")
    assert ask(sample_archive, "--compose") == 0
    shown = capsys.readouterr().out
    assert "（无法连接模型服务，以下只列原话。）" in shown
    assert "[1]" in shown


def test_switched_off_says_how_to_switch_on(
    sample_archive: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("YANJU_LLM_BASE_URL", raising=False)
    assert ask(sample_archive, "--compose") == 2
    error = capsys.readouterr().err
    assert "YANJU_LLM_BASE_URL" in error
    assert "YANJU_LLM_MODEL" in error


def test_without_the_library_the_install_command(
    environment: Endpoint, sample_archive: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "openai", None)
    assert ask(sample_archive, "--compose") == 2
    assert "pip install" in capsys.readouterr().err
