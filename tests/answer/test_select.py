"""Which sentences are quoted: relevant ones that say different things, from different speeches."""

from __future__ import annotations

from builders import sentence_list, speech_row

from rag.answer.pool import Sentence
from rag.answer.select import Plan, plan_for, select

A = speech_row("甲" * 19 + "。" + "乙" * 19 + "。" + "丙" * 19 + "。", 1)
B = speech_row("丁" * 19 + "。", 2)
# No widening (share 2), no cut, room for everything.
PLAIN = Plan(quotes=9, characters=10_000, longest=100, cut=0.0, share=2.0, diversity=0.0, spread=0.0)


def pool(scores: list[float], other: float | None = None, vectors: list[list[float]] | None = None) -> list[Sentence]:
    """The three sentences of speech A, and the one of B when it has a score."""
    found = sentence_list(A, scores, vectors)
    if other is not None:
        found += sentence_list(B, [other], [[0.0, 0.0, 1.0]])
    return sorted(found, key=lambda s: -s.score)


def chosen(found: list[Sentence], plan: Plan) -> str:
    """The first characters of the quotations, in the order of choice."""
    return "".join(p.sentence.speech.text[p.span.start] for p in select(found, plan))


def test_by_relevance_alone() -> None:
    assert chosen(pool([0.5, 0.9, 0.7], 0.8), PLAIN) == "乙丁丙甲"


def test_what_falls_below_the_cut_is_left_out() -> None:
    """0.8 of 0.9 is 0.72."""
    assert chosen(pool([0.5, 0.9, 0.71], 0.73), Plan(**{**PLAIN.__dict__, "cut": 0.8})) == "乙丁"


def test_diversity_by_hand() -> None:
    """After 甲 (1.0): 乙, the same vector, is worth 0.9 − 0.5·1 = 0.4; 丙, at right angles, 0.6 − 0. 丙 comes second."""
    vectors = [[1.0, 0.0, 0.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]
    assert chosen(pool([1.0, 0.9, 0.6], vectors=vectors), Plan(**{**PLAIN.__dict__, "diversity": 0.5})) == "甲丙乙"


def test_spread_by_hand() -> None:
    """After 甲 (1.0) of A: 乙 of A is worth 0.9 − 0.2 = 0.7, 丁 of B 0.75; then 丙 of A 0.6 − 0.2, 乙 0.7."""
    assert chosen(pool([1.0, 0.9, 0.6], 0.75), Plan(**{**PLAIN.__dict__, "spread": 0.2})) == "甲丁乙丙"


def test_no_more_quotations_and_characters_than_planned() -> None:
    """Each has 20 characters: with 50 there is room for two."""
    assert chosen(pool([1.0, 0.9, 0.6], 0.75), Plan(**{**PLAIN.__dict__, "quotes": 3})) == "甲乙丁"
    assert chosen(pool([1.0, 0.9, 0.6], 0.75), Plan(**{**PLAIN.__dict__, "characters": 50})) == "甲乙"


def test_the_first_quotation_is_given_even_when_it_is_long() -> None:
    assert chosen(pool([1.0, 0.9, 0.6]), Plan(**{**PLAIN.__dict__, "characters": 5})) == "甲"


def test_quotations_never_overlap() -> None:
    """甲 is widened over 乙 (0.9 ≥ 0.8·1.0) and 丙; what they hold already is not quoted again."""
    wide = Plan(**{**PLAIN.__dict__, "share": 0.5})
    picks = select(pool([1.0, 0.9, 0.6], 0.75), wide)
    assert [(p.sentence.speech.id, p.span) for p in picks] == [(1, (0, 60)), (2, (0, 20))]


def test_an_empty_pool() -> None:
    assert select([], PLAIN) == []


def test_plans_fit_questions() -> None:
    fact, phrase = plan_for("紧急信息多少小时内上报"), plan_for("形容工作细致的说法")
    broad, plain = plan_for("他们对信息报送是怎么讲的"), plan_for("信息报送")
    assert fact.quotes < plain.quotes <= broad.quotes
    assert broad.spread > plain.spread
    assert broad.cut < plain.cut < fact.cut
    assert phrase.longest < plain.longest
