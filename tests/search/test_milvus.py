"""The Milvus engine against the embedded one, on Milvus Lite as a file and as a server."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from fakes import FakeEncoder, filler, ingester, speech, write
from hypothesis import given
from hypothesis import strategies as st
from milvus_support import KINDS, milvus, require_pymilvus

from rag.archive.reader import Archive
from rag.config import ROOT
from rag.encoder.load import load_encoder
from rag.errors import ArchiveError, UsageError
from rag.pipeline.run import Ingester
from rag.search.embedded import EmbeddedStore
from rag.search.milvus import migrate as migration
from rag.search.milvus.collection import INDEXES, Collection, expression_of, quoted
from rag.search.milvus.migrate import Migrated, migrate
from rag.search.milvus.sparse import passage_vectors, question_vector, term_number
from rag.search.milvus.store import MilvusStore
from rag.search.retriever import Retriever
from rag.text.words import Analyzer
from rag.types import Filters

NONE = Filters()
FILTERS = (NONE, Filters(years=(2015, 2020)), Filters(genre=("讲话",), years=(2012, 2026)), Filters(place=("县",)))


@pytest.fixture(scope="module", params=KINDS)
def uri(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with milvus(request.param, tmp_path_factory.mktemp("milvus")) as address:
        yield address


@pytest.fixture
def sample(sample_archive: Path, tmp_path: Path) -> Archive:
    """A copy of the sample archive: a migration notes the archive's name in it."""
    return Archive(Path(shutil.copytree(sample_archive, tmp_path / "sample")))


@pytest.fixture
def put(tmp_path: Path, analyzer: Analyzer) -> Ingester:
    one = ingester(tmp_path / "archive", analyzer)
    for n, word in enumerate(FakeEncoder().axes):
        text = speech(f"在{word}县的讲话", filler(word, 30), date=f"20{10 + n}年3月5日")
        one.ingest_file(write(tmp_path / f"{n}.txt", text))
    return one


def questions(count: int) -> list[str]:
    lines = (ROOT / "data" / "eval" / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["query"] for line in lines[:count]]


def overlap(ours: Sequence[int], theirs: Sequence[int]) -> float:
    return len({*ours} & {*theirs}) / len(ours) if ours else float(not theirs)


@pytest.mark.parametrize(("index", "least"), [("FLAT", 0.999), ("HNSW", 0.95)])
def test_hits_are_those_of_the_embedded_engine(
    sample: Archive, uri: str, analyzer: Analyzer, index: str, least: float
) -> None:
    migrate(sample, uri, index)
    encoder = load_encoder()
    engines = EmbeddedStore(sample), MilvusStore.open(sample, uri)
    retrievers = [Retriever(sample, encoder, analyzer, store=store) for store in engines]
    shares: dict[str, list[float]] = {"hits": [], "vectors": [], "words": []}
    for n, question in enumerate(questions(10)):
        filters = FILTERS[n % len(FILTERS)]
        hits = [[hit.passage_id for hit in one.search(question, 10, filters).hits] for one in retrievers]
        vector = encoder.encode_queries([question])[0]
        near = [list(store.dense(vector, 10, filters)()) for store in engines]
        words = [list(store.words(analyzer.query_words(question), 10)) for store in engines]
        for name, (a, b) in zip(shares, (hits, near, words), strict=True):
            shares[name].append(overlap(a, b))
    assert {name: float(np.mean(values)) >= least for name, values in shares.items()} == dict.fromkeys(shares, True)


def test_bm25_of_sparse_vectors_is_that_of_fts5(sample: Archive, uri: str, analyzer: Analyzer) -> None:
    """To the six digits of single precision."""
    migrate(sample, uri, "FLAT")
    ours, theirs = EmbeddedStore(sample), MilvusStore.open(sample, uri)
    for question in questions(6):
        words = analyzer.query_words(question)
        expected, found = ours.words(words, 50), theirs.words(words, 50)
        assert {i: found[i] for i in found if i in expected} == pytest.approx(
            {i: expected[i] for i in found if i in expected}, rel=1e-5
        )
        assert list(found.values()) == pytest.approx(list(expected.values()), rel=1e-5)


