"""Points of an answer: by heading, by the unit that did it, by year."""

from __future__ import annotations

from dataclasses import replace

import pytest
from builders import sentence_list, speech_row

from rag.answer.grouping import Quoted, grouped
from rag.answer.select import Pick
from rag.search.intent import COMPARISON, PRECEDENT
from rag.types import Found

TEXT = "甲县先办。甲县又办。甲县再办。"


def quoted(number: int, which: int = 0, heading: str = "", **metadata: str | int) -> Quoted:
    """One sentence of speech ``number``, under a heading, with this metadata."""
    row = speech_row(TEXT, number)
    row = replace(row, metadata=row.metadata | {name: Found(value) for name, value in metadata.items()})
    found = sorted(sentence_list(row, [1.0, 1.0, 1.0]), key=lambda s: s.span)[which]
    passage = replace(found.candidate.row, section=("一、总的", heading) if heading else ())
    found = replace(found, speech=row, candidate=replace(found.candidate, row=passage))
    return Quoted(Pick(found, found.span), TEXT[found.span.start : found.span.end])


def shape(found: list[tuple[str, list[Quoted]]]) -> list[tuple[str, list[tuple[int, str]]]]:
    return [(heading, [(q.speech.id, q.text) for q in group]) for heading, group in found]


def test_quotations_under_one_heading_of_one_speech_stand_together_in_the_order_of_the_text() -> None:
    found = grouped([quoted(1, 2, "快"), quoted(2, 0, "快"), quoted(1, 0, "快"), quoted(1, 1, "准")], "")
    assert shape(found) == [
        ("快", [(1, "甲县先办。"), (1, "甲县再办。")]),
        ("快", [(2, "甲县先办。")]),
        ("准", [(1, "甲县又办。")]),
    ]


def test_without_a_heading_the_title_stands_above() -> None:
    assert shape(grouped([quoted(3)], "")) == [("第3篇", [(3, "甲县先办。")])]


@pytest.mark.parametrize(
    ("metadata", "heading", "shown"),
    [
        ({"organisation": "甲县总工会"}, "抓信息", "甲县总工会：抓信息"),
        ({"place": "甲县"}, "抓信息", "甲县：抓信息"),
        ({"organisation": "甲县总工会", "place": "甲县"}, "抓信息", "甲县总工会：抓信息"),
        ({"place": "甲县"}, "甲县的做法", "甲县的做法"),
        ({}, "抓信息", "抓信息"),
    ],
)
def test_precedents_stand_by_speech_under_the_unit_that_tells_them(
    metadata: dict[str, str], heading: str, shown: str
) -> None:
    found = grouped([quoted(1, 1, heading, **metadata), quoted(1, 0, "别的", **metadata)], PRECEDENT)
    assert [len(group) for _, group in found] == [2]
    # The heading is that of the quotation that comes first in the text.
    assert grouped([quoted(1, 0, heading, **metadata)], PRECEDENT)[0][0] == shown


def test_comparisons_stand_by_year_and_undated_speeches_last() -> None:
    found = grouped([quoted(1), quoted(2, year=2021), quoted(3, year=2016), quoted(2, 1, year=2021)], COMPARISON)
    assert shape(found) == [
        ("2016年：第3篇", [(3, "甲县先办。")]),
        ("2021年：第2篇", [(2, "甲县先办。"), (2, "甲县又办。")]),
        ("年份不明：第1篇", [(1, "甲县先办。")]),
    ]
