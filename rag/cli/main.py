"""Arguments, and the one place where errors become a line and an exit status."""

from __future__ import annotations

import argparse
import logging
import os
import sqlite3
import sys
from collections.abc import Sequence

from rag.errors import YanjuError

DONE, SOME_FAILED, UNUSABLE = 0, 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; returns the exit status (0 done, 1 some inputs failed, 2 bad usage or unusable archive)."""
    _utf8()
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(message)s", stream=sys.stderr)
    options = parser().parse_args(arguments)
    if "query" in options:
        options.query = options.query.encode("utf-8", "replace").decode()  # what the terminal could not decode
    try:
        from rag.cli import commands

        return int(getattr(commands, options.command.replace("-", "_"))(options))
    except YanjuError as error:
        print(f"错误：{error}", file=sys.stderr)
        return UNUSABLE
    except sqlite3.DatabaseError as error:
        print(f"错误：档案读取失败（{error}），文件可能已损坏。请用备份替换档案。", file=sys.stderr)
        return UNUSABLE
    except KeyboardInterrupt:
        print("已中断，档案保持完整。", file=sys.stderr)
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE


def _utf8() -> None:
    """Chinese output whatever the terminal's locale."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")


def parser() -> argparse.ArgumentParser:
    """The whole command line."""
    top = argparse.ArgumentParser(prog="python -m rag", description="言据：讲话档案的检索与问答，言出有据。")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def command(name: str, help: str) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=help, description=help)
        sub.add_argument("--archive", metavar="DIR", help="档案文件夹（默认 index/default；其为空时用 index/sample）")
        sub.add_argument("--json", action="store_true", help="输出 JSON")
        return sub

    ingest = command("ingest", "导入文件或文件夹")
    ingest.add_argument("paths", nargs="+", metavar="PATH")
    ingest.add_argument("--model", metavar="NAME", help="新档案所用的向量模型：名称或文件夹")
    for name, help in (("search", "检索段落"), ("ask", "提问，用原话回答")):
        sub = command(name, help)
        sub.add_argument("query", metavar="QUESTION" if name == "ask" else "QUERY")
        if name == "search":
            sub.add_argument("-k", type=_count, default=10, metavar="N", help="结果条数（默认 10）")
        _add_filters(sub)
    batch = command("batch", "在一个进程里处理整份问题文件")
    batch.add_argument("questions", metavar="QUESTIONS.jsonl")
    batch.add_argument("--out", required=True, metavar="RUN.jsonl")
    batch.add_argument("-k", type=_count, default=20, metavar="N")
    batch.add_argument("--mode", choices=("search", "ask"), default="search")
    evaluate = command("eval", "用带依据的问题评测检索和回答")
    evaluate.add_argument("questions", metavar="QUESTIONS.jsonl")
    evaluate.add_argument("--report", metavar="FILE", help="另写一份逐题报告：FILE.html 或 FILE.md")
    evaluate.add_argument("--curve", action="store_true", help="另列回答与拒答的阈值曲线")
    compared = commands.add_parser("compare", help="比较 batch 写出的两份结果（自助法区间）")
    for name in ("questions", "run_a", "run_b"):
        compared.add_argument(name, metavar=f"{name.upper()}.jsonl")
    compared.add_argument("--json", action="store_true", help="输出 JSON")
    command("list", "列出讲话")
    show = command("show", "显示一篇讲话")
    show.add_argument("speech_id", metavar="SPEECH_ID")
    remove = command("remove", "移除文件或讲话")
    remove.add_argument("target", metavar="FILE|SPEECH_ID")
    reindex = command("reindex", "用另一个模型重新计算向量（可中断后继续）")
    reindex.add_argument("--model", metavar="NAME", help="模型名称或文件夹（默认自带模型）")
    command("info", "档案概况")
    return top


def _add_filters(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("--year", metavar="2018-2020", help="年份或年份范围")
    sub.add_argument("--speaker", action="append", default=[], metavar="姓名")
    sub.add_argument("--organisation", action="append", default=[], metavar="单位")
    sub.add_argument("--place", action="append", default=[], metavar="地区")
    sub.add_argument("--genre", action="append", default=[], metavar="体裁")
    sub.add_argument("--speech", action="append", default=[], metavar="SPEECH_ID")
    sub.add_argument("--no-expand", action="store_true", help="不用档案中的近义词扩展英文词")
    sub.add_argument("--contains", default="", metavar="原文", help="只看逐字包含这段文字的段落")


def _count(value: str) -> int:
    if not value.isdecimal() or not 1 <= int(value) <= 1000:
        raise argparse.ArgumentTypeError(f"应为 1 到 1000 之间的整数，收到 {value}")
    return int(value)
