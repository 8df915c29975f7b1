"""Keys and ids: the same in every process, and told apart where they must be."""

from __future__ import annotations

import hashlib
import subprocess
import sys

from hypothesis import given
from hypothesis import strategies as st

from rag.archive.identity import content_hash, source_key, speech_ids


def test_source_key_is_eight_digits_of_name_and_content() -> None:
    assert source_key("讲话.txt", "abc", set()) == hashlib.sha256("讲话.txt\nabc".encode()).hexdigest()[:8]


def test_identical_copies_get_numbers() -> None:
    first = source_key("a.txt", "0", set())
    second = source_key("a.txt", "0", {first})
    assert second == f"{first}-2"
    assert source_key("a.txt", "0", {first, second}) == f"{first}-3"


def test_a_freed_number_is_used_again() -> None:
    first = source_key("a.txt", "0", set())
    assert source_key("a.txt", "0", {f"{first}-2"}) == first


def test_speech_ids_count_repeated_texts() -> None:
    one = hashlib.sha256("甲".encode()).hexdigest()[:8]
    two = hashlib.sha256("乙".encode()).hexdigest()[:8]
    assert speech_ids("k", ["甲", "乙", "甲", "甲"]) == [f"k.{one}", f"k.{two}", f"k.{one}.2", f"k.{one}.3"]


@given(st.lists(st.text(alphabet="甲乙丙", max_size=2), max_size=12))
def test_speech_ids_are_distinct_and_do_not_depend_on_other_speeches(texts: list[str]) -> None:
    ids = speech_ids("k", texts)
    assert len(set(ids)) == len(texts)
    first = {text: ids[texts.index(text)] for text in texts}
    assert all(speech_ids("k", [text]) == [first[text]] for text in texts)


def test_ids_are_the_same_in_another_process() -> None:
    program = (
        "from rag.archive.identity import source_key, speech_ids, content_hash;"
        "print(source_key('讲话.txt', 'f00', set()), *speech_ids('k', ['甲', '甲']), content_hash('同志们：'))"
    )
    printed = [
        subprocess.run(
            [sys.executable, "-X", "utf8", "-c", program], capture_output=True, text=True, check=True, encoding="utf-8"
        ).stdout.split()
        for _ in range(2)
    ]
    here = [source_key("讲话.txt", "f00", set()), *speech_ids("k", ["甲", "甲"]), content_hash("同志们：")]
    assert printed == [here, here]


def test_content_hash_sees_through_width_space_and_punctuation_only() -> None:
    assert content_hash("信息报送，要快！２０２０年") == content_hash("信息报送 要快:2020年")
    assert content_hash("信息报送要快") != content_hash("信息报送要准")
