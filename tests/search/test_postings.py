"""The inverted lists give FTS5's scores to the last bit, whatever was added and removed since they were made."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.archive.connect import transaction
from rag.archive.reader import Archive
from rag.archive.writer import Writer
from rag.search import postings, words_index
from rag.search.lexical import bm25
from rag.search.postings import Postings, Segments, Weighted, best_rows, build, promising
from rag.search.words_index import WordsIndex

WORDS = ["信息", "会议", "安全", "作风", "abc", "3.5", "3"]  # no «5»: FTS5 takes a 3 before a 5 for «3.5» as well
Documents = list[list[str]]
documents = st.lists(st.lists(st.sampled_from(WORDS), max_size=9), min_size=1, max_size=12)
questions = st.lists(st.sampled_from([*WORDS, "没有"]), min_size=1, max_size=4, unique=True)


def put(writer: Writer, rows: Documents) -> None:
    """Passages with these words, in one transaction."""
    with transaction(writer.db):
        writer.db.execute(
            "INSERT OR IGNORE INTO sources (id, key, path, name, folder, sha256, bytes, format, text, pages, generated, notes,"
            " settings, added_at, changed_at) VALUES (1, 'k', 'p', 'n', '', '', '', 'txt', '', '', '', '', '', '', '')"
        )
        writer.db.execute(
            "INSERT OR IGNORE INTO speeches (id, speech_id, source, ordinal, text, content_hash, pieces, title, found, sections,"
            " flags) VALUES (1, 's', 1, 0, '', '', '', '', '', '', '')"
        )
        for words in rows:
            cursor = writer.db.execute(
                "INSERT INTO passages (speech, start, \"end\", section, sentences, content_hash) VALUES (1, 0, 0, '', '', '')"
            )
            row = (cursor.lastrowid, " ".join(words))
            writer.db.execute("INSERT INTO words (rowid, tokens) VALUES (?, ?)", row)


def drop(writer: Writer, ids: list[int]) -> None:
    with transaction(writer.db):
        for i in ids:
            writer.db.execute("DELETE FROM passages WHERE id = ?", (i,))
            writer.db.execute("DELETE FROM words WHERE rowid = ?", (i,))


@pytest.fixture
def writer(tmp_path: Path) -> Writer:
    return Writer(tmp_path)


def same_as_fts5(archive: Archive, index: WordsIndex, terms: list[str], limit: int) -> None:
    expected = bm25(archive, "words", terms, limit)
    for term in terms:
        if "." not in term:  # which FTS5 takes apart
            assert index.segments.frequency(term) == archive.document_frequency(term)
    assert list(index.segments.bm25(terms, limit).items()) == list(expected.items())


def test_three_documents_by_hand() -> None:
    """The arithmetic stands in test_lexical.py: 0.642181."""
    index = build([(np.array([4, 7, 9]), ["信息 信息 会议 安全", "会议 作风", "安全 作风 作风"])])
    assert Segments(index).bm25(["信息"], 10) == {4: pytest.approx(0.642181, abs=1e-6)}
    rows, counts = index.of("作风")
    assert (rows.tolist(), counts.tolist(), index.lengths.tolist()) == ([1, 2], [1, 2], [4, 2, 3])


@settings(max_examples=150, deadline=None)
@given(texts=st.lists(st.lists(st.sampled_from(WORDS), max_size=9), min_size=1, max_size=40), terms=questions,
       limit=st.integers(1, 4))  # fmt: skip
def test_passing_over_long_lists_loses_nothing(texts: Documents, terms: list[str], limit: int) -> None:
    """Every list counts as long: all rows that can be among the best come, with the score that they have in all lists."""
    segments = Segments(build([(np.arange(1, 1 + len(texts)), [" ".join(words) for words in texts])]))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(postings, "LONG", 2.0)
        plain = segments.bm25(terms, limit)
        patch.setattr(postings, "LONG", 0.0)
        assert list(segments.bm25(terms, limit).items()) == list(plain.items())


def test_rows_that_hold_frequent_words_alone_are_passed_over() -> None:
    """Nine of a hundred passages hold the rare word, all hold the frequent one: 9 rows are left of 100."""
    texts = ["少 多" if n % 11 == 1 else "多 别" for n in range(100)]
    base = build([(np.arange(100), texts)])
    norms = np.full(100, 1.2)
    lists = [Weighted(2.0, *base.of("少")), Weighted(0.001, *base.of("多"))]
    assert promising(np.where(np.arange(100) % 11 == 1, 2.0, 0.0), 0.0022, 5).tolist() == list(range(1, 100, 11))
    rows, scores = best_rows(lists, norms, 5)
    assert rows.tolist() == list(range(1, 100, 11))
    assert scores == pytest.approx(2.0 + 0.001)


def test_batches_make_no_difference() -> None:
    texts = ["信息 会议", "会议 会议", "安全 信息", "作风"]
    whole = build([(np.arange(1, 5), texts)])
    pieces = build([(np.array([n]), [text]) for n, text in enumerate(texts, 1)])
    for name in ("terms", "starts", "rows", "counts", "ids", "lengths"):
        assert list(getattr(whole, name)) == list(getattr(pieces, name)), name


@settings(max_examples=60, deadline=None)
@given(first=documents, added=documents, dropped=st.sets(st.integers(1, 24)), terms=questions, limit=st.integers(1, 9))
def test_scores_are_those_of_fts5_also_after_changes(
    tmp_path_factory: pytest.TempPathFactory,
    first: Documents,
    added: Documents,
    dropped: set[int],
    terms: list[str],
    limit: int,
) -> None:
    writer = Writer(tmp_path_factory.mktemp("archive"))
    archive = Archive(writer.folder)
    put(writer, first)
    index = WordsIndex.open(archive)
    same_as_fts5(archive, index, terms, limit)
    put(writer, added)
    drop(writer, sorted(dropped))
    same_as_fts5(archive, WordsIndex.open(archive, index), terms, limit)
    archive.close()
    writer.close()


def made(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The number of passages of every build."""
    seen: list[int] = []
    real = words_index.build

    def counting(batches: object) -> Postings:
        postings = real(batches)  # type: ignore[arg-type]
        seen.append(len(postings.ids))
        return postings

    monkeypatch.setattr(words_index, "build", counting)
    return seen


