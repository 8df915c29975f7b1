"""Printing results, as JSON or for people; progress on stderr."""

from __future__ import annotations

import json
import sys
import unicodedata
from typing import Any

from rag.generate.compose import Composition
from rag.pipeline.report import FileReport, IngestReport
from rag.types import Answer, Hit, Place

_STATUS = {"added": "新增", "updated": "更新", "unchanged": "未变", "skipped": "跳过", "failed": "失败"}
_CAME_IN = ("added", "updated", "unchanged")


def print_json(value: Any) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=1))


class Progress:
    """A one-line progress bar on stderr; silent where stderr is no terminal."""

    def __init__(self, label: str) -> None:
        self._label = label
        self._shown = sys.stderr.isatty()

    def __call__(self, done: int, total: int) -> None:
        if not self._shown:
            return
        filled = round(24 * done / max(1, total))
        print(
            f"\r{self._label} [{'█' * filled}{' ' * (24 - filled)}] {done}/{total}", end="", file=sys.stderr, flush=True
        )
        if done >= total:
            print(file=sys.stderr)


def print_report(report: IngestReport, summary: bool = False) -> None:
    """A line for each file and its notes, then the totals; as a summary, only for files that did not come in."""
    for one in report.files:
        if (one.status == "unchanged" and len(report.files) > 1) or (summary and one.status in _CAME_IN):
            continue
        print(report_line(one))
        for note in one.notes:
            print(f"    · {harmless(note)}")
    counts = "，".join(f"{name} {report.count(status)}" for status, name in _STATUS.items() if report.count(status))
    print(f"{len(report.files)} 个文件（{counts or '无'}），{report.speeches} 篇讲话，用时 {report.seconds:.1f} 秒")


def report_line(one: FileReport) -> str:
    name = harmless(one.file)
    if one.message:
        return f"[{_STATUS[one.status]}] {name}：{harmless(one.message)}"
    return f"[{_STATUS[one.status]}] {name}：{one.speeches} 篇讲话，{one.passages} 个段落"


def harmless(text: str) -> str:
    """Without what ends the line, turns it round, or commands the terminal: names of files may hold all of that."""
    return "".join("\ufffd" if unicodedata.category(char)[0] == "C" else char for char in text)


def print_hits(hits: tuple[Hit, ...]) -> None:
    for hit in hits:
        print(f"{hit.rank}. {locator(hit.place)}  （{hit.score:.2f}）")
        print(f"   {hit.text.replace(chr(10), chr(10) + '   ')}")
        if hit.duplicates:
            print(f"   另有 {len(hit.duplicates)} 处相同：{'；'.join(p.title for p in hit.duplicates)}")
        print()


def print_composition(composition: Composition) -> None:
    """A model's text, above the quotations that it was checked against."""
    if composition.sentences:
        print(f"模型 {composition.model} 据下列引文成文，已逐句核对：\n  {composition.text}")
    if composition.notice:
        print(f"（{composition.notice}）")
    if composition.sentences or composition.notice:
        print()


def print_answer(answer: Answer) -> None:
    for notice in answer.notices:
        print(notice)
    if not answer.answered:
        print("最接近的段落：\n" if answer.nearest else "没有符合条件的段落，请放宽筛选条件或去掉引号。")
        print_hits(answer.nearest)
        return
    for point in answer.points:
        print(f"■ {point.heading}")
        for quote in point.quotes:
            also = "".join(f"[{n}]" for n in quote.also)
            print(f"  「{quote.text}」[{quote.citation}]{also}")
        print()
    print(f"共 {answer.speeches_found} 篇涉及，引用 {answer.speeches_cited} 篇 {answer.quotes} 处")
    for citation in answer.citations:
        print(f"[{citation.n}] {locator(citation.place)}")


def locator(place: Place) -> str:
    """A citation in one line: title, year, file, section, page."""
    parts = [f"《{place.title}》"]
    if place.year:
        parts.append(f"{place.year}年")
    parts.append(place.file)
    if place.section:
        parts.append(" › ".join(place.section))
    if place.page:
        parts.append(f"第{place.page}页")
    return "，".join(parts)
