"""The archive's words are read again when enough of the archive has changed."""

from __future__ import annotations

from pathlib import Path

from fakes import speech, with_files

from rag.search.vocabulary import PAUSE, STALE, Vocabulary
from rag.text.words import Analyzer

# Passages of one paragraph each, too long to share one.
LONG = "信息报送要快，信息报送要准，信息报送要全。" * 14


class Clock:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_words_follow_at_some_distance(tmp_path: Path, analyzer: Analyzer) -> None:
    archive = with_files(tmp_path, analyzer, {"一.txt": speech("讲话一", *([LONG] * 120))})
    clock = Clock()
    vocabulary = Vocabulary(archive, clock)
    words, before = vocabulary.words(), archive.count("passages")
    assert words[0] in ("信息", "报送")
    assert before > 1 / STALE
    with_files(tmp_path, analyzer, {"二.txt": speech("讲话二", "台风要防。")})
    clock.now += PAUSE
    assert vocabulary.words() is words
    with_files(tmp_path, analyzer, {"三.txt": speech("讲话三", *(["台风" + LONG] * 20))})
    assert "台风" in vocabulary.words()


def test_while_files_come_in_words_are_read_now_and_then(tmp_path: Path, analyzer: Analyzer) -> None:
    archive, clock = with_files(tmp_path, analyzer, {"一.txt": speech("讲话一", LONG)}), Clock()
    vocabulary = Vocabulary(archive, clock)
    words = vocabulary.words()
    with_files(tmp_path, analyzer, {"二.txt": speech("讲话二", "台风" + LONG)})
    clock.now += PAUSE / 2
    assert vocabulary.words() is words
    clock.now += PAUSE / 2
    assert "台风" in vocabulary.words()


def test_the_first_words_of_an_empty_archive_are_read_at_once(tmp_path: Path, analyzer: Analyzer) -> None:
    vocabulary = Vocabulary(with_files(tmp_path, analyzer, {"空.txt": ""}), Clock())
    assert vocabulary.words() == []
    with_files(tmp_path, analyzer, {"一.txt": speech("讲话一", LONG)})
    assert "信息" in vocabulary.words()
