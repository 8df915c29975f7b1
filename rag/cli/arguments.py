"""The whole command line, without anything that takes time to load."""

from __future__ import annotations

import argparse
from typing import Protocol

from rag.cli.parsing import Parser
from rag.functions.labels import LABELS


class AddCommand(Protocol):
    """Adds a subcommand with the options that all of them share; the function of its name is in ``rag.cli.<module>``."""

    def __call__(
        self, name: str, help: str, module: str, *, archive: bool = True, json: bool = True
    ) -> argparse.ArgumentParser: ...


def parser() -> argparse.ArgumentParser:
    """The parser of `python -m rag`."""
    top = Parser(prog="python -m rag", description="言据：讲话档案的检索与问答，言出有据。")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def command(
        name: str, help: str, module: str, *, archive: bool = True, json: bool = True
    ) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=help, description=help)
        sub.set_defaults(module=module)
        if archive:
            sub.add_argument(
                "--archive", metavar="DIR", help="档案文件夹（默认 index/default；其为空时用 index/sample）"
            )
        if json:
            sub.add_argument("--json", action="store_true", help="输出 JSON")
        return sub

    _add_keeping(command)
    _add_quarantine(command)
    _add_asking(command)
    _add_phrases(command)
    _add_comparing(command)
    _add_measuring(command)
    _add_exploring(command)
    _add_serving(command)
    _add_export(command)
    _add_scaling(command)
    return top


def _add_keeping(command: AddCommand) -> None:
    ingest = command("ingest", "导入文件或文件夹", "keeping")
    ingest.add_argument("paths", nargs="+", metavar="PATH")
    ingest.add_argument("--model", metavar="NAME", help="新档案所用的向量模型：名称或文件夹")
    ingest.add_argument(
        "--workers", type=_workers, metavar="N", help="读取文件的进程数（默认按核数和文件多少；0 为本进程，不设限制）"
    )
    ingest.add_argument("--allow-marked", action="store_true", help="开头标有密级或「内部文件」的文件直接入库，不进隔离区")
    ingest.add_argument("--summary", action="store_true", help="只列没有入库的文件和总数")
    command("list", "列出讲话", "keeping")
    show = command("show", "显示一篇讲话", "keeping")
    show.add_argument("speech_id", metavar="SPEECH_ID")
    remove = command("remove", "移除文件或讲话", "keeping")
    remove.add_argument("target", metavar="FILE|SPEECH_ID")
    reindex = command("reindex", "用另一个模型重新计算向量（可中断后继续）", "keeping")
    reindex.add_argument("--model", metavar="NAME", help="模型名称或文件夹（默认自带模型）")
    many = reindex.add_mutually_exclusive_group()
    many.add_argument("--workers", type=_workers, default=0, metavar="N", help="用 N 个进程计算（须安装 yanju[dask]）")
    many.add_argument("--scheduler", metavar="ADDRESS", help="用 Dask 集群计算：调度器地址，如 tcp://10.0.0.5:8786")
    reindex.add_argument("--shards", metavar="DIR", help="各机器共享的分片文件夹（默认在档案文件夹里，仅限本机）")
    verify = command("verify", "核对档案是否完好", "verifying")
    verify.add_argument("--repair", action="store_true", help="修复可由原文重建的部分：索引、向量、指纹")
    command("info", "档案概况", "keeping")


def _add_quarantine(command: AddCommand) -> None:
    held = command("quarantine", "隔离区：列出、放行或删除开头标有密级或「内部文件」的文件", "quarantining")
    actions = held.add_subparsers(dest="action", metavar="ACTION")
    for name, help in (("list", "列出（默认）"), ("release", "放行：导入档案"), ("discard", "删除，不导入")):
        sub = actions.add_parser(name, help=help, description=help)
        if name != "list":
            sub.add_argument("ids", nargs="+", metavar="ID")
        # Also after the action's name; left out there, what stands before it holds.
        sub.add_argument("--archive", metavar="DIR", default=argparse.SUPPRESS, help="档案文件夹（默认 index/default）")
        sub.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="输出 JSON")


def _add_scaling(command: AddCommand) -> None:
    migrate = command("migrate", "把向量和词语迁移到 Milvus（可中断后继续，须安装 yanju[milvus]）", "scaling")
    migrate.add_argument("--to", choices=("milvus",), required=True, help="目标引擎")
    migrate.add_argument("--uri", metavar="URI", help="服务地址，或 Milvus Lite 的文件（默认取 YANJU_MILVUS_URI）")
    migrate.add_argument("--index", choices=("FLAT", "HNSW"), help="向量索引（默认 HNSW；换一种即全部重来）")


