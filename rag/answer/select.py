"""Which sentences are quoted: relevant ones that say different things, from different speeches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rag.answer.kinds import states_figure
from rag.answer.pool import Sentence, with_context
from rag.search.intent import COMPARISON, FACT, PHRASE, is_broad, read_intent
from rag.types import Span


@dataclass(frozen=True)
class Plan:
    """The size and shape of an answer.

    ``cut`` is the share of the best score that a quotation needs; ``diversity`` what similarity to an earlier
    quotation costs, ``spread`` what an earlier quotation from the same speech does; ``substance``, as a share of the
    best score, is what a stated figure gains. Lengths are in characters.
    """

    quotes: int = 6
    characters: int = 850
    longest: int = 220
    cut: float = 0.8
    share: float = 0.4
    diversity: float = 0.2
    spread: float = 0.0
    substance: float = 0.0


def plan_for(question: str) -> Plan:
    """Facts want few quotations, phrases short ones, and «what did they say» wants many voices."""
    intent = read_intent(question)
    if intent == COMPARISON:
        return Plan(quotes=8, longest=130, cut=0.62, characters=880, spread=0.2, diversity=0.2)
    if intent == FACT:
        return Plan(quotes=4, cut=0.85)
    if intent == PHRASE:
        return Plan(quotes=6, longest=160)
    if is_broad(question):
        return Plan(quotes=8, longest=130, cut=0.62, characters=880, spread=0.12, diversity=0.3, substance=0.12)
    return Plan()


@dataclass(frozen=True)
class Pick:
    """A sentence and the span that is quoted for it."""

    sentence: Sentence
    span: Span


def select(pool: Sequence[Sentence], plan: Plan) -> list[Pick]:
    """Greedy maximal marginal relevance over the pool (best first), in the order of choice.

    Carbonell & Goldstein, «The use of MMR, diversity-based reranking…», SIGIR 1998.
    """
    scores: dict[int, dict[Span, float]] = {}
    for sentence in pool:
        scores.setdefault(sentence.speech.id, {})[sentence.span] = sentence.score
    left = [s for s in pool if s.score >= plan.cut * pool[0].score]
    bonus = plan.substance * pool[0].score if pool else 0.0
    merit = np.array([s.score + bonus * states_figure(s.text) for s in left])
    redundancy = np.zeros(len(left))
    picked: list[Pick] = []
    used = 0
    while left and len(picked) < plan.quotes:
        same = np.array([sum(p.sentence.speech.id == s.speech.id for p in picked) for s in left])
        n = int((merit - plan.diversity * redundancy - plan.spread * same).argmax())
        sentence = left.pop(n)
        merit, redundancy = np.delete(merit, n), np.delete(redundancy, n)
        span = _free_span(sentence, scores[sentence.speech.id], plan, picked)
        if span is None or (picked and used + span.end - span.start > plan.characters):
            continue
        picked.append(Pick(sentence, span))
        used += span.end - span.start
        if left:
            redundancy = np.maximum(redundancy, np.stack([s.vector for s in left]) @ sentence.vector)
    return picked


def _free_span(sentence: Sentence, scores: dict[Span, float], plan: Plan, picked: Sequence[Pick]) -> Span | None:
    """The widened span, the bare sentence where that overlaps an earlier quotation, None where even it does."""
    taken = [p.span for p in picked if p.sentence.speech.id == sentence.speech.id]
    widened = with_context(sentence, scores, plan.longest, plan.share)
    for span in (widened,) if sentence.is_heading else (widened, sentence.span):
        if not any(span.start < other.end and other.start < span.end for other in taken):
            return span
    return None
