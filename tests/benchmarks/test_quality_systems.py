"""Every system finds the file that a word stands in, where its library is installed."""

from __future__ import annotations

import pytest

from benchmarks.quality.__main__ import SYSTEMS
from benchmarks.quality.corpus import Corpus, PeerMissing, Searcher, System

# The default configurations without Chinese words find whole stretches of text only.
BLIND = {"bm25s", "fts5"}


def built(system: System, corpus: Corpus) -> Searcher:
    try:
        return system.build(corpus)
    except PeerMissing as error:
        pytest.skip(f"{system.name}: {error}")


@pytest.mark.parametrize("system", SYSTEMS, ids=lambda system: system.key)
def test_finds_the_file_of_a_word(system: System, corpus: Corpus) -> None:
    search = built(system, corpus)
    query = "把安全放在心上" if system.key not in BLIND else "安全的事不能拖"
    found = search(query)
    assert found[0].file == "b.txt"
    assert len(found) <= 20


@pytest.mark.parametrize("system", SYSTEMS, ids=lambda system: system.key)
def test_passages_stand_in_their_files(system: System, corpus: Corpus) -> None:
    """Text maps to the file, white space aside: what a scorer checks a passage against."""
    found = built(system, corpus)("作风的事不能拖")
    assert found
    assert [p.file for p in found if "".join(p.text.split()) not in "".join(corpus.texts[p.file].split())] == []


def test_keys_are_told_apart() -> None:
    assert len({system.key for system in SYSTEMS}) == len(SYSTEMS)
    assert SYSTEMS[0].key == "yanju"