def _add_serving(command: AddCommand) -> None:
    app = command("app", "打开浏览器界面", "serving", json=False)
    app.add_argument("--port", type=_port, help="端口（默认 8501 起第一个空闲的）")
    app.add_argument("--no-browser", action="store_true", help="不自动打开浏览器")
    serve = command("serve", "HTTP 接口，只读（须安装 yanju[serve]）", "serving", json=False)
    serve.add_argument("--port", type=_port, default=8600, help="端口（默认 8600）")
    for one, help in (
        (app, "监听地址（默认 127.0.0.1，只供本机）"),
        (serve, "监听地址（默认 127.0.0.1；其他地址须设密钥）"),
    ):
        one.add_argument("--host", default="127.0.0.1", metavar="ADDRESS", help=help)
    command("mcp", "供大模型调用的工具，经标准输入输出（须安装 yanju[mcp]）", "serving", json=False)
    command("sample", "建立示例档案（虚构的讲话）", "serving", archive=False)


def _add_export(command: AddCommand) -> None:
    sub = command("export", "把收集的引文导出为 Word、Markdown 或 CSV", "exporting")
    sub.add_argument("items", metavar="ITEMS.json|-", help="引文列表，或 ask、phrases、batch 输出的 JSON；- 为标准输入")
    sub.add_argument("--format", choices=("docx", "md", "csv"), default="docx", help="格式（默认 docx）")
    sub.add_argument("--out", required=True, metavar="FILE", help="写到哪个文件")
    sub.add_argument("--title", default="素材摘编", metavar="题名", help="文档的题名（默认 素材摘编）")


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


def _add_exploring(command: AddCommand) -> None:
    sub = command("themes", "归纳档案的专题，列出代表段落、数字和单位", "exploring")
    sub.add_argument("--theme", type=_count, metavar="N", help="只看第 N 个专题")
    what = sub.add_mutually_exclusive_group()
    what.add_argument("--figures", action="store_true", help="列出讲到的数字（可与 --theme 连用）")
    what.add_argument("--matrix", action="store_true", help="列出哪些单位讲到哪些专题")


def _add_phrases(command: AddCommand) -> None:
    sub = command("phrases", "找表述：按意思、句式或排比找现成的句子", "phrasing")
    sub.add_argument("query", nargs="?", metavar="QUERY", help="要找的意思，例如：形容工作细致不出错的说法")
    sub.add_argument("--pattern", metavar="句式", help="例如 '以*为抓手'，* 代表任意几个字")
    sub.add_argument("--parallel", type=_count, metavar="N", help="找至少 N 项的排比")
    sub.add_argument("-k", type=_count, default=20, metavar="N", help="结果条数（默认 20）")
    _add_filters(sub)


def _add_comparing(command: AddCommand) -> None:
    trace = command("trace", "提法演变：一个提法和它的变体，何年何处用过", "comparing")
    trace.add_argument("query", metavar="提法")
    reuse = command("reuse", "雷同与沿用：讲话之间相同或相近的段落", "comparing")
    reuse.add_argument("speech_id", nargs="?", metavar="SPEECH_ID", help="只看这一篇（默认全部两两比较）")
    reuse.add_argument("other", nargs="?", metavar="OTHER", help="只与这一篇比较")
    reuse.add_argument("--min", type=_count, default=30, metavar="N", help="最短多少字算雷同（默认 30，标点不计）")
    draft = command("check-draft", "对稿：逐句找先例，标出照录、误引和无先例的句子（不保存稿子）", "comparing")
    draft.add_argument("draft", metavar="FILE|-", help="稿子，格式同 ingest；- 为标准输入")


def _add_measuring(command: AddCommand) -> None:
    batch = command("batch", "在一个进程里处理整份问题文件", "batching")
    batch.add_argument("questions", metavar="QUESTIONS.jsonl")
    batch.add_argument("--out", required=True, metavar="RUN.jsonl")
    batch.add_argument("-k", type=_count, default=20, metavar="N")
    batch.add_argument("--mode", choices=("search", "ask", "phrases"), default="search")
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
    sub.add_argument(
        "--function", action="append", default=[], choices=LABELS, metavar="功能", help=f"句子功能：{'、'.join(LABELS)}"
    )
    sub.add_argument("--contains", default="", metavar="原文", help="只看逐字包含这段文字的段落")


def _port(value: str) -> int:
    if not value.isdecimal() or not 1 <= int(value) <= 65535:
        raise argparse.ArgumentTypeError(f"应为 1 到 65535 之间的端口号，收到 {value}")
    return int(value)


def _workers(value: str) -> int:
    if not value.isdecimal() or int(value) > 64:
        raise argparse.ArgumentTypeError(f"应为 0 到 64 之间的整数，收到 {value}")
    return int(value)


def _count(value: str) -> int:
    if not value.isdecimal() or not 1 <= int(value) <= 1000:
        raise argparse.ArgumentTypeError(f"应为 1 到 1000 之间的整数，收到 {value}")
    return int(value)
