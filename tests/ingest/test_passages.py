"""Passages: size, whole sentences, headings."""

from __future__ import annotations

from speeches import CALL, PAST, TASKS, ingest, joined, speech

from rag.ingest.outline import outline
from rag.ingest.passages import MAX_LENGTH, MIN_LENGTH, TARGET, passages
from rag.text.words import Analyzer
from rag.types import Passage, Span


def cut(*paragraphs: str) -> tuple[str, list[Passage]]:
    text = joined(paragraphs)
    spans, at = [], 0
    for paragraph in paragraphs:
        spans.append(Span(at, at + len(paragraph)))
        at += len(paragraph) + 1
    return text, passages(text, spans, outline(text, spans))


def texts(*paragraphs: str) -> list[str]:
    text, found = cut(*paragraphs)
    return [text[p.start : p.end] for p in found]


def test_a_short_text_is_one_passage() -> None:
    assert texts(PAST) == [PAST]
    assert texts("好。") == ["好。"]


def test_a_long_paragraph_is_cut_between_sentences_into_even_parts() -> None:
    parts = texts(PAST * 12)
    assert "".join(parts) == PAST * 12
    assert all(part.endswith("。") for part in parts)
    assert MAX_LENGTH <= 400
    assert all(MIN_LENGTH <= len(part) <= MAX_LENGTH for part in parts)


def test_paragraphs_are_gathered_up_to_the_target() -> None:
    fitting = (TARGET + 1) // (len(PAST) + 1)  # a line break stands between two paragraphs
    assert fitting == 3
    assert texts(*[PAST] * 6) == [joined([PAST] * 3)] * 2


def test_a_passage_ends_with_its_section_and_opens_with_its_heading() -> None:
    first, second = texts("一、回顾", PAST + TASKS, "二、展望", TASKS + CALL)
    assert first == joined(["一、回顾", PAST + TASKS])
    assert second == joined(["二、展望", TASKS + CALL])


def test_headings_pile_up_before_their_text() -> None:
    _, found = cut("一、回顾", "（一）成绩", PAST + TASKS, "（二）不足", TASKS + CALL)
    assert [p.section for p in found] == [("一、回顾", "（一）成绩"), ("一、回顾", "（二）不足")]


def test_text_before_the_first_heading_has_no_path() -> None:
    _, found = cut(PAST + TASKS, "一、展望", TASKS + CALL)
    assert [p.section for p in found] == [(), ("一、展望",)]


def test_a_stump_joins_its_neighbour_in_the_same_section() -> None:
    parts = texts("一、回顾", PAST + TASKS, "谢谢大家！")
    assert parts == [joined(["一、回顾", PAST + TASKS, "谢谢大家！"])]


def test_a_sentence_without_end_fits() -> None:
    _, found = cut("抓" * 5000)
    assert all(p.end - p.start <= 400 for p in found)
    assert sum(p.end - p.start for p in found) == 5000


def test_title_and_date_lines_are_in_no_passage_but_all_else_is(analyzer: Analyzer) -> None:
    (one,) = ingest(speech("一、回顾", PAST, "二、展望", TASKS, CALL), analyzer).speeches
    inside = joined([one.text[p.start : p.end] for p in one.passages])
    assert inside == one.text[one.text.index("同志们：") :]
