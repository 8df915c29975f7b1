"""Comparison word by word, against the plainest way to do it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from fakes import AXES, FakeEncoder
from hypothesis import given
from hypothesis import strategies as st

from rag.search.alignment import Lines, QuestionWords, WordNumbers, WordVectors, nearest_words, word_numbers

WORDS = (*AXES, "信息会议", "安全作风", "无")
lines_of_words = st.lists(st.lists(st.sampled_from(WORDS), max_size=6), min_size=1, max_size=8)
asked = st.lists(st.sampled_from([*WORDS, "没见过"]), max_size=4, unique=True)


def question(words: list[str]) -> QuestionWords:
    return QuestionWords(tuple(words), np.full(len(words), 1 / max(1, len(words)), dtype=np.float32))


def text(lines: list[list[str]]) -> str:
    return "\n".join(map(" ".join, lines))


def test_weights_by_hand() -> None:
    """ln(1 + 9.5/1.5) = 1.992 for one of ten passages, ln(1 + 0.5/10.5) = 0.0465 for all ten."""
    weighed = QuestionWords.of(["少", "多"], {"少": 1, "多": 10}.__getitem__, 10)
    assert weighed.weights == pytest.approx(np.array([1.992, 0.0465]) / (1.992 + 0.0465), abs=1e-3)
    assert QuestionWords.of([], {}.__getitem__, 10).weights.tolist() == []


@given(passages=st.lists(lines_of_words, min_size=1, max_size=4), words=asked, vectors=st.booleans())
def test_the_nearest_word_of_each_line(passages: list[list[list[str]]], words: list[str], vectors: bool) -> None:
    encoder = FakeEncoder()
    table = WordVectors(encoder) if vectors else WordNumbers()
    found = nearest_words(question(words), Lines.joined(table.lines(map(text, passages))), table)

    def near(a: str, b: str) -> float:
        one, other = encoder.encode_passages([a, b])
        return float(one @ other) if vectors else float(a == b)

    every = [line for passage in passages for line in passage]
    expected = [[max((near(word, other) for other in line), default=0.0) for line in every] for word in words]
    assert found.shape == (len(words), len(every))
    assert found == pytest.approx(np.array(expected).reshape(found.shape), abs=1e-6)


@given(passages=st.lists(lines_of_words, max_size=4))
def test_lines_come_apart_as_they_were_put_together(passages: list[list[list[str]]]) -> None:
    table = WordNumbers()
    found = table.lines(map(text, passages))
    assert len(found) == len(passages)
    for lines, passage in zip(found, passages, strict=True):
        assert lines.counts.tolist() == [len(line) for line in passage]
        assert lines.words.tolist() == table.numbers([word for line in passage for word in line]).tolist()


def test_every_word_is_encoded_once() -> None:
    encoder = FakeEncoder()
    table = WordVectors(encoder)
    assert table.vectors(["信息", "会议", "信息"]) == pytest.approx(np.eye(4)[[0, 1, 0]])
    assert table.vectors(["会议", "安全"]) == pytest.approx(np.eye(4)[[1, 2]])
    assert encoder.texts == len(table) == 3


def test_more_words_than_there_was_room_for() -> None:
    table = WordVectors(FakeEncoder())
    words = [f"{AXES[n % 4]}{n}" for n in range(3000)]
    before = table.numbers(words[:10]).tolist()
    assert table.vectors(words) == pytest.approx(np.eye(4)[np.arange(3000) % 4])
    assert table.numbers(words[:10]).tolist() == before


def test_threads_that_number_the_same_words_agree() -> None:
    table = WordVectors(FakeEncoder())
    words = [[f"{AXES[(n + m) % 4]}{(n + m) % 500}" for n in range(200)] for m in range(0, 400, 20)]
    with ThreadPoolExecutor(8) as pool:
        numbers = list(pool.map(table.numbers, words))
    assert [table.numbers(own).tolist() for own in words] == [found.tolist() for found in numbers]
    assert len(set(np.concatenate(numbers).tolist())) == len({word for own in words for word in own}) == len(table)


@pytest.mark.parametrize("knows", [True, False])
def test_an_encoder_that_knows_no_words_compares_them_for_equality(knows: bool) -> None:
    encoder = FakeEncoder()
    encoder.encodes_words = knows
    table = word_numbers(encoder)
    others = table.numbers(["信息会议", "信息"])
    assert table.likeness(["信息"], others).tolist()[0] == pytest.approx([2**-0.5 if knows else 0.0, 1.0])
