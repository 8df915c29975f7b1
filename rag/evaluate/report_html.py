"""A report as one HTML file without anything from outside. Every text goes through `html.escape`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from rag.evaluate.report import Found, Judged, Report, Said, Table
from rag.evaluate.report_markdown import numbers

_STYLE = """
:root { color-scheme: light dark; --line: #8884; --good: #1a7f37; --bad: #b42318; }
body { font: 15px/1.65 system-ui, "Noto Sans CJK SC", "Microsoft YaHei", sans-serif; max-width: 76rem; margin: 2rem auto;
  padding: 0 1rem; }
table { border-collapse: collapse; margin: .5rem 0 1.2rem; width: 100%; }
th, td { border-bottom: 1px solid var(--line); padding: .25rem .5rem; text-align: left; vertical-align: top; }
.figures td + td, .figures th + th { text-align: right; font-variant-numeric: tabular-nums; }
details { border: 1px solid var(--line); border-radius: 6px; margin: .4rem 0; padding: .3rem .8rem; }
summary { cursor: pointer; }
.verdict, .small { opacity: .75; font-size: .9em; }
.good { color: var(--good); } .bad { color: var(--bad); }
tr.hit { background: #1a7f3722; }
"""

_HIT = '<tr class="hit">'


def as_html(report: Report) -> str:
    """Figures, then the questions by type, folded."""
    sections = [_section(type, [j for j in report.judged if j.question.type == type]) for type in report.types]
    links = " · ".join(f'<a href="#type-{n}">{escape(type or "未分类")}</a>' for n, type in enumerate(report.types, 1))
    parts = [
        "<!DOCTYPE html>",
        '<html lang="zh"><head><meta charset="utf-8"><title>评测报告</title>',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<style>{_STYLE}</style></head><body>",
        "<h1>评测报告</h1>",
        "<ul>" + "".join(f"<li>{escape(line)}</li>" for line in report.about) + "</ul>",
        *(f"<h2>{escape(table.title)}</h2>{_figures(table)}" for table in report.tables),
        f"<p>{links}</p>",
        *(f'<div id="type-{n}">{section}</div>' for n, section in enumerate(sections, 1)),
        "</body></html>",
    ]
    return "\n".join(parts) + "\n"


def _section(type: str, judged: Sequence[Judged]) -> str:
    return f"<h2>{escape(type or '未分类')}（{len(judged)} 题）</h2>" + "\n".join(map(_question, judged))


def _question(judged: Judged) -> str:
    question = judged.question
    good = (judged.said is None) != question.answerable
    figures = "　".join(f"{escape(name)} {value:.4g}" for name, value in judged.figures.items())
    answer = "<p>拒答</p>" if judged.said is None else _rows(("依据", "文件", "引文"), map(_said, judged.said))
    return (
        f"<details><summary><b>{escape(question.id)}</b> {escape(question.query)} "
        f'<span class="verdict {"good" if good else "bad"}">{escape(judged.verdict)}</span></summary>'
        f'<p class="small">{figures}</p>'
        f"{_evidence(judged)}<h4>检索结果</h4>{_rows(('名次', '依据', '文件', '篇目', '段落'), map(_found, judged.found))}"
        f"<h4>回答</h4>{answer}</details>"
    )


def _evidence(judged: Judged) -> str:
    if not judged.question.evidence:
        return "<p>档案中没有依据，应当拒答。</p>"
    rows = [
        (
            bool(rank) or judged.quoted(n),
            (str(n), str(e.grade), str(rank or "–"), "✓" if judged.quoted(n) else "–", e.file, e.quote),
        )
        for n, (e, rank) in enumerate(zip(judged.question.evidence, judged.ranks, strict=True), 1)
    ]
    return "<h4>依据</h4>" + _rows(("#", "等级", "检索名次", "回答引用", "文件", "原文"), rows)


def _found(found: Found) -> tuple[bool, tuple[str, ...]]:
    passage = found.passage
    cells = (str(found.rank), numbers(found.evidence, "–"), passage.file, passage.title, passage.text)
    return bool(found.evidence), cells


def _said(said: Said) -> tuple[bool, tuple[str, ...]]:
    return bool(said.evidence), (numbers(said.evidence, "未列"), said.quote.file, said.quote.text)


def _rows(head: Sequence[str], rows: Iterable[tuple[bool, Sequence[str]]]) -> str:
    body = "".join(f"{_HIT if hit else '<tr>'}{_cells(cells)}</tr>" for hit, cells in rows)
    return f"<table><tr>{_cells(head, 'th')}</tr>{body}</table>"


def _figures(table: Table) -> str:
    body = "".join(f"<tr>{_cells(row)}</tr>" for row in table.rows)
    return f'<table class="figures"><tr>{_cells(table.head, "th")}</tr>{body}</table>'


def _cells(cells: Iterable[str], tag: str = "td") -> str:
    return "".join(f"<{tag}>{escape(cell)}</{tag}>" for cell in cells)
