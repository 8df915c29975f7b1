"""Bad input is one clear sentence on standard error, with the right exit status and no traceback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from fakes import speech, write

from rag.cli.main import main
from rag.config import ROOT

Rag = Callable[..., "subprocess.CompletedProcess[str]"]
HEAVY = ("torch", "faiss", "jieba", "streamlit", "numpy", "sentence_transformers", "pypdf", "docx", "trafilatura")


def refused(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> str:
    """The one line that a command leaves on standard error with status 2."""
    assert main([str(argument) for argument in arguments]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    lines = captured.err.strip().splitlines()
    assert len(lines) == 1, lines
    assert lines[0].startswith("错误：")
    return lines[0]


def test_help_comes_without_the_heavy_libraries() -> None:
    program = (
        "import sys\nfrom rag.cli.main import main\ntry:\n main(['--help'])\nexcept SystemExit as stop:\n code = stop.code\n"
        f"print(code, [name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", program], capture_output=True, encoding="utf-8", cwd=ROOT, timeout=60
    )
    assert done.stderr.strip() == "0 []"
    for name in ("ingest", "search", "ask", "batch", "eval", "list", "show", "remove", "verify", "info"):
        assert name in done.stdout


def test_every_subcommand_has_help_and_takes_archive_and_json(capsys: pytest.CaptureFixture[str]) -> None:
    names = ["ingest", "search", "ask", "batch", "eval", "list", "show", "remove", "reindex", "verify", "info", "quarantine"]
    for name in names:
        with pytest.raises(SystemExit) as caught:
            main([name, "--help"])
        assert caught.value.code == 0
        out = capsys.readouterr().out
        assert "--archive DIR" in out
        assert "--json" in out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["search", " "], "请输入问题或关键词"),
        (["search", "-信息"], "只写排除的词"),
        (["ask", ""], "请输入问题"),
        (["ask", "信" * 2001], "2001 字，最多 2000 字"),
        (["search", "信息", "--year", "去年"], "年份应写成 2019 或 2018-2020，收到的是「去年」"),
        (["search", "信息", "--year", "2020-2018"], "年份范围颠倒了"),
        (["search", "信息", "--year", "-"], "年份应写成"),
        (["show", "nope"], "没有编号为 nope 的讲话"),
        (["remove", "nope.txt"], "档案中没有 nope.txt"),
        (["batch", "no-such.jsonl", "--out", "x.jsonl"], "无法读取 no-such.jsonl"),
        (["eval", "no-such.jsonl"], "无法读取 no-such.jsonl"),
    ],
)
def test_bad_input(capsys: pytest.CaptureFixture[str], archive: Path, arguments: list[str], message: str) -> None:
    if arguments[1].startswith("-"):
        arguments = [arguments[0], "--archive", str(archive), "--", *arguments[1:]]
    else:
        arguments = [*arguments, "--archive", str(archive)]
    assert message in refused(capsys, *arguments)


@pytest.mark.parametrize(
    "command",
    [
        ["list"],
        ["info"],
        ["search", "x"],
        ["ask", "x"],
        ["show", "x"],
        ["remove", "x"],
        ["reindex"],
        ["verify"],
        ["verify", "--repair"],
        ["quarantine"],
        ["quarantine", "release", "1"],
        ["quarantine", "discard", "1"],
    ],
)
@pytest.mark.parametrize("state", ["missing", "garbage", "empty"])
def test_an_archive_that_cannot_be_used(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, command: list[str], state: str
) -> None:
    if state != "missing":
        (tmp_path / "archive.sqlite").write_bytes(b"" if state == "empty" else b"garbage" * 1000)
    message = refused(capsys, *command, "--archive", tmp_path)
    assert {"missing": "还没有档案", "garbage": "无法打开档案", "empty": "是空的"}[state] in message
    assert [path.name for path in tmp_path.iterdir()] == ([] if state == "missing" else ["archive.sqlite"])


def test_ingesting_into_garbage(capsys: pytest.CaptureFixture[str], tmp_path: Path, sources: Path) -> None:
    (tmp_path / "archive.sqlite").write_bytes(b"garbage" * 1000)
    assert "无法打开档案" in refused(capsys, "ingest", sources, "--archive", tmp_path)


def test_an_archive_with_a_damaged_page(
    capsys: pytest.CaptureFixture[str], rag: Rag, sources: Path, tmp_path: Path
) -> None:
    """The head is whole, so it opens; the damage shows when the speeches are read."""
    assert main(["ingest", str(sources), "--archive", str(tmp_path)]) == 0
    capsys.readouterr()
    path = tmp_path / "archive.sqlite"
    for other in tmp_path.glob("archive.sqlite-*"):
        other.unlink()
    content = bytearray(path.read_bytes())
    for start in range(4096, len(content), 4096):
        content[start : start + 200] = b"\xff" * 200
    path.write_bytes(content)
    done = rag("list", "--archive", tmp_path)
    assert done.returncode == 2
    assert done.stdout == ""
    (line,) = done.stderr.strip().splitlines()
    assert line.startswith("错误：")
    assert "备份" in line


def test_one_file_that_fails_gives_status_one_and_the_rest_is_in(rag: Rag, tmp_path: Path) -> None:
    write(tmp_path / "good.txt", speech("在会上的讲话", "信息报送要快要准，不能等待观望，不能层层请示。"))
    write(tmp_path / "bad.txt", "")
    done = rag(
        "ingest",
        tmp_path / "good.txt",
        tmp_path / "bad.txt",
        tmp_path / "none.txt",
        "--archive",
        tmp_path / "a",
        "--json",
    )
    assert done.returncode == 1
    assert done.stderr == ""
    report = json.loads(done.stdout)
    assert [(one["status"], one["reason"]) for one in report["files"]] == [
        ("added", None), ("failed", "empty"), ("failed", "missing"),
    ]  # fmt: skip


def test_a_batch_that_cannot_be_written_leaves_nothing(
    capsys: pytest.CaptureFixture[str], archive: Path, tmp_path: Path
) -> None:
    questions = tmp_path / "q.jsonl"
    questions.write_text('{"id": "1", "query": "信息"}', encoding="utf-8")
    for out in (tmp_path, tmp_path / "none" / "run.jsonl"):
        assert "无法写入" in refused(capsys, "batch", questions, "--out", out, "--archive", archive)
    assert [path.name for path in tmp_path.iterdir()] == ["q.jsonl"]
    assert not list(tmp_path.parent.glob("*.part"))


def test_a_model_that_is_not_there(capsys: pytest.CaptureFixture[str], sources: Path, tmp_path: Path) -> None:
    (tmp_path / "model").mkdir()
    message = refused(capsys, "ingest", sources, "--archive", tmp_path / "a", "--model", tmp_path / "model")
    assert "无法加载模型" in message


def test_threads_that_are_no_number(
    capsys: pytest.CaptureFixture[str], archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YANJU_THREADS", "many")
    assert "YANJU_THREADS 应为整数，实为「many」" in refused(capsys, "search", "信息", "--archive", archive)


@pytest.mark.skipif(os.name == "nt", reason="arguments are Unicode there")
def test_arguments_that_are_no_utf8(archive: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "rag", "search", b"\xff\xfe", "--archive", str(archive)],
        capture_output=True, cwd=ROOT, timeout=60,
    )  # fmt: skip
    assert done.returncode == 2
    assert b"Traceback" not in done.stderr


def test_a_reader_that_goes_away_is_no_error(archive: Path) -> None:
    """`python -m rag show … | head -1`."""
    with subprocess.Popen(
        [sys.executable, "-c", "import os; os.write(1, b''); from rag.cli.main import main; raise SystemExit(main())", "list", "--archive", str(archive)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT,
    ) as process:  # fmt: skip
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        assert b"Traceback" not in process.stderr.read()
        assert process.wait(60) == 0


def test_an_interpreter_without_the_requirements_says_which_one_has_them(tmp_path: Path) -> None:
    """`python -m rag` in a fresh clone, with the system's Python."""
    command = [sys.executable, "-S", "-X", "utf8", "-m", "rag", "search", "信息", "--archive", str(tmp_path)]
    (tmp_path / "archive.sqlite").touch()
    done = subprocess.run(command, capture_output=True, encoding="utf-8", cwd=ROOT, timeout=60)
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"错误：这个 Python（{sys.executable}）没有装 ")
    assert ".venv/bin/python -m rag" in line
    assert "python bootstrap.py install" in line


def test_a_module_of_our_own_that_is_missing_is_no_users_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "rag.cli.asking", None)
    with pytest.raises(ModuleNotFoundError, match=r"rag\.cli\.asking"):
        main(["search", "信息"])
