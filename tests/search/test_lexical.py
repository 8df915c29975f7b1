"""BM25 against an independent implementation, and phrases against plain string search."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest
from fakes import ingester, speech, write
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.archive.reader import Archive
from rag.archive.writer import Writer
from rag.errors import ArchiveError
from rag.search import lexical
from rag.search.lexical import bm25, containing, pair_scores, word_scores
from rag.text.normalize import normalize
from rag.text.words import Analyzer

LETTERS = ["信息", "会议", "安全", "作风", "5g", "abc"]


def archive_of(folder: Path, documents: Sequence[Sequence[str]]) -> Archive:
    """An archive whose lexical table has these documents, from row id 1."""
    writer = Writer(folder)
    writer.db.execute("DELETE FROM words")
    for n, words in enumerate(documents, 1):
        writer.db.execute("INSERT INTO words (rowid, tokens) VALUES (?, ?)", (n, " ".join(words)))
    writer.close()
    return Archive(folder)


def textbook(documents: Sequence[Sequence[str]], terms: Sequence[str]) -> dict[int, float]:
    """Robertson & Zaragoza's BM25 with FTS5's choices: IDF ln((N−n+½)/(n+½)), never below 0.000001; k1 1.2, b 0.75."""
    count, mean = len(documents), sum(map(len, documents)) / max(1, len(documents))
    out: dict[int, float] = {}
    for n, words in enumerate(documents, 1):
        frequencies, total = Counter(words), 0.0
        for term in terms:
            holding = sum(term in document for document in documents)
            idf = max(math.log((count - holding + 0.5) / (holding + 0.5)), 1e-6)
            f = frequencies[term]
            total += idf * f * 2.2 / (f + 1.2 * (0.25 + 0.75 * len(words) / mean))
        if any(frequencies[term] for term in terms):
            out[n] = total
    return out


def test_three_documents_by_hand(tmp_path: Path) -> None:
    """N = 3, lengths 4, 2, 3, mean 3. «信息» stands in the first only, twice:
    IDF = ln((3 − 1 + 0.5)/(1 + 0.5)) = ln(5/3) = 0.510826;
    score = 0.510826 · 2·2.2 / (2 + 1.2·(0.25 + 0.75·4/3)) = 0.510826 · 4.4/3.5 = 0.642181."""
    archive = archive_of(tmp_path, [["信息", "信息", "会议", "安全"], ["会议", "作风"], ["安全", "作风", "作风"]])
    assert bm25(archive, "words", ["信息"], 10) == {1: pytest.approx(0.642181, abs=1e-6)}


def test_a_word_in_most_documents_counts_next_to_nothing_but_is_found(tmp_path: Path) -> None:
    """In 2 of 3: ln(1.5/2.5) < 0, so FTS5 takes 0.000001."""
    found = bm25(archive_of(tmp_path, [["会议"], ["会议"], ["安全"]]), "words", ["会议"], 10)
    assert sorted(found) == [1, 2]
    assert all(0 < score < 1e-5 for score in found.values())


@settings(max_examples=60, deadline=None)
@given(
    documents=st.lists(
        st.lists(st.sampled_from(["信息", "会议", "安全", "作风", "甲", "乙"]), min_size=1), min_size=1, max_size=12
    ),
    terms=st.lists(st.sampled_from(["信息", "会议", "甲", "丙"]), min_size=1, max_size=3, unique=True),
)
def test_scores_are_those_of_the_textbook(
    tmp_path_factory: pytest.TempPathFactory, documents: list[list[str]], terms: list[str]
) -> None:
    archive = archive_of(tmp_path_factory.getbasetemp() / "lexical", documents)
    expected = textbook(documents, terms)
    found = bm25(archive, "words", terms, 100)
    archive.close()
    assert found == {n: pytest.approx(score, rel=1e-6) for n, score in expected.items()}
    assert list(found.values()) == sorted(found.values(), reverse=True)


def test_scores_are_those_of_bm25s(tmp_path: Path) -> None:
    """Its «robertson» variant has FTS5's formula without the constant factor k1 + 1 = 2.2."""
    bm25s = pytest.importorskip("bm25s")
    documents = [["信息"] * (n % 3) + ["会议"] * (n % 4) + ["安全"] * 3 + [f"w{n}"] * (1 + n % 5) for n in range(14)]
    documents[0].append("作风")
    documents[7] += ["作风", "作风"]
    model = bm25s.BM25(method="robertson", k1=1.2, b=0.75)
    model.index(documents, show_progress=False)
    theirs = model.get_scores(["作风", "w3"])
    ours = bm25(archive_of(tmp_path, documents), "words", ["作风", "w3"], 100)
    assert len(ours) == 3
    assert ours == {n: pytest.approx(theirs[n - 1] * 2.2, rel=1e-5) for n in range(1, 15) if theirs[n - 1]}


