"""The report of a run: its figures by type, the curve, and for each question what was found and what was said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rag.answer.compose import Answerer
from rag.evaluate.answer_metrics import CitedText, hits, score_answers
from rag.evaluate.columns import answer_row
from rag.evaluate.curve import CurvePoint
from rag.evaluate.questions import Question
from rag.evaluate.run import ALL, answer_figures, named, search_figures
from rag.evaluate.runs import Run
from rag.evaluate.search_metrics import Ranked, first_ranks, score_search

LISTED = 10


@dataclass(frozen=True)
class Found:
    """A passage at its rank, with the numbers (from 1) of the evidence it covers."""

    rank: int
    passage: Ranked
    evidence: tuple[int, ...]


@dataclass(frozen=True)
class Said:
    """A quotation of the answer, with the numbers of the evidence it hits; none: it is unlisted."""

    quote: CitedText
    evidence: tuple[int, ...]


@dataclass(frozen=True)
class Judged:
    """One question of a run. ``ranks`` has the first rank of each evidence; ``said`` is None for a refusal."""

    question: Question
    ranks: tuple[int | None, ...]
    found: tuple[Found, ...]
    said: tuple[Said, ...] | None
    figures: Mapping[str, float]

    @property
    def verdict(self) -> str:
        """How it went, in a few words."""
        if not self.question.answerable:
            return "正确拒答" if self.said is None else "误答（应拒答）"
        core = [r for e, r in zip(self.question.evidence, self.ranks, strict=True) if r and e.grade == 2]
        search = f"检索第 {min(core)} 位命中" if core else "检索未命中"
        if self.said is None:
            return f"{search}，误拒"
        return f"{search}，引文 {sum(bool(s.evidence) for s in self.said)}/{len(self.said)} 命中"

    def quoted(self, number: int) -> bool:
        """Whether the answer hits an evidence, by its number from 1."""
        return any(number in s.evidence for s in self.said or ())


@dataclass(frozen=True)
class Table:
    """Cells as they are shown."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Report:
    """Everything that a report shows. ``about`` has what was run on what."""

    about: tuple[str, ...]
    tables: tuple[Table, ...]
    judged: tuple[Judged, ...]

    @property
    def types(self) -> list[str]:
        return list(dict.fromkeys(j.question.type for j in self.judged))


def make_report(
    questions: Sequence[Question],
    run: Run,
    sources: Mapping[str, str],
    points: Sequence[CurvePoint] = (),
    about: Sequence[str] = (),
) -> Report:
    """A report of a run with passages and answers."""
    tables = [_search_table(questions, run), _answer_table(questions, run, sources)]
    if points:
        tables.append(_curve_table(points))
    return Report(tuple(about), tuple(tables), tuple(judge(question, run) for question in questions))


def judge(question: Question, run: Run) -> Judged:
    """What a run gave for a question, set against the question's evidence."""
    passages, quotes = run.passages_of(question), run.answer_of(question)
    ranks = first_ranks(question, passages)
    found = tuple(
        Found(n, passage, tuple(i + 1 for i, rank in first_ranks(question, [passage]).items() if rank))
        for n, passage in enumerate(passages[:LISTED], 1)
    )
    said = None if quotes is None else tuple(Said(quote, _hit(quote, question)) for quote in quotes)
    figures = named(score_search(question, passages)) if question.answerable else {}
    return Judged(question, tuple(ranks.values()), found, said, {**figures, **answer_row(question, quotes)})


def _hit(quote: CitedText, question: Question) -> tuple[int, ...]:
    return tuple(n for n, evidence in enumerate(question.evidence, 1) if hits(quote, evidence))


def about_archive(answerer: Answerer, questions: Path) -> tuple[str, ...]:
    """What was run: the question file, the size of the archive, the encoder. No path of the machine it ran on."""
    archive, encoder = answerer.retriever.archive, answerer.retriever.encoder
    return (
        f"问题：{questions.name}",
        f"档案：{archive.count('sources')} 个文件，{archive.count('speeches')} 篇讲话，{archive.count('passages')} 个段落",
        f"向量模型：{encoder.name}（{encoder.fingerprint}）",
    )


def _search_table(questions: Sequence[Question], run: Run) -> Table:
    rows = search_figures(questions, run)
    head = ("类型", *next(iter(rows.values()), {}))
    return Table("检索", head, tuple((group, *(_cell(v) for v in row.values())) for group, row in rows.items()))


def _answer_table(questions: Sequence[Question], run: Run, sources: Mapping[str, str]) -> Table:
    rows = []
    for group in (ALL, *dict.fromkeys(q.type for q in questions)):
        chosen = [q for q in questions if group in (ALL, q.type)]
        figures = answer_figures(score_answers(chosen, run.answers or {}, sources))
        rows.append((group, str(len(chosen)), *(_cell(value) for value in figures.values())))
        head = ("类型", "n", *figures)
    return Table("回答", head, tuple(rows))


def _curve_table(points: Sequence[CurvePoint]) -> Table:
    head = ("阈值", "precision", "recall", "answered", "refused", "balanced")
    rows = tuple(
        (
            f"{p.threshold:.4f}{'（现用）' if p.chosen else ''}",
            *(_cell(value) for value in (p.precision, p.recall, p.answered, p.refused, p.balanced)),
        )
        for p in points
    )
    return Table("回答与拒答：阈值曲线", head, rows)


def _cell(value: float | None) -> str:
    if value is None:
        return "–"
    return str(value) if isinstance(value, int) else f"{value:.4f}" if value < 10 else f"{value:.0f}"
