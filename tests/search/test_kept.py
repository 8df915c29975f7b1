"""What is kept from one state of the archive to the next is what no change of it can make wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
from fakes import filler, ingester, speech, write

from rag.archive.reader import Archive
from rag.archive.rows import PassageRow
from rag.search.alignment import PassageLines, WordNumbers
from rag.search.kept import Kept
from rag.text.words import Analyzer


class Counted(WordNumbers):
    """Counts the texts that are numbered."""

    def __init__(self) -> None:
        super().__init__()
        self.texts = 0

    def lines(self, texts):  # type: ignore[no-untyped-def]
        texts = list(texts)
        self.texts += len(texts)
        return super().lines(texts)


@pytest.fixture
def folder(tmp_path: Path, analyzer: Analyzer) -> Path:
    one = ingester(tmp_path / "archive", analyzer)
    for word in ("信息", "会议"):
        one.ingest_file(write(tmp_path / f"{word}.txt", speech(f"{word}讲话", filler(word, 3))))
    one.writer.close()
    return tmp_path / "archive"


def rows(kept: Kept, archive: Archive) -> list[PassageRow]:
    return kept.passages(archive.passage_ids())


def words(lines: PassageLines) -> list[int]:
    return lines.lines.words.tolist()


def test_words_are_numbered_once_whatever_else_changes(folder: Path, analyzer: Analyzer, tmp_path: Path) -> None:
    archive, numbers = Archive(folder), Counted()
    first = Kept(archive, analyzer, numbers, archive.generation)
    had = rows(first, archive)
    before = words(first.lines(had))
    counted = numbers.texts
    one = ingester(folder, analyzer)
    one.ingest_file(write(tmp_path / "安全.txt", speech("安全讲话", filler("安全", 3))))
    second = Kept(archive, analyzer, numbers, archive.generation, first)
    found = rows(second, archive)
    after = words(second.lines(found))
    assert after[: len(before)] == before
    assert numbers.texts - counted == len(found) - len(had) + 1  # the new passages and one card
    assert after == words(Kept(archive, analyzer, numbers, archive.generation).lines(found))


def test_a_corrected_card_is_read_anew(folder: Path, analyzer: Analyzer) -> None:
    archive, numbers = Archive(folder), WordNumbers()
    first = Kept(archive, analyzer, numbers, archive.generation)
    before = words(first.lines(rows(first, archive)))
    one = ingester(folder, analyzer)
    one.writer.correct(archive.speeches()[0].speech_id, "title", "关于防汛的讲话")
    second = Kept(archive, analyzer, numbers, archive.generation, first)
    after = words(second.lines(rows(second, archive)))
    assert int(numbers.numbers(["防汛"])[0]) in after
    assert int(numbers.numbers(["防汛"])[0]) not in before
