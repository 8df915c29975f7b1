"""The whole command line, without anything that takes time to load."""

from __future__ import annotations

import argparse
from typing import Protocol


class AddCommand(Protocol):
    """Adds a subcommand with the options that all of them share; the function of its name is in ``rag.cli.<module>``."""

    def __call__(self, name: str, help: str, module: str, *, archive: bool = True) -> argparse.ArgumentParser: ...


def parser() -> argparse.ArgumentParser:
    """The parser of `python -m rag`."""
    top = argparse.ArgumentParser(prog="python -m rag", description="言据：讲话档案的检索与问答，言出有据。")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def command(name: str, help: str, module: str, *, archive: bool = True) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=help, description=help)
        sub.set_defaults(module=module)
        if archive:
            sub.add_argument(
                "--archive", metavar="DIR", help="档案文件夹（默认 index/default；其为空时用 index/sample）"
            )
        sub.add_argument("--json", action="store_true", help="输出 JSON")
        return sub

    ingest = command("ingest", "导入文件或文件夹", "keeping")
    ingest.add_argument("paths", nargs="+", metavar="PATH")
    ingest.add_argument("--model", metavar="NAME", help="新档案所用的向量模型：名称或文件夹")
    _add_asking(command)
    _add_measuring(command)
    command("list", "列出讲话", "keeping")
    show = command("show", "显示一篇讲话", "keeping")
    show.add_argument("speech_id", metavar="SPEECH_ID")
    remove = command("remove", "移除文件或讲话", "keeping")
    remove.add_argument("target", metavar="FILE|SPEECH_ID")
    reindex = command("reindex", "用另一个模型重新计算向量（可中断后继续）", "keeping")
    reindex.add_argument("--model", metavar="NAME", help="模型名称或文件夹（默认自带模型）")
    verify = command("verify", "核对档案是否完好", "verifying")
    verify.add_argument("--repair", action="store_true", help="修复可由原文重建的部分：索引、向量、指纹")
    command("info", "档案概况", "keeping")
    return top


def _add_asking(command: AddCommand) -> None:
    for name, help in (("search", "检索段落"), ("ask", "提问，用原话回答")):
        sub = command(name, help, "asking")
        sub.add_argument("query", metavar="QUESTION" if name == "ask" else "QUERY")
        if name == "search":
            sub.add_argument("-k", type=_count, default=10, metavar="N", help="结果条数（默认 10）")
        else:
            sub.add_argument(
                "--compose",
                action="store_true",
                help="另由模型据引文成文，逐句核对（须设 YANJU_LLM_BASE_URL 和 YANJU_LLM_MODEL）",
            )
        _add_filters(sub)


def _add_measuring(command: AddCommand) -> None:
    batch = command("batch", "在一个进程里处理整份问题文件", "batching")
    batch.add_argument("questions", metavar="QUESTIONS.jsonl")
    batch.add_argument("--out", required=True, metavar="RUN.jsonl")
    batch.add_argument("-k", type=_count, default=20, metavar="N")
    batch.add_argument("--mode", choices=("search", "ask"), default="search")
    evaluate = command("eval", "用带依据的问题评测检索和回答", "evaluating")
    evaluate.add_argument("questions", metavar="QUESTIONS.jsonl")
    evaluate.add_argument("--report", metavar="FILE", help="另写一份逐题报告：FILE.html 或 FILE.md")
    evaluate.add_argument("--curve", action="store_true", help="另列回答与拒答的阈值曲线")
    compared = command("compare", "比较 batch 写出的两份结果（自助法区间）", "evaluating", archive=False)
    for name in ("questions", "run_a", "run_b"):
        compared.add_argument(name, metavar=f"{name.upper()}.jsonl")


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
