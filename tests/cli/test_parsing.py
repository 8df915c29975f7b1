"""What the argument parser says of a mistyped command: one Chinese sentence, what is wrong and where to look."""

from __future__ import annotations

import argparse

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.cli.main import main
from rag.cli.parsing import Parser, in_chinese


def misused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """The one line that the parser leaves on standard error with status 2."""
    with pytest.raises(SystemExit) as caught:
        main(list(arguments))
    assert caught.value.code == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    (line,) = captured.err.splitlines()
    return line


@pytest.mark.parametrize(
    ("typed", "sentence", "help_of"),
    [
        ("", "缺少命令。", ""),
        ("fly", "没有 fly 这个命令。", ""),
        ("serach 信息", "没有 serach 这个命令。是不是 search？", ""),
        ("--colour list", "不认识 --colour。", ""),
        ("list --colour", "不认识 --colour。", " list"),
        ("list --jsn", "不认识 --jsn。是不是 --json？", " list"),
        ("show a b c", "不认识 b c。", " show"),
        ("search", "缺少 QUERY。", " search"),
        ("ask", "缺少 QUESTION。", " ask"),
        ("ingest", "缺少 PATH。", " ingest"),
        ("compare q.jsonl", "缺少 RUN_A.jsonl、RUN_B.jsonl。", " compare"),
        ("batch q.jsonl", "缺少 --out。", " batch"),
        ("search x -k", "-k 后面要写一个值。", " search"),
        ("search x -k 0", "-k 应为 1 到 1000 之间的整数，收到 0。", " search"),
        ("search x -k 1001", "-k 应为 1 到 1000 之间的整数，收到 1001。", " search"),
        ("search x -k many", "-k 应为 1 到 1000 之间的整数，收到 many。", " search"),
        ("ingest x --workers 65", "--workers 应为 0 到 64 之间的整数，收到 65。", " ingest"),
        ("app --port 0", "--port 应为 1 到 65535 之间的端口号，收到 0。", " app"),
        ("batch q --out r --mode guess", "--mode 不能是 guess，可选：search、ask、phrases。", " batch"),
        ("themes --figures --matrix", "--matrix 不能与 --figures 同用。", " themes"),
        ("list --json=1", "--json 后面不写值（收到 1）。", " list"),
        ("search -招商", '缺少 QUERY。要排除的词与问题写在同一对引号里，如 "工业园 -招商"。', " search"),
        ("search 工业园 -招商", '不认识 -招商。要排除的词与问题写在同一对引号里，如 "工业园 -招商"。', " search"),
        ("search x --sp 李", "--sp 不明确，可能是 --speaker、--speech。", " search"),
    ],
)
def test_misuse_is_one_sentence(capsys: pytest.CaptureFixture[str], typed: str, sentence: str, help_of: str) -> None:
    assert misused(capsys, *typed.split()) == f"错误：{sentence}用法见 python -m rag{help_of} --help"


def test_help_is_chinese_but_for_names(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["export", "--help"])
    assert caught.value.code == 0
    shown = capsys.readouterr().out
    assert shown.startswith("用法：python -m rag export ")
    for heading in ("\n参数:\n", "\n选项:\n", "显示这份帮助"):
        assert heading in shown


def test_every_sentence_that_argparse_makes_of_these_is_chinese(capsys: pytest.CaptureFixture[str]) -> None:
    """Kinds of arguments that no command has today, for whoever adds one."""
    parser = Parser(prog="p")
    parser.add_argument("--many", nargs="+")
    parser.add_argument("--two", nargs=2)
    group = parser.add_mutually_exclusive_group(required=True)
    group.add_argument("--one")
    group.add_argument("--other")
    for typed, sentence in (
        (["--many"], "--many 至少要写一个"),
        ([], "--one --other 之中要有一个"),
        (["--one", "1", "--two", "1"], "--two 后面要写 2 个值"),
    ):
        with pytest.raises(SystemExit):
            parser.parse_args(typed)
        assert capsys.readouterr().err == f"错误：{sentence}。用法见 p --help\n"


def test_a_sentence_that_is_not_known_is_shown_as_it_is() -> None:
    assert in_chinese("something new") == "something new"


@given(st.text(st.characters(exclude_categories=("Cs",)), max_size=20))
def test_whatever_was_typed_is_repeated_and_never_breaks_the_sentence(typed: str) -> None:
    assert in_chinese(f"unrecognized arguments: --{typed}").startswith("不认识 --")
    assert in_chinese(str(argparse.ArgumentError(None, typed))) != "" or typed == ""