def test_a_killed_migration_goes_on_where_it_stopped(put: Ingester, uri: str, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = Archive(put.writer.folder)
    total = archive.count("passages")
    monkeypatch.setattr(migration, "batches", lambda ids: (ids[at : at + 2] for at in range(0, len(ids), 2)))

    class Killed(BaseException):
        """As SIGKILL between two batches: no clean-up of ours runs."""

    def stop(done: int, _: int) -> None:
        if done >= 4:
            raise Killed

    with pytest.raises(Killed):
        migrate(archive, uri, "FLAT", stop)
    with pytest.raises(ArchiveError, match=r"迁移没有完成.*rag migrate --to milvus"):
        MilvusStore.open(archive, uri)
    assert migrate(archive, uri) == Migrated(total, total - 4, 0)
    found = MilvusStore.open(archive, uri).dense(FakeEncoder().encode_queries(["信息"])[0], total, NONE)()
    assert sorted(found) == sorted(archive.passage_ids())
    assert migrate(archive, uri) == Migrated(total, 0, 0)


def test_a_stale_collection_is_refused_and_brought_up_to_date(put: Ingester, uri: str, tmp_path: Path) -> None:
    archive = Archive(put.writer.folder)
    with pytest.raises(ArchiveError, match="还没有迁移到 Milvus"):
        MilvusStore.open(archive, uri)
    migrate(archive, uri, "FLAT")
    store, query = MilvusStore.open(archive, uri), FakeEncoder().encode_queries(["作风"])[0]
    put.ingest_file(write(tmp_path / "0.txt", speech("在新县的讲话", filler("作风", 30), date="2021年3月5日")))
    for ask in (lambda: store.dense(query, 5, NONE)(), lambda: store.words(["作风"], 5)):
        with pytest.raises(ArchiveError, match="有了改动，Milvus 里还是旧的"):
            ask()
    done = migrate(archive, uri)
    assert done.removed > 0
    found = store.dense(query, 50, Filters(years=(2021, 2021)))()
    assert set(found) == set(archive.permitted(Filters(years=(2021, 2021))).tolist())  # type: ignore[union-attr]
    assert set(store.dense(query, 500, NONE)()) == set(archive.passage_ids())


def test_a_correction_reaches_the_filters(put: Ingester, uri: str) -> None:
    archive = Archive(put.writer.folder)
    migrate(archive, uri, "FLAT")
    first = archive.speeches()[0]
    put.writer.correct(first.speech_id, "year", "1999")
    put.writer.correct(first.speech_id, "speaker", '张"三\\%')
    migrate(archive, uri)
    store, query = MilvusStore.open(archive, uri), FakeEncoder().encode_queries(["信息"])[0]
    for filters in (Filters(years=(1999, 1999)), Filters(speaker=('"三\\',)), Filters(speech_ids=(first.speech_id,))):
        assert set(store.dense(query, 50, filters)()) == set(archive.passage_ids([first.id])), filters
    assert store.dense(query, 50, Filters(speaker=('" or id > 0 or speaker == "',)))() == {}


def test_an_unknown_index_is_refused(put: Ingester, uri: str) -> None:
    with pytest.raises(UsageError, match=r"没有「NONSENSE」.*FLAT、HNSW"):
        migrate(Archive(put.writer.folder), uri, "NONSENSE")
    assert set(INDEXES) == {"FLAT", "HNSW"}


def test_nobody_answering_is_one_sentence(put: Ingester, monkeypatch: pytest.MonkeyPatch) -> None:
    require_pymilvus()
    monkeypatch.setattr("rag.search.milvus.collection.CONNECTING_S", 0.2)
    with pytest.raises(UsageError, match=r"连不上 Milvus（http://127.0.0.1:9）"):
        migrate(Archive(put.writer.folder), "http://127.0.0.1:9")


@given(st.text())
def test_strings_are_quoted_so_that_nothing_escapes(value: str) -> None:
    literal = quoted(value)
    assert json.loads(literal) == value
    assert (literal[0], literal[-1]) == ('"', '"')
    assert '"' not in literal[1:-1].replace("\\\\", "").replace('\\"', "")


def test_collections_are_named_by_the_project_alone() -> None:
    with pytest.raises(ValueError, match="drop"):
        Collection(None, "x; drop")


def test_expressions_by_hand(put: Ingester) -> None:
    archive = Archive(put.writer.folder)
    assert expression_of(NONE, archive) == ""
    both = Filters(years=(2010, 2012), speech_ids=('a"b',))
    assert expression_of(both, archive) == 'year >= 2010 and year <= 2012 and speech_id in ["a\\"b"]'
    assert expression_of(Filters(place=("没有的县",)), archive) == "place in []"


def test_sparse_vectors_by_hand() -> None:
    """Lengths 4, 2, 3, mean 3. «信息» twice in the first: 2·2.2/(2 + 1.2·(0.25 + 0.75·4/3)) = 4.4/3.5 = 1.257143;
    IDF = ln((3 − 1 + 0.5)/(1 + 0.5)) = 0.510826; the product is the 0.642181 of test_lexical.py."""
    passage = passage_vectors(["信息 信息 会议 安全", "会议 作风", "安全 作风 作风"], 3.0)[0]
    question = question_vector({"信息": 1, "没有": 0}, 3)
    assert passage[term_number("信息")] == pytest.approx(1.257143, abs=1e-6)
    assert question == {term_number("信息"): pytest.approx(0.510826, abs=1e-6)}
