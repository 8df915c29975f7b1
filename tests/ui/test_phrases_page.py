"""找表述 without a browser."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from support import build_of, page_alone, shown, use_archives

from rag.archive.reader import Archive

TEXTS = {
    "甲.txt": "在全市信息工作会议上的讲话\n（2019年3月5日）\n同志们：\n信息是领导决策的耳目，信息不灵，决策就是盲人摸象。我们要以督查为抓手，推动信息工作上台阶。会议要开短，文件要写短，讲话要讲短。\n",
    "乙.txt": "在全县督查工作会议上的讲话\n同志们：\n各单位要以督查为抓手，层层压实责任，不得走过场。让我们携起手来，为建设美好家园努力奋斗！\n",
}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_of(tmp_path_factory.mktemp("phrases"), TEXTS)


@pytest.fixture
def archive(built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Archive:
    shutil.copytree(built, tmp_path / "default")
    use_archives(monkeypatch, tmp_path / "default", tmp_path / "sample")
    return Archive(tmp_path / "default")


def run(**params: str | list[str]) -> AppTest:
    return page_alone("rag.ui.phrases", **params)


def test_a_link_reopens_a_search(archive: Archive) -> None:
    app = run(q="形容信息重要的说法")
    assert app.text_input(key="phrase_text").value == "形容信息重要的说法"
    data = shown(app, "phrases")
    first = data["phrases"][0]
    assert first["text"].startswith("信息是领导决策的耳目")
    assert first["function"]
    assert first["cite"].startswith("《在全市信息工作会议上的讲话》，2019年3月5日")
    for one in data["phrases"]:
        text, spot = archive.speech(one["spot"]["speech"]).text, one["spot"]
        assert text[spot["start"] : spot["end"]] == one["text"] == "".join(segment["t"] for segment in one["segs"])


def test_typing_puts_the_search_into_the_address(archive: Archive) -> None:
    app = run()
    app.text_input(key="phrase_text").set_value("努力奋斗").run()
    assert app.query_params["q"] == "努力奋斗"
    app.get("button_group")[0].set_value(["号召结尾"]).run()
    assert app.query_params["function"] == "号召结尾"
    assert {one["function"] for one in shown(app, "phrases")["phrases"]} == {"号召结尾"}


def test_a_pattern_shows_where_it_is_used(archive: Archive) -> None:
    data = shown(run(q="以*为抓手"), "phrases")
    assert data["summary"] == "共 2 处，2 篇用到，常用的在前"
    (one,) = data["phrases"]
    assert [s["t"] for s in one["segs"] if "quote" in s.get("c", "")] == ["以督查为抓手"]
    assert one["used"] == "用在 2 篇"
    assert len(one["places"]) == 1


def test_parallels_by_number(archive: Archive) -> None:
    (one,) = shown(run(q="排比3"), "phrases")["phrases"]
    assert one["text"] == "会议要开短，文件要写短，讲话要讲短。"
    assert shown(run(q="排比4"), "phrases")["summary"].startswith("没有符合条件的句子")


def test_an_address_with_an_unknown_function_does_no_harm(archive: Archive) -> None:
    assert shown(run(q="信息", function=["没有的", "排比"]), "phrases")["phrases"] is not None


def test_the_line_that_explains_shows_its_star(archive: Archive) -> None:
    (note,) = [one.value for one in run().caption if "句式" in one.value]
    assert "以\\*为抓手" in note
