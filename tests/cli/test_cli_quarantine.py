"""`python -m rag quarantine`: list, release and discard; and that nothing tells what a held file says."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from fakes import speech, write

from rag.archive.reader import Archive

Rag = Callable[..., "subprocess.CompletedProcess[str]"]
SECRET = "潜水艇的钥匙由两个人分开保管，缺一个人也打不开。"
OPEN = speech("在防汛会议上的讲话", "防汛沙袋每个乡镇不得少于五千条，六月底以前备齐。", date="2019年3月5日")
MARKED = "机密★1年\n" + speech("在保密会议上的讲话", SECRET, date="2018年3月5日")
HELD = {"id", "file", "path", "mark", "bytes", "added"}


@pytest.fixture
def folder(here: Rag, tmp_path: Path) -> Path:
    """An archive with one file in it and one in its quarantine."""
    write(tmp_path / "in" / "防汛.txt", OPEN)
    write(tmp_path / "in" / "保密.txt", MARKED)
    done = here("ingest", tmp_path / "in", "--archive", tmp_path / "archive", "--workers", "0")
    assert done.returncode == 1, done.stderr
    assert "新增 1，失败 1" in done.stdout
    return tmp_path / "archive"


def listed(run: Rag, folder: Path) -> list[dict[str, object]]:
    done = run("quarantine", "--archive", folder, "--json")
    assert done.returncode == 0, done.stderr
    found: list[dict[str, object]] = json.loads(done.stdout)
    return found


def state(folder: Path) -> object:
    with_audit = Archive(folder)
    rows = with_audit.db.execute("SELECT action, target FROM audit ORDER BY id").fetchall()
    return rows, with_audit.held(), with_audit.generation


def test_from_being_held_to_being_found(rag: Rag, tmp_path: Path) -> None:
    """In processes of its own, with the message's own command."""
    path, folder = write(tmp_path / "保密.txt", MARKED), tmp_path / "archive"
    done = rag("ingest", path, "--archive", folder, "--json")
    assert done.returncode == 1
    (one,) = json.loads(done.stdout)["files"]
    assert (one["status"], one["reason"], one["speeches"]) == ("failed", "marked", 0)
    (held,) = listed(rag, folder)
    assert set(held) == HELD
    assert (held["id"], held["file"], held["path"]) == (1, "保密.txt", path.resolve().as_posix())
    assert (held["mark"], held["bytes"]) == ("机密★1年", len(MARKED.encode()))
    command = one["message"].split("用命令 python -m rag ")[1].split(" 放行")[0]
    released = rag(*command.split(" "), "--json")
    assert released.returncode == 0, released.stderr
    report = json.loads(released.stdout)
    assert report["counts"]["added"] == 1
    assert report["files"][0]["notes"][0] == "文件开头标有「机密★1年」，已按要求放行。"
    assert listed(rag, folder) == []
    hits = json.loads(rag("search", "潜水艇的钥匙", "--archive", folder, "--json").stdout)
    assert SECRET in hits[0]["text"]


@pytest.mark.parametrize("words", [["quarantine"], ["quarantine", "list"]])
def test_the_list_for_people(here: Rag, folder: Path, words: list[str]) -> None:
    lines = here(*words, "--archive", folder).stdout.splitlines()
    assert lines[0].startswith("1  机密★1年  20")
    assert lines[0].endswith("/in/保密.txt")
    assert lines[1] == "隔离区有 1 个文件"


def test_options_stand_before_and_after_the_action(here: Rag, folder: Path) -> None:
    expected = here("quarantine", "--archive", folder, "--json").stdout
    assert here("quarantine", "list", "--archive", folder, "--json").stdout == expected
    assert here("quarantine", "--archive", folder, "--json", "list").stdout == expected
    assert json.loads(expected)[0]["id"] == 1


def test_a_release_for_people(here: Rag, folder: Path) -> None:
    done = here("quarantine", "release", "1", "--archive", folder)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0].startswith("[新增] ")
    assert lines[0].endswith("保密.txt：1 篇讲话，1 个段落")
    assert "已按要求放行" in lines[1]
    assert here("quarantine", "--archive", folder).stdout == "隔离区里没有文件。\n"


def test_discarding(here: Rag, folder: Path) -> None:
    write(folder.parent / "in" / "绝密.txt", "绝密\n" + OPEN)
    assert here("ingest", folder.parent / "in", "--archive", folder, "--workers", "0").returncode == 1
    gone = here("quarantine", "discard", "1", "--archive", folder, "--json")
    assert gone.returncode == 0, gone.stderr
    assert [(one["id"], one["file"]) for one in json.loads(gone.stdout)["discarded"]] == [(1, "保密.txt")]
    assert [one["id"] for one in listed(here, folder)] == [2]
    said = here("quarantine", "discard", "2", "--archive", folder).stdout
    assert said.startswith("已删除 ")
    assert said.endswith("/in/绝密.txt（绝密）\n")
    assert listed(here, folder) == []
    assert Archive(folder).count("sources") == 1