def test_a_small_change_is_added_and_a_large_one_makes_it_anew(writer: Writer, monkeypatch: pytest.MonkeyPatch) -> None:
    builds = made(monkeypatch)
    put(writer, [["信息", "会议"]] * 100)
    WordsIndex.open(Archive(writer.folder))
    put(writer, [["作风"]] * 3)
    index = WordsIndex.open(Archive(writer.folder))
    assert (builds, list(index.segments.bm25(["作风"], 5))) == ([100, 3], [101, 102, 103])
    put(writer, [["作风"]] * 3)
    WordsIndex.open(Archive(writer.folder))
    assert builds == [100, 3, 106]


def test_an_index_of_a_copy_that_has_grown_apart_is_not_continued(
    writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(writer, [["信息"]] * 100)
    WordsIndex.open(Archive(writer.folder))
    builds = made(monkeypatch)
    with transaction(writer.db):
        writer.db.execute("DELETE FROM meta WHERE key LIKE 'state:%'")
    WordsIndex.open(Archive(writer.folder))
    assert builds == [100]


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-16])


def empty(path: Path) -> None:
    path.write_bytes(b"")


@pytest.mark.parametrize("damage", [Path.unlink, cut, empty])
@pytest.mark.parametrize("which", ["*.postings", words_index.DERIVED.stamp])
def test_a_torn_or_missing_file_is_made_anew(
    writer: Writer, monkeypatch: pytest.MonkeyPatch, damage: object, which: str
) -> None:
    put(writer, [["信息", "会议"], ["会议"]])
    expected = WordsIndex.open(Archive(writer.folder)).segments.bm25(["信息"], 5)
    (path,) = writer.folder.glob(which)
    damage(path)  # type: ignore[operator]
    builds = made(monkeypatch)
    assert WordsIndex.open(Archive(writer.folder)).segments.bm25(["信息"], 5) == expected
    assert WordsIndex.open(Archive(writer.folder)).segments.bm25(["信息"], 5) == expected
    assert builds == [2]


def test_an_archive_without_passages(writer: Writer) -> None:
    assert WordsIndex.open(Archive(writer.folder)).segments.bm25(["信息"], 5) == {}
