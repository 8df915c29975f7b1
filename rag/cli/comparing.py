"""The subcommands that compare texts: trace, reuse and check-draft."""

from __future__ import annotations

import sys
from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from rag.cli.output import Progress, locator, print_json
from rag.cli.status import DONE
from rag.config import archive_folder
from rag.contracts_write import draft_json, pair_json, trace_json

if TYPE_CHECKING:
    from rag.session import Session
    from rag.write.draft import Draft, DraftReport
    from rag.write.reuse import SpeechPair
    from rag.write.trace import Trace

_CLUSTERS = {"exact": "原样", "variant": "变体", "similar": "近义（不计入统计）"}
_STATUS = {
    "verbatim": "照录",
    "altered": "有改动",
    "precedent": "有相近说法",
    "no-precedent": "无先例",
    "unjudged": "未判断",
}
_SHOWN = 60


def trace(options: Namespace) -> int:
    from rag.session import Session
    from rag.write.trace import trace as trace_formulation

    session = Session.open(archive_folder(options.archive))
    found = trace_formulation(session.retriever, options.query)
    print_json(trace_json(found)) if options.json else _print_trace(found)
    return DONE


def _print_trace(found: Trace) -> None:
    if not found.counted:
        print(f"档案中没有出现过「{found.formulation}」，也没有相差一两个字的写法；可用 phrases 按意思找。")
    else:
        print(f"「{found.formulation}」共 {len(found.counted)} 处，{found.speeches} 篇")
    for label, one in (("最早", found.first), ("最近", found.last)):
        if one:
            print(f"{label}：{one.date}，「{one.text}」，{locator(one.place)}")
    for count in found.years:
        print(f"  {count.key} 年  原样 {count.exact}，变体 {count.variant}，{count.speeches}/{count.all_speeches} 篇")
    if found.undated.speeches:
        print(f"另有 {found.undated.speeches} 篇年份不明，{found.undated.exact + found.undated.variant} 处未计入各年")
    for count in found.units:
        print(
            f"  {count.key or '单位不明'}  {count.exact + count.variant} 处，{count.speeches}/{count.all_speeches} 篇"
        )
    for cluster in found.clusters:
        print(f"■ {_CLUSTERS[cluster.kind]}「{cluster.label}」{len(cluster.occurrences)} 处")
        for one in cluster.occurrences:
            print(
                f"  {one.date or '年份不明'}  「{one.text}」 {locator(one.place)}  [{one.place.start}–{one.place.end}]"
            )


def reuse(options: Namespace) -> int:
    from rag.archive.reader import Archive
    from rag.write.reuse import all_pairs, pairs_of

    archive = Archive(archive_folder(options.archive))
    if options.speech_id is None:
        bar = Progress("比对")
        pairs = all_pairs(archive, options.min, bar)
    else:
        pairs = pairs_of(archive, options.speech_id, options.other, options.min)
    if options.json:
        print_json([pair_json(pair) for pair in pairs])
        return DONE
    for pair in pairs:
        _print_pair(pair, whole=options.other is not None)
    print(f"共 {len(pairs)} 对讲话有 {options.min} 字以上的雷同" if pairs else f"没有 {options.min} 字以上的雷同。")
    return DONE


def _print_pair(pair: SpeechPair, *, whole: bool) -> None:
    same = "【两篇几乎相同】" if pair.nearly_identical else "【一篇大半在另一篇中】" if pair.contained else ""
    print(f"{same}《{pair.a.title}》（{pair.a.speech_id}）和《{pair.b.title}》（{pair.b.speech_id}）")
    print(f"  共 {len(pair.runs)} 处 {pair.chars} 字，占前者 {pair.share_a:.0%}、后者 {pair.share_b:.0%}")
    for run in pair.runs:
        text = " ".join(pair.a.text[run.a.start : run.a.end].split())
        shown = text if whole or len(text) <= _SHOWN else text[:_SHOWN] + "……"
        print(f"  · {run.chars} 字，相似 {run.similarity:.0%}，逐字 {run.verbatim:.0%}：{shown}")
        print(f"    前者 [{run.a.start}–{run.a.end}]，后者 [{run.b.start}–{run.b.end}]")


def check_draft(options: Namespace) -> int:
    from rag.session import Session
    from rag.write.draft import check_draft as check

    session = Session.open(archive_folder(options.archive))
    report = check(session.retriever, _draft(options.draft, session), Progress("对稿"))
    print_json(draft_json(report)) if options.json else _print_draft(report)
    return DONE


def _draft(name: str, session: Session) -> Draft:
    """The draft in a file, or on standard input for «-».

    Raises:
        ReadError: the file cannot be read.
        UsageError: there is nothing to check, or too much.
    """
    from rag.write.draft import draft_file, uploaded

    if name == "-":
        return uploaded(sys.stdin.buffer.read(), "稿子.txt", session.retriever.analyzer)
    return draft_file(Path(name), session.retriever.analyzer)


def _print_draft(report: DraftReport) -> None:
    for note in report.draft.notes:
        print(note)
    for one in report.sentences:
        print(f"[{_STATUS[one.status]}] {' '.join(one.text.split())}")
        if one.nearest and one.status != "verbatim":
            print(f"    最接近（{one.nearest.closeness:.2f}）：{one.nearest.text}\n    ——{locator(one.nearest.place)}")
        for reuse in report.reuses:
            if one.span.start <= reuse.span.start < one.span.end:
                also = f"，另有 {len(reuse.also)} 处相同" if reuse.also else ""
                kind = "照录" if reuse.verbatim else "引文有误" if reuse.quoted else "与原文有出入"
                wording = "".join(_change(*change) for change in reuse.changes) or reuse.text
                print(f"  ▶ {kind}：{wording}\n    ——{locator(reuse.place)}{also}")
    counts = "，".join(f"{name} {report.count(status)} 句" for status, name in _STATUS.items() if report.count(status))
    print(f"共 {len(report.sentences)} 句：{counts}；引文有误 {len(report.misquotations)} 处")


def _change(kind: str, original: str, other: str) -> str:
    """A piece of a word diff: the archive's words in 〔〕 where the draft has others, which follow in ｛｝."""
    if kind == "same":
        return original
    return (f"〔原：{original}〕" if original else "") + (f"｛稿：{other}｝" if other else "")
