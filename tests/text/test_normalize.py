"""Matching copies: what is folded, what is kept, and the way back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.text.normalize import matching_copy, normalize, skeleton, squash, without_space


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Ａｂ１２", "ab12"),
        ("信息，报送。", "信息,报送。"),
        ("“三服务”", '"三服务"'),
        ("「三服务」『好』«x»", '"三服务""好""x"'),
        ("‘a’", "'a'"),
        ("信 息\u3000报\u200b送\ufeff\n", "信息报送"),
        ("①㎏", "1kg"),
        ("", ""),
    ],
)
def test_normalize_folds_width_case_quotes_and_space(text: str, folded: str) -> None:
    assert normalize(text) == folded
    assert matching_copy(text).text == folded


def test_matching_copy_leads_back_to_the_original() -> None:
    text = "要抓 信\u200b息　报送，信息㎏报送"
    copy = matching_copy(text)
    assert [text[a:b] for a, b in copy.find_all("信息")] == ["信\u200b息", "信息"]
    assert [text[a:b] for a, b in copy.find_all("kg")] == ["㎏"]
    assert copy.find_all("") == []
    assert copy.find_all("没有") == []


def test_find_all_does_not_overlap() -> None:
    assert matching_copy("aaaaa").find_all("aa") == [(0, 2), (2, 4)]


@given(st.text(st.characters()))
def test_copies_agree_and_offsets_rise(text: str) -> None:
    copy = matching_copy(text)
    assert copy.text == normalize(text)
    assert len(copy.offsets) == len(copy.text)
    assert list(copy.offsets) == sorted(copy.offsets)
    assert all(normalize(text[i]) for i in copy.offsets)
    assert not any(char.isspace() for char in copy.text)


@given(st.text(st.characters(codec="utf-8"), min_size=1), st.data())
def test_what_is_cut_out_of_a_text_is_found_in_it(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    needle = normalize(text[start:end])
    found = matching_copy(text).find_all(needle)
    assert bool(found) == bool(needle)
    assert all(needle in normalize(text[a:b]) for a, b in found)


def test_skeleton_ignores_punctuation_and_width_only() -> None:
    assert (
        skeleton("《在全市（2019）会议上的讲话》")
        == skeleton("在全市(２０１９)会议上的讲话")
        == "在全市2019会议上的讲话"
    )
    assert skeleton("……！") == ""


def test_squash_keeps_case_and_digits_as_the_scorer_does() -> None:
    assert squash("A，b 1.5 万！") == "Ab15万"


def test_without_space_takes_out_nothing_else() -> None:
    assert without_space(" 信\u3000息\u200b，\t报\n送 ") == "信息，报送"
