"""Functions of sentences that are missing come back as ingestion would have made them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from fakes import filler, ingester, speech, write

from rag.archive.reader import Archive
from rag.archive.writer import Writer
from rag.errors import ArchiveError
from rag.pipeline.labelling import label_missing
from rag.text.words import Analyzer

Rows = Callable[[], list[tuple[int, str | None]]]


@pytest.fixture
def writer(tmp_path: Path, analyzer: Analyzer) -> Writer:
    put = ingester(tmp_path / "archive", analyzer)
    for word in ("信息", "安全", "会议"):
        put.ingest_file(write(tmp_path / f"{word}.txt", speech(f"{word}讲话", filler(word, 40))))
    return Writer(put.writer.folder)


@pytest.fixture
def rows(writer: Writer) -> Rows:
    return lambda: writer.db.execute("SELECT id, functions FROM passages ORDER BY id").fetchall()


def test_nothing_is_done_where_all_are_there(writer: Writer, rows: Rows) -> None:
    before = rows()
    assert label_missing(writer) == 0
    assert rows() == before


def test_they_are_those_of_ingestion(writer: Writer, rows: Rows) -> None:
    before = rows()
    assert all(functions for _, functions in before)
    with writer.db:
        writer.db.execute("UPDATE passages SET functions = NULL WHERE speech IN (SELECT min(id) FROM speeches)")
        writer.db.execute("UPDATE passages SET functions = NULL WHERE speech IN (SELECT max(id) FROM speeches)")
    assert label_missing(writer) == 2
    assert rows() == before


def test_an_unreadable_passage_is_told_and_nothing_is_made_up(writer: Writer, rows: Rows) -> None:
    with writer.db:
        writer.db.execute(
            "UPDATE passages SET functions = NULL, sentences = '[' WHERE id = (SELECT min(id) FROM passages)"
        )
    with pytest.raises(ArchiveError, match="句子功能未能补齐"):
        label_missing(writer)
    assert rows()[0][1] is None
    assert len(Archive(writer.folder).speeches()) == 3