@pytest.mark.parametrize("action", ["release", "discard"])
@pytest.mark.parametrize("number", ["7", "保密.txt", "-1", "01", "9" * 40])
def test_an_unknown_number_is_one_sentence_and_changes_nothing(
    here: Rag, folder: Path, action: str, number: str
) -> None:
    before = state(folder)
    done = here("quarantine", action, "1", number, "--archive", folder)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        f"错误：隔离区里没有编号为 {number} 的文件，什么也没有做。可用 python -m rag quarantine 查看编号。\n"
    )
    assert state(folder) == before


def test_a_release_that_cannot_be_read_is_a_failure_and_stays(here: Rag, folder: Path) -> None:
    from rag.archive.writer import Writer

    Writer(folder).db.execute("UPDATE quarantine SET bytes = CAST('x' AS BLOB)")
    before = state(folder)
    done = here("quarantine", "release", "1", "--archive", folder, "--json")
    assert done.returncode == 1
    assert json.loads(done.stdout)["files"][0]["reason"] == "damaged"
    assert state(folder) == before


def test_a_name_cannot_command_the_terminal(here: Rag, tmp_path: Path) -> None:
    name = "a\x1b[2J\u202etxt.txt"
    write(tmp_path / name, MARKED)
    here("ingest", tmp_path / name, "--archive", tmp_path / "archive", "--workers", "0")
    shown = here("quarantine", "--archive", tmp_path / "archive").stdout
    gone = here("quarantine", "discard", "1", "--archive", tmp_path / "archive").stdout
    for said in (shown, gone):
        assert "a\ufffd[2J\ufffdtxt.txt" in said
        assert not {"\x1b", "\u202e"} & set(said)


def test_there_is_no_archive_to_look_into(here: Rag, tmp_path: Path) -> None:
    for words in (["quarantine"], ["quarantine", "release", "1"], ["quarantine", "discard", "1"]):
        done = here(*words, "--archive", tmp_path / "none")
        assert done.returncode == 2
        assert "还没有档案" in done.stderr
    assert not (tmp_path / "none").exists()


def test_nothing_tells_what_a_held_file_says(here: Rag, folder: Path, tmp_path: Path) -> None:
    for words in (
        ["list", "--json"],
        ["info", "--json"],
        ["search", "潜水艇的钥匙由两个人分开保管", "--json"],
        ["search", "钥匙", "--contains", "潜水艇", "--json"],
        ["ask", "潜水艇的钥匙由谁保管", "--json"],
        ["phrases", "钥匙由两个人分开保管", "--json"],
        ["phrases", "--pattern", "由*保管", "--json"],
        ["themes", "--json"],
        ["trace", "潜水艇", "--json"],
        ["reuse", "--json"],
        ["verify", "--json"],
    ):
        done = here(*words, "--archive", folder)
        assert done.returncode == 0, done.stderr
        told = json.loads(done.stdout)
        if isinstance(told, dict):
            told.pop("question", None)
            told.pop("query", None)
        said = json.dumps(told, ensure_ascii=False)
        for part in ("缺一个人也打不开", "在保密会议上的讲话", "保密.txt"):
            assert part not in said, words
    (row,) = json.loads(here("list", "--archive", folder, "--json").stdout)
    out = tmp_path / "out.md"
    item = tmp_path / "items.json"
    item.write_text(json.dumps([{"speech_id": row["speech_id"], "start": 0, "end": 9}]), encoding="utf-8")
    assert here("export", item, "--format", "md", "--out", out, "--archive", folder).returncode == 0
    assert "潜水艇" not in out.read_text(encoding="utf-8")
    for table in ("sources", "speeches", "passages", "words", "pairs", "removals", "retired", "audit", "meta"):
        rows = Archive(folder).db.execute(f"SELECT * FROM {table}").fetchall()
        assert "潜水" not in repr(rows)
        assert not any(isinstance(value, bytes) and "潜水艇".encode() in value for row in rows for value in row), table


def test_info_counts_what_is_held_where_anything_is(here: Rag, archive: Path, folder: Path) -> None:
    assert "隔离区的文件：1\n" in here("info", "--archive", folder).stdout
    assert json.loads(here("info", "--archive", folder, "--json").stdout)["held"] == 1
    assert "隔离区" not in here("info", "--archive", archive).stdout
    assert json.loads(here("info", "--archive", archive, "--json").stdout)["held"] == 0
