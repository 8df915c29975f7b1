"""What a question costs does not grow with the archive: only candidates are read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest
from fakes import AXES, FakeEncoder, filler, ingester, speech, write

from rag.archive.reader import Archive
from rag.archive.rows import Packed, PassageRow
from rag.search import retriever
from rag.search.query import parse_query
from rag.search.retriever import Retriever
from rag.text.words import Analyzer
from rag.types import Filters


def test_vectors_of_sentences_are_read_of_candidates_only(
    tmp_path: Path, analyzer: Analyzer, monkeypatch: pytest.MonkeyPatch
) -> None:
    put = ingester(tmp_path / "archive", analyzer)
    for n, word in enumerate(AXES):
        put.ingest_file(write(tmp_path / f"{n}.txt", speech(f"{word}讲话", filler(word, 80))))
    read: set[int] = set()
    real, packed = Archive.passages, Archive.packed_vectors

    def noting(self: Archive, ids: Iterable[int], vectors: Mapping[int, Packed] | None = None) -> dict[int, PassageRow]:
        rows = real(self, ids, vectors)
        read.update(rows)
        return rows

    def noting_vectors(self: Archive, ids: Iterable[int]) -> dict[int, Packed]:
        vectors = packed(self, ids)
        read.update(vectors)
        return vectors

    monkeypatch.setattr(Archive, "passages", noting)
    monkeypatch.setattr(Archive, "packed_vectors", noting_vectors)
    monkeypatch.setattr(retriever, "DENSE_CANDIDATES", 3)
    monkeypatch.setattr(retriever, "LEXICAL_CANDIDATES", 2)
    archive = Archive(tmp_path / "archive")
    assert Retriever(archive, FakeEncoder(), analyzer).search("信息怎么报").hits
    assert 3 <= len(read) <= 5 < archive.count("passages")


def test_rows_are_read_of_the_best_candidates_only(
    tmp_path: Path, analyzer: Analyzer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What must hold a phrase, or must not hold a word, is looked for among all candidates."""
    put = ingester(tmp_path / "archive", analyzer)
    put.ingest_file(write(tmp_path / "a.txt", speech("讲话", filler("信息", 100), filler("会议", 60))))
    monkeypatch.setattr(retriever, "ALIGNED_CANDIDATES", 2)
    archive = Archive(tmp_path / "archive")
    found = Retriever(archive, FakeEncoder(), analyzer)
    everything = found.rank(parse_query("会议"), Filters())
    with_phrase = found.rank(parse_query('信息 "会议"'), Filters())
    without = found.rank(parse_query("会议 -会议"), Filters())
    assert archive.count("passages") > 6
    assert len(everything) == len(with_phrase) == len(without) == 2
    assert all("会议" in found.text(c.row) for c in (*everything, *with_phrase))
    assert not any("会议" in found.text(c.row) for c in without)


def test_passages_removed_while_they_are_read_are_those_of_before(
    tmp_path: Path, analyzer: Analyzer, monkeypatch: pytest.MonkeyPatch
) -> None:
    put = ingester(tmp_path / "archive", analyzer)
    put.ingest_file(write(tmp_path / "a.txt", speech("讲话", filler("信息", 40))))
    archive, real = Archive(tmp_path / "archive"), Archive.packed_vectors
    ids = archive.passage_ids()

    def removing_first(self: Archive, wanted: Iterable[int]) -> dict[int, Packed]:
        put.writer.db.execute("DELETE FROM passages")
        return real(self, wanted)

    monkeypatch.setattr(Archive, "packed_vectors", removing_first)
    assert sorted(archive.passages(ids)) == sorted(ids)
    assert archive.passages(ids) == {}
