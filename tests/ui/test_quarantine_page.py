"""The quarantine on the keeper's page: what is listed, released, deleted, and told in the readers' language."""

from __future__ import annotations

import shutil
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from support import HOSTILE_NAME, PASSWORD, build_of, page_alone, shown, use_archives

from rag import i18n
from rag.archive.connect import FILE
from rag.archive.reader import Archive
from rag.pipeline.run import Ingester
from rag.session import chosen_encoder, shared_analyzer
from rag.ui import access, failing, upload_job

OPEN = "在全县防汛会议上的讲话\n同志们：\n防汛沙袋每个乡镇不得少于五千条，六月底以前备齐。\n"
SECRET = "潜水艇的钥匙由两个人分开保管，缺一个人也打不开。"
MARKED = f"机密★1年\n在保密会议上的讲话\n同志们：\n{SECRET}\n"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive with one file in it and two in its quarantine, one of them under a name full of markup."""
    folder = build_of(tmp_path_factory.mktemp("built"), {"防汛.txt": OPEN})
    ingester = Ingester.open(folder, chosen_encoder(), shared_analyzer())
    ingester.ingest_upload("保密.txt", MARKED.encode())
    ingester.ingest_upload(HOSTILE_NAME, ("绝密\n" + OPEN).encode())
    return folder


@pytest.fixture
def own(built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(built, tmp_path / "default")
    use_archives(monkeypatch, tmp_path / "default", tmp_path / "sample")
    monkeypatch.setenv(access.PASSWORD, PASSWORD)
    return tmp_path / "default"


def keeper() -> AppTest:
    """The page after the password."""
    app = page_alone("rag.ui.manage")
    app.text_input[0].set_value(PASSWORD)
    app.button[0].click().run()
    assert not app.exception
    return app


def listed(app: AppTest) -> list[tuple[str, str]]:
    """Name and mark of each file in the list."""
    frames = [one.value for one in app.dataframe if "标记" in one.value.columns]
    return [(row["文件"], row["标记"]) for frame in frames for row in frame.to_dict("records")]


def sources(app: AppTest) -> set[str]:
    (frame,) = [one.value for one in app.dataframe if "讲话" in one.value.columns]
    return set(frame["文件"])


def everything(app: AppTest) -> str:
    return "\n".join(repr(element) for element in app.main)


def chosen(number: int) -> AppTest:
    app = keeper()
    app.selectbox(key="held_file").set_value(number).run()
    assert not app.exception
    return app


def test_the_list_has_names_and_marks_and_nothing_of_the_texts(own: Path) -> None:
    app = chosen(1)
    assert listed(app) == [("保密.txt", "机密★1年"), (HOSTILE_NAME, "绝密")]
    assert "潜水艇" not in everything(app)
    assert "隔离区有 2 个文件等待放行。" in [one.value for one in app.text]
    assert sources(app) == {"防汛.txt"}


def test_markup_in_a_name_takes_no_effect(own: Path) -> None:
    """Names stand in data cells, choices and plain text alone."""
    app = chosen(2)
    for one in (*app.markdown, *app.caption, *app.info, *app.error):
        assert "hacked" not in one.value
    assert HOSTILE_NAME in [one.value for one in app.text]


def test_a_released_file_moves_to_the_sources(own: Path) -> None:
    app = chosen(1)
    app.button(key="release_held").click().run()
    assert not app.exception
    assert [one.value for one in app.toast] == ["已放行"]
    assert listed(app) == [(HOSTILE_NAME, "绝密")]
    assert sources(app) == {"防汛.txt", "保密.txt"}
    assert app.selectbox(key="held_file").value is None
    assert Archive(own).count("sources") == 2


def test_deleting_asks_first(own: Path) -> None:
    app = chosen(1)
    assert [one.value for one in app.markdown if "彻底删除" in one.value] == ["文件会从隔离区彻底删除，不能恢复。"]
    assert len(Archive(own).held()) == 2
    app.button(key="discard_held").click().run()
    assert not app.exception
    assert [one.value for one in app.toast] == ["已删除"]
    assert listed(app) == [(HOSTILE_NAME, "绝密")]
    assert sources(app) == {"防汛.txt"}


def test_a_release_that_fails_says_why_and_the_file_stays(own: Path) -> None:
    app = chosen(1)
    with closing(sqlite3.connect(own / FILE, isolation_level=None)) as db:
        db.execute("UPDATE quarantine SET bytes = CAST('x' AS BLOB) WHERE id = 1")
    app.button(key="release_held").click().run()
    assert "与存入时不一致" in app.error[0].value
    assert len(listed(app)) == 2
    assert not app.run().error


def test_an_empty_quarantine_says_so(own: Path) -> None:
    with closing(sqlite3.connect(own / FILE, isolation_level=None)) as db:
        db.execute("DELETE FROM quarantine")
    app = keeper()
    assert "隔离区里没有文件。" in [one.value for one in app.info]
    assert not any("等待放行" in one.value for one in app.text)


def test_an_archive_of_ones_own_that_holds_nothing_else_is_shown(own: Path) -> None:
    """The pages show the sample then, and its sources; the quarantine is one's own."""
    with closing(sqlite3.connect(own / FILE, isolation_level=None)) as db:
        db.execute("PRAGMA foreign_keys = ON")
        db.execute("DELETE FROM sources")
    build_of(own.parent / "sample", {"示例.txt": OPEN})
    app = keeper()
    assert len(listed(app)) == 2
    app.selectbox(key="held_file").set_value(1).run()
    app.button(key="release_held").click().run()
    assert sources(app) == {"保密.txt"}


def test_whoever_has_not_given_the_password_sees_none_of_it(own: Path) -> None:
    app = page_alone("rag.ui.manage")
    assert not app.tabs
    assert "保密.txt" not in everything(app)


def test_the_report_of_an_upload_says_that_it_is_held(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Through the worker, as from the browser; again, so that the number is the first one's."""
    job = upload_job.start(own, [("又一份.txt", MARKED.encode())])
    for _ in range(600):
        if not job.running:
            break
        time.sleep(0.1)
    assert job.error == ""
    (row,) = shown(keeper(), "reports")["rows"]
    upload_job.dismiss(own)
    assert (row["file"], row["status"], row["bad"]) == ("又一份.txt", "失败", True)
    assert row["text"] == (
        "文件开头标有「机密★1年」，没有导入，已放入隔离区（编号 1）。确认允许入库的，由管理员在「档案管理」的「隔离区」放行，"
        f"或用命令 python -m rag quarantine release 1 --archive {own.resolve()} 放行。"
    )
    i18n.use("en")
    try:
        said = failing.file_sentence("marked", row["text"])
    finally:
        i18n.use(None)
    assert said.startswith("The file begins with the mark 「机密★1年」 and was not added; it is held in the quarantine")
    assert said.endswith(f"python -m rag quarantine release 1 --archive {own.resolve()}")
