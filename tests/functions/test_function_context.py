"""Sentences in their place, and their functions passage by passage."""

from __future__ import annotations

import pytest

from rag.functions.classifier import shipped_classifier
from rag.functions.context import in_context, passage_functions
from rag.functions.labels import EDGE
from rag.text.sentences import sentences
from rag.types import Passage, Span

TEXT = "同志们：今天开个短会。" + "".join(f"第{n}件事要抓紧办好。" for n in "一二三四五六") + "谢谢大家！"


def passages(*sizes: int) -> list[Passage]:
    """The sentences of `TEXT` in passages of so many."""
    spans, out = [Span(*span) for span in sentences(TEXT)], []
    for size in sizes:
        own, spans = tuple(spans[:size]), spans[size:]
        out.append(Passage(own[0].start, own[-1].end, (), own))
    return out


def test_the_first_and_the_last_sentences_are_marked() -> None:
    spans = [Span(*span) for span in sentences(TEXT)]
    found = in_context(TEXT, spans)
    assert [one.text for one in found] == [TEXT[a:b] for a, b in spans]
    assert [n for n, one in enumerate(found) if one.first] == list(range(EDGE))
    assert [n for n, one in enumerate(found) if one.last] == list(range(len(spans) - EDGE, len(spans)))


@pytest.mark.parametrize("count", [0, 1, EDGE])
def test_a_short_speech_is_beginning_and_end(count: int) -> None:
    spans = [Span(*span) for span in sentences(TEXT)][:count]
    assert all(one.first and one.last for one in in_context(TEXT, spans))


def test_functions_come_passage_by_passage_and_do_not_depend_on_the_cut() -> None:
    whole = len(sentences(TEXT))
    one = passage_functions(TEXT, passages(whole), shipped_classifier())
    cut = passage_functions(TEXT, passages(2, 3, whole - 5), shipped_classifier())
    assert [len(functions) for functions in cut] == [2, 3, whole - 5]
    assert [function for functions in cut for function in functions] == list(one[0])


def test_a_speech_without_passages_has_no_functions() -> None:
    assert passage_functions(TEXT, [], shipped_classifier()) == []
