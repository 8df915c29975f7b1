"""对稿与沿用 without a browser: what each of its views shows."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from support import HOSTILE_NAME, HOSTILE_TEXT, HOSTILE_TITLE, build_of, shown, started, use_archives

from rag.archive.reader import Archive

SHARED = "信息员是一座城市的守夜人。别人睡了，他的手机不能睡；别人以为没事了，他还要再问一句真没事了吗。"
OTHER = {"信息.txt": "手机", "守夜.txt": "电话"}
TEXTS = {
    "信息.txt": f"在全市信息工作会议上的讲话\n张明远\n（2019年3月5日）\n同志们：\n一、信息报送要快\n{SHARED}\n",
    "守夜.txt": f"在全县值班工作会议上的讲话\n（2021年6月1日）\n同志们：\n一、值班要在岗\n{SHARED.replace('手机', '电话')}\n最后一句，守夜人要睡好觉。\n",
    "座谈.txt": "在全区座谈会上的讲话\n同志们：\n守夜人的说法我赞成，但守夜人也要有人换班。\n",
    HOSTILE_NAME: HOSTILE_TEXT,
}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_of(tmp_path_factory.mktemp("compare"), TEXTS)


@pytest.fixture
def own(built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Archive:
    use_archives(monkeypatch, built, tmp_path / "sample")
    return Archive(built)


def _script() -> None:
    """The page as the navigation runs it, every error made one sentence."""
    from rag.ui import pages

    pages._guarded(pages.COMPARE)()


def opened(**params: str) -> AppTest:
    return started(AppTest.from_function(_script, default_timeout=30), params)


def id_of(archive: Archive, file: str) -> str:
    return next(one.speech_id for one in archive.summaries() if one.file == file)


def test_a_formulation_is_traced_from_the_address(own: Archive) -> None:
    data = shown(opened(view="trace", q="守夜人"), "traces")
    assert data["summary"] == ["共 5 处，3 篇", "另有 1 篇年份不明，其中 2 处未计入图表"]
    assert [one["label"] for one in data["ends"]] == ["最早", "最近"]
    assert data["ends"][0]["cite"].startswith("《在全市信息工作会议上的讲话》，张明远，2019年3月5日，一、信息报送要快")
    for use in data["clusters"][0]["uses"]:
        spot = use["spot"]
        text = own.speech(spot["speech"]).text
        assert text[spot["start"] : spot["end"]] == use["text"] == "守夜人"
        assert use["before"] + use["text"] + use["after"] in text


def test_typing_a_formulation_puts_it_into_the_address(own: Archive) -> None:
    app = opened()
    app.text_input(key="formulation").set_value("樟脑丸")
    app.button[0].click().run()
    assert app.query_params["q"] == "樟脑丸"
    assert shown(app, "traces")["summary"][0] == "共 1 处，1 篇"
    assert "提法应有 2 到 40 个字" in opened(view="trace", q="樟").error[0].value


def test_shared_passages_are_listed_and_read_side_by_side(own: Archive) -> None:
    (pair,) = shown(opened(view="reuse"), "pairs")["pairs"]
    first, second = own.speech(pair["spot"]["a"]), own.speech(pair["spot"]["b"])
    assert {first.file, second.file} == {"信息.txt", "守夜.txt"}
    data = shown(opened(view="reuse", a=first.speech_id, b=second.speech_id), "sides")
    (run,) = data["runs"]
    for n, speech in enumerate((first, second)):
        segments = [s for part in data["sides"][n]["parts"] for line in part["lines"] for s in line]
        assert all(speech.text[s["at"] : s["at"] + len(s["t"])] == s["t"] for s in segments)
        spot = run["sides"][n]["spot"]
        marked = "".join(s["t"] for s in segments if "run" in s)
        assert (
            marked
            == speech.text[spot["start"] : spot["end"]].replace("\n", "")  # each line is shown by itself
            == SHARED.rstrip("。").replace("手机", OTHER[speech.file])
        )
        other = "".join(s["t"] for s in segments if "run" in s and not s["same"])
        assert other == OTHER[speech.file]


def test_a_speech_in_the_address_that_is_not_there_is_one_sentence(own: Archive) -> None:
    (said,) = opened(view="reuse", a="查无此篇", b=id_of(own, "信息.txt")).error
    assert "没有编号为 查无此篇 的讲话" in said.value


def test_a_draft_is_checked_and_stays_in_the_session(own: Archive) -> None:
    app = opened(view="draft")
    draft = f"我在2019年说过，“{SHARED[:13]}别人困了，他的手机不能睡”。\n{SHARED}\n"
    app.text_area(key="draft_text").set_value(draft)
    app.button[0].click().run()
    assert not app.exception
    data = shown(app, "draft")
    assert data["counts"][0]["kind"] == "misquoted"
    assert all("".join(s["t"] for s in one["segs"]) in draft for one in data["sentences"])
    (wrong,) = [reuse for one in data["sentences"] for reuse in one["reuses"] if reuse["wrong"]]
    assert [(c["archive"], c["draft"]) for c in wrong["changes"] if c["kind"] != "same"] == [("睡", "困")]
    assert set(app.query_params) <= {"view"}
    assert "draft_report" in app.session_state
    app.text_area(key="draft_text").set_value("")
    app.button[0].click().run()
    assert "draft_report" not in app.session_state


def test_markup_of_the_archive_is_data(own: Archive) -> None:
    app = opened(view="trace", q="樟脑丸")
    use = shown(app, "traces")["clusters"][0]["uses"][0]
    assert HOSTILE_TITLE[:10] in own.speech(use["spot"]["speech"]).text
    assert not [one for one in app.main if HOSTILE_TITLE[:12] in str(getattr(one, "value", ""))]
