"""Streams: the letters that copying leaves unchanged, with their way back."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from rag.text.normalize import skeleton
from rag.write.stream import stream_of

TEXT = st.text(alphabet=st.sampled_from("信息报送ＡａB2２㈠①，。“” \u3000\n\U00020000é"), max_size=60)


def test_a_stream_holds_letters_only_and_knows_where_they_stood() -> None:
    stream = stream_of("“六力”，ＡＢ 12\n共建。")
    assert stream.text == "六力ab12共建"
    assert stream.offsets.tolist() == [1, 2, 5, 6, 8, 9, 11, 12]
    assert stream.span(0, 3) == (1, 6)
    assert stream.position(3) == 2


@given(TEXT)
def test_every_character_is_the_fold_of_the_one_at_its_offset(text: str) -> None:
    stream = stream_of(text)
    assert [skeleton(text[at])[:1] for at in stream.offsets.tolist()] == list(stream.text)
    kept = set(stream.offsets.tolist())
    assert all(not skeleton(char) for at, char in enumerate(text) if at not in kept)


def test_lone_surrogates_do_no_harm() -> None:
    assert stream_of("信\ud800息").text == "信息"
