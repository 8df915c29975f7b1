"""The last gate: a quotation that its source does not hold is never shown."""

from __future__ import annotations

from dataclasses import replace

import pytest
from builders import speech_row
from hypothesis import given
from hypothesis import strategies as st

from rag.answer.verify import verified
from rag.errors import BrokenQuoteError, CitationError
from rag.types import Piece, Span

TEXT = "信息报送要快。信息报送要准。"


def test_a_true_quotation_passes() -> None:
    assert verified(speech_row(TEXT), Span(0, 7), TEXT) == "信息报送要快。"


@pytest.mark.parametrize(("start", "end"), [(0, 0), (5, 3), (-3, 4), (10, 15), (99, 120), (0, 15)])
def test_offsets_outside_the_speech(start: int, end: int) -> None:
    with pytest.raises(CitationError, match=r"s1.*14 字"):
        verified(speech_row(TEXT), Span(start, end), TEXT)


def test_a_speech_that_was_tampered_with() -> None:
    tampered = speech_row(TEXT.replace("要快", "要慢"))
    with pytest.raises(CitationError, match=r"1\.txt 不一致.*未显示"):
        verified(tampered, Span(0, 7), TEXT)
    assert verified(tampered, Span(7, 14), TEXT) == "信息报送要准。"


def test_a_source_that_was_tampered_with() -> None:
    with pytest.raises(CitationError):
        verified(speech_row(TEXT), Span(7, 14), TEXT.replace("要准", "要狠"))


def test_a_source_that_is_too_short_now() -> None:
    with pytest.raises(CitationError):
        verified(speech_row(TEXT), Span(7, 14), TEXT[:9])


def test_words_that_no_piece_brings_from_the_source_are_not_quoted() -> None:
    """«不» was slipped in between two pieces."""
    row = speech_row("信息不要快。", pieces=[Piece(0, 0, 2), Piece(3, 2, 3)])
    with pytest.raises(CitationError):
        verified(row, Span(0, 6), "信息要快。")
    joined = speech_row("信息 要快。", pieces=[Piece(0, 0, 2), Piece(3, 3, 3)])
    assert verified(joined, Span(0, 6), "信息\n要快。") == "信息 要快。"


@given(st.integers(0, 13), st.integers(0, 13), st.sampled_from("甲乙1x"))
def test_one_changed_character_inside_is_always_noticed_and_one_outside_never(at: int, start: int, other: str) -> None:
    end = min(14, start + 5)
    source = TEXT[:at] + other + TEXT[at + 1 :]
    if start <= at < end:
        with pytest.raises(CitationError):
            verified(speech_row(TEXT), Span(start, end), source)
    else:
        assert verified(speech_row(TEXT), Span(start, end), source) == TEXT[start:end]


def test_a_quote_across_something_removed_is_broken_but_its_halves_are_sound() -> None:
    source = "信息要快，\n— 3 —\n更要准。"
    speech = replace(speech_row("信息要快，更要准。"), pieces=(Piece(0, 0, 5), Piece(5, 12, 4)))
    assert verified(speech, Span(0, 5), source) == "信息要快，"
    assert verified(speech, Span(5, 9), source) == "更要准。"
    with pytest.raises(BrokenQuoteError, match="被清除"):
        verified(speech, Span(0, 9), source)


@pytest.mark.parametrize(("between", "whole"), [("**", True), ("***", True), ("__ ", True), ("*", False), ("**年", False)])
def test_emphasis_that_was_removed_does_not_break_a_quote(between: str, whole: bool) -> None:
    source = f"信息{between}必须要准。"
    speech = speech_row("信息必须要准。", pieces=[Piece(0, 0, 2), Piece(2, 2 + len(between), 5)])
    if whole:
        assert verified(speech, Span(0, 7), source) == "信息必须要准。"
    else:
        with pytest.raises(BrokenQuoteError):
            verified(speech, Span(0, 7), source)


def test_pieces_that_change_places_are_no_quotation() -> None:
    speech = speech_row("要准。信息", pieces=[Piece(0, 2, 3), Piece(3, 0, 2)])
    with pytest.raises(BrokenQuoteError):
        verified(speech, Span(0, 5), "信息要准。")
