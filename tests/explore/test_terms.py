"""Terms: what may be one, and which of two that overlap stays."""

from __future__ import annotations

from collections import Counter

from rag.explore.terms import candidates, term_table, without_parts
from rag.text.lexicon import lexicon

LINES = [["同志们", "今天", "讲", "欠薪", "问题"], ["集体", "协商", "三年", "办", "成"], ["集体", "协商", "和", "欠薪"]]


def test_greetings_numbers_and_exhortations_are_no_terms() -> None:
    found = candidates([*LINES, ["大力", "加强", "我们", "100", "十个", "a"]], lexicon())
    assert {term[0] for term in found if len(term) == 1} <= {"欠薪", "集体", "协商", "办"}
    assert found[("欠薪",)] == 2
    assert found[("集体", "协商")] == 2


def test_a_pair_that_sticks_together_is_a_term() -> None:
    found = [candidates(LINES, lexicon()) for _ in range(4)]
    table = term_table(found, [1, 1, 2, 3], running=4 * sum(map(len, LINES)), words=lexicon())
    assert table.counts[("集体", "协商")].speeches == 3
    assert table.counts[("集体", "协商")].total == 8
    assert ("欠薪",) in table.counts


def test_what_only_one_of_many_speeches_says_is_no_term() -> None:
    found = [candidates([["欠薪", "欠薪"]], lexicon()), Counter(), Counter()]
    assert term_table(found, [1, 2, 3], running=10, words=lexicon()).counts == {}


def test_of_two_terms_one_inside_the_other_one_stays() -> None:
    weights = {("集体",): 1.0, ("集体", "协商"): 0.7, ("欠薪",): 0.5, ("欠薪", "案件"): 0.1}
    assert without_parts(weights, 5) == [("集体", "协商"), ("欠薪",)]
    assert without_parts(weights, 1) == [("集体", "协商")]
