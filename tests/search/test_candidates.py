"""What a question costs does not grow with the archive: only candidates are read."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest
from fakes import AXES, FakeEncoder, filler, ingester, speech, write

from rag.archive.reader import Archive
from rag.archive.rows import PassageRow
from rag.search import retriever
from rag.search.retriever import Retriever
from rag.text.words import Analyzer


def test_vectors_of_sentences_are_read_of_candidates_only(
    tmp_path: Path, analyzer: Analyzer, monkeypatch: pytest.MonkeyPatch
) -> None:
    put = ingester(tmp_path / "archive", analyzer)
    for n, word in enumerate(AXES):
        put.ingest_file(write(tmp_path / f"{n}.txt", speech(f"{word}讲话", filler(word, 80))))
    read: set[int] = set()
    real = Archive.passages

    def noting(self: Archive, ids: Iterable[int]) -> dict[int, PassageRow]:
        rows = real(self, ids)
        read.update(rows)
        return rows

    monkeypatch.setattr(Archive, "passages", noting)
    monkeypatch.setattr(retriever, "DENSE_CANDIDATES", 3)
    monkeypatch.setattr(retriever, "LEXICAL_CANDIDATES", 2)
    archive = Archive(tmp_path / "archive")
    assert Retriever(archive, FakeEncoder(), analyzer).search("信息怎么报").hits
    assert 3 <= len(read) <= 5 < archive.count("passages")
