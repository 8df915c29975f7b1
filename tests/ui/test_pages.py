"""What the pages do, without a browser."""

from __future__ import annotations

import shutil
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from support import HOSTILE_NAME, HOSTILE_TEXT, build_of, page_alone, shown, started, use_archives

from rag import config
from rag.archive.reader import Archive
from rag.archive.writer import Writer
from rag.search.retriever import Retriever
from rag.ui import access, state

APP = Path(config.__file__).resolve().parent.parent / "app.py"
PASSWORD = "只为测试"
TEXTS = {
    "信息.txt": "在全市信息工作会议上的讲话\n张明远\n（2019年3月5日）\n同志们：\n一、信息报送要快\n紧急信息必须在一小时内电话报告，两小时内书面报告。迟报漏报的，要追究责任。\n二、信息报送要准\n上报的信息必须核实清楚，数字不能有半点差错。\n",
    "会议.txt": "在全县精简会议动员会上的讲话\n李清源\n（2021年6月1日）\n同志们：\n一、会议要开得短\n能合并的会议一律合并，能不开的会议坚决不开，每次会议不超过一个半小时。\n",
}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_of(tmp_path_factory.mktemp("built"), {**TEXTS, HOSTILE_NAME: HOSTILE_TEXT})


@pytest.fixture
def folders(built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with `sample` alone; `default` is where files would be added."""
    shutil.copytree(built, tmp_path / "sample")
    use_archives(monkeypatch, tmp_path / "default", tmp_path / "sample")
    monkeypatch.delenv(access.PASSWORD, raising=False)
    return tmp_path


@pytest.fixture
def own(folders: Path) -> Path:
    shutil.copytree(folders / "sample", folders / "default")
    return folders / "default"


def run(**params: str | list[str]) -> AppTest:
    return started(AppTest.from_file(str(APP), default_timeout=30), params)


def only(function: Callable[[], None], **params: str) -> AppTest:
    """One page alone."""
    return page_alone(function.__module__, **params)


def test_the_first_screen_suggests_questions_from_the_headings(folders: Path) -> None:
    app = run()
    assert "关于信息报送要快，是怎么讲的？" in shown(app, "suggestions")["choices"]
    assert app.main.get("page_link")


def test_a_question_in_the_address_is_answered(folders: Path) -> None:
    data = shown(run(q="紧急信息多久必须报告"), "answer")
    quotes = [quote["text"] for point in data["points"] for quote in point["quotes"]]
    assert any("一小时内电话报告" in quote for quote in quotes)
    assert data["coverage"].startswith("共 ")
    cite = data["cites"]["1"]
    assert cite["cite"].startswith("《在全市信息工作会议上的讲话》，张明远，2019年3月5日")
    assert data["groups"][0]["title"] == "引用的段落"
    marked = [s["t"] for p in data["groups"][0]["passages"] for s in p["segs"] if "quote" in s.get("c", "")]
    assert "一小时内电话报告" in "".join(marked)


def test_typing_a_question_puts_it_into_the_address(folders: Path) -> None:
    app = run()
    app.text_input(key="question").set_value("会议多长").run()
    assert app.query_params["q"] == "会议多长"
    app.selectbox(key="year_first").set_value(2021).run()
    assert app.query_params["from"] == "2021"
    assert shown(app, "answer")["limits"] == ["年份 2021 及以后"]
    app.toggle(key="search_only").set_value(True).run()
    assert app.query_params["mode"] == "search"
    assert {p["title"] for p in shown(app, "answer")["groups"][0]["passages"]} == {"在全县精简会议动员会上的讲话"}


def test_a_stale_filter_in_a_link_is_shown_and_does_no_harm(folders: Path) -> None:
    data = shown(run(q="会议多长", speaker=["没有这个人"]), "answer")
    assert data["limits"] == ["讲话人 没有这个人"]
    assert data["refusal"] == "档案中没有找到直接依据"


def test_a_question_that_asks_for_nothing_gets_one_sentence(folders: Path) -> None:
    app = run(q="-会议")
    assert len(app.error) == 1
    assert "请至少写一个要找的词" in app.error[0].value
    assert app.selectbox(key="year_first").options == ["2016", "2019", "2021"]


def test_a_question_is_read_once_however_many_passages_are_marked(folders: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    own = Retriever.question_words
    monkeypatch.setattr(Retriever, "question_words", lambda self, text, *rest: read.append(text) or own(self, text, *rest))
    data = shown(run(q="开会和报信息各有什么要求"), "answer")
    assert sum(len(group["passages"]) for group in data["groups"]) > 1
    assert read == ["开会和报信息各有什么要求"]


def test_a_new_file_shows_without_a_restart(own: Path) -> None:
    from rag.pipeline.run import Ingester
    from rag.session import chosen_encoder, shared_analyzer

    assert shown(run(q='"防汛沙袋" 要备多少'), "answer")["refusal"]
    text = "在全市防汛会议上的讲话\n同志们：\n每个乡镇的防汛沙袋不得少于五千条，六月底以前备齐，七月初逐个清点。\n"
    Ingester.open(own, chosen_encoder(), shared_analyzer()).ingest_upload("防汛.txt", text.encode())
    assert not shown(run(q='"防汛沙袋" 要备多少'), "answer")["refusal"]


def test_the_server_watches_no_files() -> None:
    """A watcher would follow the archive's own writes while files are taken in."""
    settings = tomllib.loads((APP.parent / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert settings["server"]["fileWatcherType"] == "none"


def test_an_empty_archive_of_ones_own_gives_way_to_the_sample(folders: Path) -> None:
    Writer(folders / "default").close()
    assert state.folder() == folders / "sample"
    assert state.own_folder() == folders / "default"


def test_the_reader_marks_the_sentence_and_names_its_source(own: Path) -> None:
    from rag.ui import read

    speech = next(s for s in Archive(own).speeches() if s.file == "信息.txt")
    start = speech.text.index("迟报漏报")
    app = only(read.page, speech=speech.speech_id, start=str(start), end=str(start + 13))
    data = shown(app, "reader")
    target = [s["t"] for p in data["paragraphs"] for s in p["segs"] if "target" in s.get("c", "")]
    assert "".join(target) == "迟报漏报的，要追究责任。"[:13]
    assert data["cite"] == "《在全市信息工作会议上的讲话》，张明远，2019年3月5日，一、信息报送要快"
    assert [s["text"] for s in data["outline"]] == ["一、信息报送要快", "二、信息报送要准"]


def test_a_citation_follows_its_speech_when_the_file_changes(own: Path) -> None:
    from rag.pipeline.run import Ingester
    from rag.session import chosen_encoder, shared_analyzer
    from rag.ui import read

    old = next(s for s in Archive(own).speeches() if s.file == "信息.txt")
    start = old.text.index("迟报漏报")
    changed = TEXTS["信息.txt"].replace("同志们：", "各位同志们：\n今天只讲两件事，请大家记住。")
    Ingester.open(own, chosen_encoder(), shared_analyzer()).ingest_upload("信息.txt", changed.encode())
    app = only(read.page, speech=old.speech_id, start=str(start), end=str(start + 12))
    assert "后来改过" in app.warning[0].value
    data = shown(app, "reader")
    target = [s["t"] for p in data["paragraphs"] for s in p["segs"] if "target" in s.get("c", "")]
    assert "".join(target) == "迟报漏报的，要追究责任。"


def test_browsing_narrows_by_facet_and_title(own: Path) -> None:
    from rag.ui import browse

    app = only(browse.page)
    assert len(shown(app, "speeches")["rows"]) == 3
    app.text_input(key="browse_title").set_value("精简").run()
    assert [row["title"] for row in shown(app, "speeches")["rows"]] == ["在全县精简会议动员会上的讲话"]


def test_only_the_password_opens_the_keepers_page(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from rag.ui import manage

    assert not only(manage.page).tabs
    monkeypatch.setenv(access.PASSWORD, PASSWORD)
    monkeypatch.setattr(access, "WRONG_DELAY", 0.0)
    app = only(manage.page)
    app.text_input[0].set_value("不对")
    app.button[0].click().run()
    assert app.error[0].value == "口令不对。"
    app.text_input[0].set_value(PASSWORD)
    app.button[0].click().run()
    assert [tab.label for tab in app.tabs] == ["添加文件", "讲话", "来源文件", "隔离区", "移出清单", "状态"]


@pytest.mark.parametrize(
    ("address", "headers", "allowed"),
    [
        ("127.0.0.1", {"Host": "localhost:8501"}, True),
        ("127.0.0.1", {"Host": "127.0.0.1:8501"}, True),
        ("127.0.0.1", {"Host": "evil.example:8501"}, False),
        ("127.0.0.1", {"Host": "localhost:8501", "X-Forwarded-For": "10.0.0.9"}, False),
        ("0.0.0.0", {"Host": "localhost:8501"}, False),
        (None, {"Host": "localhost:8501"}, False),
    ],
)
def test_without_a_password_only_the_local_user_may_add(
    monkeypatch: pytest.MonkeyPatch, address: str | None, headers: dict[str, str], allowed: bool
) -> None:
    from types import SimpleNamespace

    import streamlit

    monkeypatch.delenv(access.PASSWORD, raising=False)
    monkeypatch.setattr(streamlit, "get_option", lambda name: address)
    monkeypatch.setattr(streamlit, "context", SimpleNamespace(headers=headers))
    assert access.may_add() is allowed


def test_an_empty_password_matches_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(access.PASSWORD, "")
    assert not access.matches("")
    assert not access.is_keeper()
