"""Which speech continues which."""

from __future__ import annotations

from fakes import filler

from rag.archive.succession import heirs


def test_an_edited_a_lengthened_and_a_shortened_speech_continue() -> None:
    text = filler("信息")
    assert heirs([text], [text.replace("第3件", "第三件")]) == {0: 0}
    assert heirs([text], [text + filler("安全", 30)]) == {0: 0}
    assert heirs([text], [text[: len(text) // 3]]) == {0: 0}


def test_speeches_in_the_same_kind_of_language_do_not() -> None:
    assert heirs([filler("信息工作")], [filler("安全生产")]) == {}


def test_each_new_speech_has_one_predecessor_the_closest() -> None:
    """Both old texts resemble the new one; the second, equal but for two characters, takes it."""
    new = filler("信息")
    assert heirs([new[: len(new) * 2 // 3] + filler("安全", 3), new[:-2]], [new]) == {1: 0}


def test_nothing_to_continue() -> None:
    assert heirs([], []) == {}
    assert heirs(["讲话"], []) == {}
