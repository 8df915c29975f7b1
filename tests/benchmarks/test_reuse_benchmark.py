"""A short run of benchmarks/reuse, and the arithmetic of its figures."""

from __future__ import annotations

import random

from benchmarks.reuse.measure import Reported, is_found, is_true, reported, rows
from benchmarks.reuse.planted import Copy, dealt, edited, invented, own_passages, plant
from rag.types import Span


def test_planted_copies_are_found_and_little_else() -> None:
    chance = random.Random(11)
    planted = plant(dealt(chance)[:60], 120, chance)
    total = rows(planted.copies, reported(planted))[-1]
    assert total.copies >= 80
    assert total.recall >= 0.95
    assert total.precision >= 0.98


def test_a_copy_stands_where_it_is_said_to_stand() -> None:
    chance = random.Random(5)
    planted = plant(dealt(chance)[:20], 40, chance)
    assert len({(c.source, c.at_source) for c in planted.copies}) == 40
    for copy in planted.copies:
        source = planted.speeches[copy.source][copy.at_source.start : copy.at_source.end]
        target = planted.speeches[copy.target][copy.at_target.start : copy.at_target.end]
        assert (source == target) is (copy.edits == 0) or copy.edits
        assert abs(len(source) - len(target)) <= copy.edits


def test_no_passage_stands_in_two_speeches() -> None:
    speeches = dealt(random.Random(1))
    dealt_out = [passage for speech in speeches for passage in speech.split("\n") if len(passage) > 60]
    assert len(dealt_out) == len(set(dealt_out)) <= len(own_passages())


def test_an_edit_costs_what_it_says() -> None:
    text = "甲乙丙丁" * 25
    assert edited(text, 0.0, "子丑", random.Random(0)) == (text, 0)
    changed, edits = edited(text, 0.1, "子丑", random.Random(0))
    assert edits == 10
    assert changed != text


def test_invented_speeches_are_as_long_as_asked() -> None:
    (one, other) = invented(random.Random(0), 2, 500)
    assert 500 <= len(one) <= 520
    assert one != other


def test_half_of_a_copy_on_both_sides_is_found() -> None:
    copy = Copy(0, Span(100, 200), 1, Span(0, 90), 10)
    half = Reported(0, Span(100, 150), 1, Span(0, 45))
    assert is_found(copy, [half])
    assert not is_found(copy, [Reported(0, Span(100, 150), 1, Span(0, 44))])
    assert not is_found(copy, [Reported(0, Span(100, 200), 2, Span(0, 90))])
    assert is_true(half, [copy])
    assert not is_true(Reported(0, Span(49, 150), 1, Span(0, 45)), [copy])
    assert [(row.copies, row.found, row.runs, row.true) for row in rows([copy], [half], (20, 60))] == [
        (0, 0, 1, 1), (1, 1, 0, 0), (1, 1, 0, 0),
    ]  # fmt: skip