def test_limit_keeps_the_best(tmp_path: Path) -> None:
    archive = archive_of(
        tmp_path, [["甲", "信息"], ["信息", "信息"], ["乙", "丙", "丁", "信息"], ["戊"], ["己"], ["庚"], ["辛"], ["壬"]]
    )
    assert list(bm25(archive, "words", ["信息"], 2)) == [2, 1]


@pytest.mark.parametrize(
    "term", ['"', "NEAR(", "a OR b", "信息*", "words:", "-", "^信息", "'; DROP TABLE words; --", "(", "AND"]
)
def test_terms_are_never_syntax(tmp_path: Path, term: str) -> None:
    archive = archive_of(tmp_path, [["信息"], ["会议"]])
    assert bm25(archive, "words", [term, "会议"], 10).keys() <= {1, 2}
    assert archive.db.execute("SELECT count(*) FROM words").fetchone() == (2,)


def test_nothing_asked_nothing_found_and_tables_are_whitelisted(tmp_path: Path) -> None:
    archive = archive_of(tmp_path, [["信息"]])
    assert bm25(archive, "words", [], 10) == {}
    with pytest.raises(ValueError, match="no such lexical table"):
        bm25(archive, "meta", ["信息"], 10)


def test_a_damaged_index_is_an_archive_error(tmp_path: Path) -> None:
    archive = archive_of(tmp_path, [["信息"]])
    archive.db.execute("DROP TABLE words_data")
    with pytest.raises(ArchiveError, match="全文索引无法读取"):
        bm25(archive, "words", ["信息"], 10)


@pytest.fixture(scope="module")
def texts(tmp_path_factory: pytest.TempPathFactory, analyzer: Analyzer) -> Archive:
    folder = tmp_path_factory.mktemp("phrases")
    put = ingester(folder / "archive", analyzer)
    for n, body in enumerate(
        [
            "坚持以人民为中心。一、水利工作要抓紧，二、防汛要落实到每一个村。",
            "节约用水。会议强调，要用好５Ｇ网络，投资1500万元，完成率98.5%。",
            "水利部门开会研究信息报送，OpenAI 的办法不能照搬，要求：提高质量。",
            "要求提高，质量不变；信息，报送。中一、水管要换。",
        ]
    ):
        put.ingest_file(write(folder / f"{n}.txt", speech(f"第{n}次会上的讲话", body)))
    return Archive(folder / "archive")


def holding(archive: Archive, phrase: str) -> set[int]:
    """Passages that contain a phrase, by plain string search."""
    speeches = {one.id: one.text for one in archive.speeches()}
    rows = archive.passages(archive.passage_ids()).values()
    return {row.id for row in rows if normalize(phrase) in normalize(speeches[row.speech][row.start : row.end])}


@pytest.mark.parametrize(
    "phrase",
    ["水", "用水", "水利", "一、水利", "水。", "落实到每一", "信息报送", "信息，报送", "5G", "５g网络", "98.5", "要求：提高", "1500", "1500万元", "每", "村", "以人民为中心。一"],
)  # fmt: skip
def test_phrases_are_found_wherever_plain_search_finds_them(texts: Archive, phrase: str) -> None:
    expected = holding(texts, phrase)
    assert expected
    assert expected <= set(containing(texts, phrase, 100))


def test_every_short_slice_of_the_texts_is_found(texts: Archive) -> None:
    """All slices of 1 to 6 characters that start and end with a Chinese character."""
    for one in texts.speeches():
        for start in range(len(one.text)):
            for end in range(start + 1, min(start + 7, len(one.text) + 1)):
                phrase = one.text[start:end]
                if all("一" <= c <= "鿿" for c in (phrase[0], phrase[-1])) and "\n" not in phrase:
                    assert holding(texts, phrase) <= set(containing(texts, phrase, 100)), phrase


def test_phrases_that_do_not_occur(texts: Archive) -> None:
    assert containing(texts, "水信", 100) == {}
    assert containing(texts, "，。", 100) == {}
    assert containing(texts, "", 100) == {}


def test_question_words_and_pairs(texts: Archive, analyzer: Analyzer) -> None:
    assert set(word_scores(texts, analyzer, "信息报送", 10)) >= holding(texts, "信息报送")
    assert word_scores(texts, analyzer, "", 10) == {}
    assert set(pair_scores(texts, "防汛", 10)) == holding(texts, "防汛")
    assert lexical.MAX_TERMS >= 20
