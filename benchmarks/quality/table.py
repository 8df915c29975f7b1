"""Measurements as Markdown tables: figures only, no text of files or questions."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks.quality.corpus import Corpus
from benchmarks.quality.measure import Measured, Missing
from rag.evaluate.compare import Difference, compare
from rag.evaluate.questions import Question
from rag.evaluate.report import Table
from rag.evaluate.report_markdown import markdown_table
from rag.evaluate.run import search_figures

FIGURES = {
    "ndcg@10": "nDCG@10",
    "mrr@10": "MRR",
    "hit@5": "hit@5",
    "recall@10": "recall@10",
    "recall@2000c": "recall@2000c",
}


def section(
    title: str, corpus: Corpus, questions: Sequence[Question], results: Sequence[Measured | Missing]
) -> list[str]:
    """The tables of one question set."""
    measured = [result for result in results if isinstance(result, Measured)]
    about = (
        f"{len(corpus.texts)} files, {corpus.characters:,} characters; {sum(q.answerable for q in questions)} answerable "
        f"questions; encoder {corpus.encoder.name} ({corpus.encoder.fingerprint}), the same for every system with "
        f"vectors; passages of about {corpus.size} characters."
    )
    lines = [f"## {title}", "", about, "", *markdown_table(_figures(questions, measured)), ""]
    for figure in ("ndcg@10", "hit@5", "recall@2000c"):
        lines += [f"### {FIGURES[figure]} by type", "", *markdown_table(_by_type(figure, questions, measured)), ""]
    if len(measured) > 1:
        first = measured[0].system
        lines += [f"### {first.name} minus each other system (paired bootstrap, 95 % interval)", ""]
        lines += [*markdown_table(_differences(questions, measured)), ""]
    left_out = [f"- {r.system.name} ({r.system.setup}): {r.reason}" for r in results if isinstance(r, Missing)]
    return [*lines, "Not measured:", "", *left_out, ""] if left_out else lines


def _figures(questions: Sequence[Question], measured: Sequence[Measured]) -> Table:
    rows = []
    for m in measured:
        figures = search_figures(questions, m.run)["all"]
        values = (f"{figures[name]:.3f}" for name in FIGURES)
        times = (f"{m.build:.1f}", f"{m.p50:.1f}", f"{m.p95:.1f}", f"{m.length:.0f}")
        rows.append((m.system.name, m.system.setup, *values, *times))
    head = ("system", "configuration", *FIGURES.values(), "build s", "query p50 ms", "p95 ms", "chars a passage")
    return Table("", head, tuple(rows))


def _by_type(figure: str, questions: Sequence[Question], measured: Sequence[Measured]) -> Table:
    rows = [
        (m.system.name, m.system.setup, *(f"{row[figure]:.3f}" for row in search_figures(questions, m.run).values()))
        for m in measured
    ]
    groups = search_figures(questions, measured[0].run) if measured else {}
    head = ("system", "configuration", *(f"{group} ({row['n']})" for group, row in groups.items()))
    return Table("", head, tuple(rows))


def _differences(questions: Sequence[Question], measured: Sequence[Measured]) -> Table:
    ours, *others = measured
    answerable = [question for question in questions if question.answerable]
    rows = []
    for other in others:
        found = compare(answerable, other.run, ours.run)["all"]
        rows.append((other.system.name, other.system.setup, *(_interval(found[name]) for name in FIGURES)))
    return Table("", ("system", "configuration", *FIGURES.values()), tuple(rows))


def _interval(d: Difference) -> str:
    return f"{d.difference:+.3f} ({d.low:+.3f} to {d.high:+.3f}){'' if d.clear else ' n.s.'}"
