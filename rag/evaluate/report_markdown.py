"""A report as Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from rag.evaluate.report import Found, Judged, Report, Said, Table

SHOWN = 160
_SPECIAL = re.compile(r"([\\`*_\[\]|~$])")


def as_markdown(report: Report) -> str:
    """Figures, then the questions by type."""
    lines = ["# 评测报告", "", *(f"- {escaped(line)}" for line in report.about), ""]
    for table in report.tables:
        lines += [f"## {escaped(table.title)}", "", *_table(table.head, table.rows), ""]
    for type in report.types:
        chosen = [j for j in report.judged if j.question.type == type]
        lines += [f"## {escaped(type or '未分类')}（{len(chosen)} 题）", ""]
        for judged in chosen:
            lines += _question(judged)
    return "\n".join(lines).rstrip() + "\n"


def escaped(text: str) -> str:
    """Text for the inside of a line, which Markdown (and the HTML that Markdown may hold) shows as it is."""
    text = " ".join(text.split()).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _SPECIAL.sub(r"\\\1", text)


def markdown_table(table: Table) -> list[str]:
    return _table(table.head, table.rows)


def _question(judged: Judged) -> list[str]:
    question = judged.question
    figures = "，".join(f"{escaped(name)} {value:.4g}" for name, value in judged.figures.items())
    lines = [f"### {escaped(question.id)} {escaped(question.query)}", "", f"**{judged.verdict}**　{figures}", ""]
    if question.evidence:
        rows = [
            (str(n), str(e.grade), str(rank or "–"), "✓" if judged.quoted(n) else "–", e.file, e.quote)
            for n, (e, rank) in enumerate(zip(question.evidence, judged.ranks, strict=True), 1)
        ]
        lines += ["依据：", "", *_table(("#", "等级", "检索名次", "回答引用", "文件", "原文"), rows), ""]
    lines += ["检索结果：", "", *_table(("名次", "依据", "文件", "篇目", "段落"), map(_found, judged.found)), ""]
    if judged.said is None:
        return [*lines, "回答：拒答", ""]
    return [*lines, "回答：", "", *_table(("依据", "文件", "引文"), map(_said, judged.said)), ""]


def _found(found: Found) -> tuple[str, ...]:
    passage = found.passage
    return (str(found.rank), numbers(found.evidence, "–"), passage.file, passage.title, cut(passage.text))


def _said(said: Said) -> tuple[str, ...]:
    return (numbers(said.evidence, "未列"), said.quote.file, said.quote.text)


def numbers(evidence: Sequence[int], none: str) -> str:
    return "、".join(map(str, evidence)) or none


def cut(text: str, length: int = SHOWN) -> str:
    return text if len(text) <= length else text[:length] + "…"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    return [
        _line(head),
        "|" + " --- |" * len(head),
        *(_line(row) for row in rows),
    ]


def _line(cells: Iterable[str]) -> str:
    return "| " + " | ".join(escaped(cell) for cell in cells) + " |"
