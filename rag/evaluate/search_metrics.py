"""Figures of a ranked run. A passage covers a quote when they share a substring of 60 % of the quote."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from statistics import fmean

from rag.evaluate.questions import Evidence, Question
from rag.text.normalize import squash

SHOWN = 400
BUDGET = 2000
GAIN = {2: 3, 1: 1}


@dataclass(frozen=True)
class Ranked:
    """One passage of a run. ``title`` is for the reader of a report; it is not scored."""

    file: str
    text: str
    title: str = ""


@dataclass(frozen=True)
class SearchFigures:
    """Per question, or the means over several; see `score_search`."""

    ndcg: float
    mrr: float
    hit_1: float
    hit_5: float
    recall: float
    recall_2000c: float


def covers(passage: str, quote: str) -> bool:
    """Whether the texts share a substring of at least 60 % of the quote, counting letters, digits and CJK only."""
    p, q = squash(passage), squash(quote)
    need = math.ceil(0.6 * len(q))
    return bool(q) and any(q[i : i + need] in p for i in range(len(q) - need + 1))


def score_search(question: Question, run: Sequence[Ranked]) -> SearchFigures:
    """nDCG@10, MRR@10, hit@1, hit@5, recall@10 and recall within the first 2,000 characters.

    Gains are 3 (grade 2) and 1 (grade 1), each quote credited once at the first passage that covers it; the ideal
    ranking has one quote a passage. Järvelin & Kekäläinen, TOIS 2002, for nDCG.
    """
    shown = [Ranked(r.file, r.text[:SHOWN]) for r in run]
    credited = {i: rank for i, rank in first_ranks(question, run[:10]).items() if rank}
    dcg = sum(_gain(question.evidence[i]) / math.log2(rank + 1) for i, rank in credited.items())
    gains = sorted((_gain(e) for e in question.evidence), reverse=True)[:10]
    ideal = sum(gain / math.log2(rank + 1) for rank, gain in enumerate(gains, 1))
    first = min((rank for i, rank in credited.items() if question.evidence[i].grade == 2), default=None)
    core = _core(question.evidence)
    return SearchFigures(
        ndcg=min(1.0, dcg / ideal),
        mrr=1.0 / first if first else 0.0,
        hit_1=float(first == 1),
        hit_5=float(first is not None and first <= 5),
        recall=sum(i in credited for i in core) / len(core),
        recall_2000c=_recall_within(shown, question.evidence, core, BUDGET),
    )


def first_ranks(question: Question, run: Sequence[Ranked]) -> dict[int, int | None]:
    """Rank of the first passage that covers each evidence, by its number; None where none does."""
    shown = [Ranked(r.file, r.text[:SHOWN]) for r in run]
    return {
        i: next((rank for rank, passage in enumerate(shown, 1) if _covered(passage, evidence)), None)
        for i, evidence in enumerate(question.evidence)
    }


def _covered(passage: Ranked, evidence: Evidence) -> bool:
    return passage.file == evidence.file and covers(passage.text, evidence.quote)


def _gain(evidence: Evidence) -> int:
    return GAIN[2] if evidence.grade == 2 else GAIN[1]


def _core(evidence: Sequence[Evidence]) -> list[int]:
    return [i for i, e in enumerate(evidence) if e.grade == 2] or list(range(len(evidence)))


def _recall_within(run: Iterable[Ranked], evidence: Sequence[Evidence], core: Sequence[int], budget: int) -> float:
    found: set[int] = set()
    for passage in run:
        if budget <= 0:
            break
        cut = Ranked(passage.file, passage.text[:budget])
        budget -= len(cut.text)
        found |= {i for i in core if _covered(cut, evidence[i])}
    return len(found) / len(core)


def mean_figures(figures: Sequence[SearchFigures]) -> SearchFigures:
    """Means over questions (at least one)."""
    rows = [asdict(f) for f in figures]
    return SearchFigures(**{key: fmean(row[key] for row in rows) for key in rows[0]})
