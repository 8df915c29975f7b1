"""N-grams as numbers: exact, within one sentence, folded alike."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from rag.functions.ngrams import END, SIZES, START, fold, key, keys

TEXTS = st.lists(st.text(st.sampled_from("我们要抓好。，a0\U00020000😀"), max_size=12), max_size=6)


def test_folding_unites_widths_quotes_and_digits_and_drops_white_space() -> None:
    assert fold('２０19年,「抓落实」 　\u200b"好"!') == "0000年，“抓落实”“好“！"
    assert fold(f"{START}好{END}") == "好"


@given(st.text(st.characters(max_codepoint=0xFFFF, exclude_characters="\ufffd"), min_size=1, max_size=4))
def test_a_key_can_be_read_back(gram: str) -> None:
    number, chars = key(gram), ""
    for _ in gram:
        number, code = divmod(number, 1 << 16)
        chars = chr(code) + chars
    assert (chars, number) == (gram, 0)


def test_characters_outside_the_basic_plane_are_one() -> None:
    assert key("😀") == key("\U00020000") == key("\ufffd")


@given(TEXTS, st.sampled_from(SIZES))
def test_keys_of_many_sentences_are_those_of_each(texts: list[str], size: int) -> None:
    found, bounds = keys(texts, size)
    assert len(bounds) == len(texts) + 1
    for text, a, b in zip(texts, bounds, bounds[1:], strict=False):
        whole = f"{START}{text}{END}"
        own = [key(whole[at : at + size]) for at in range(len(whole) - size + 1)]
        assert found[a:b].tolist()[: len(own)] == own
        assert all(_reaches_over(int(number), size) for number in found[a:b][len(own) :])


def _reaches_over(number: int, size: int) -> bool:
    codes = [number >> 16 * n & 0xFFFF for n in reversed(range(size))]
    return (ord(END), ord(START)) in pairwise(codes)


def test_no_sentences_have_no_keys() -> None:
    found, bounds = keys([], 2)
    assert len(found) == 0
    assert bounds.tolist() == [0]
    assert found.dtype == np.uint64
