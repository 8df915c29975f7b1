"""English words of a question, and the archive's own words nearest to them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from fakes import AXES, FakeEncoder, filler, ingester, speech, write

from rag.archive.reader import Archive
from rag.encoder.base import Vectors, unit
from rag.search.embedded import EmbeddedStore
from rag.search.expansion import Expander, Expansion
from rag.search.vocabulary import Vocabulary
from rag.text.words import Analyzer

MEANT = {"information": (1.0, 0.7, 0.0, 0.0), "meeting": (0.0, 1.0, 0.0, 0.0), "weather": (0.5, 0.5, 0.5, 0.5)}


class Bilingual(FakeEncoder):
    """Knows some English words beside its axes."""

    def _encode(self, texts: Sequence[str]) -> Vectors:
        chinese = super()._encode(texts)
        english = np.array([MEANT.get(text, (0, 0, 0, 0)) for text in texts], dtype=np.float32).reshape(-1, 4)
        return unit(chinese + english)


@pytest.fixture
def expander(tmp_path: Path, analyzer: Analyzer) -> Expander:
    put = ingester(tmp_path / "archive", analyzer)
    for n, word in enumerate(AXES):
        put.ingest_file(write(tmp_path / f"{n}.txt", speech(f"{word}讲话", filler(word))))
    archive = Archive(tmp_path / "archive")
    return Expander(EmbeddedStore(archive), Bilingual(), Vocabulary(archive))


def test_the_nearest_words_that_are_near_enough(expander: Expander) -> None:
    """information: 1/√1.49 = 0.82 to 信息, 0.57 to 会议; weather: 0.5 to each."""
    found = expander.expand(["information", "meeting", "weather", "x", "信息", "3.5"])
    assert found == (Expansion("information", ("信息",)), Expansion("meeting", ("会议",)))


def test_a_word_is_looked_for_once(expander: Expander, monkeypatch: pytest.MonkeyPatch) -> None:
    first = expander.expand(["information"])
    monkeypatch.setattr(expander, "_nearest", lambda words: pytest.fail(f"{words} once more"))
    assert expander.expand(["information"]) == first


def test_an_archive_without_words_has_no_expansions(tmp_path: Path, analyzer: Analyzer) -> None:
    ingester(tmp_path, analyzer)
    archive = Archive(tmp_path)
    assert Expander(EmbeddedStore(archive), Bilingual(), Vocabulary(archive)).expand(["information"]) == ()
