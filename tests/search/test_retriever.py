"""Ranked passages, with an encoder whose vectors can be computed in the head."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from fakes import FakeEncoder, ingester, speech, write

from rag.archive.reader import Archive
from rag.errors import ArchiveError, UsageError
from rag.pipeline.run import Ingester
from rag.search.dense import DenseIndex
from rag.search.mix import Weights
from rag.search.retriever import Retriever
from rag.text.words import Analyzer
from rag.types import Filters

COSINE = Weights(passage=1, sentence=0, words=0, pairs=0, coverage=0, best_coverage=0, phrase=0)
BEST = Weights(passage=0, sentence=1, words=0, pairs=0, coverage=0, best_coverage=0, phrase=0)
BODIES = {
    "a.txt": "信息报送要快要准。信息工作人人有责，信息渠道要畅通。",
    "b.txt": "信息是会议的眼睛。会议要开短，信息要报快。",
    "c.txt": "会议多了不行，会议少了也不行。会议的时间要压缩。",
    "d.txt": "安全生产责任重于泰山，安全隐患排查要到边到底。",
}


@pytest.fixture
def put(tmp_path: Path, analyzer: Analyzer) -> Ingester:
    """Four speeches of one passage each; the title, the salutation and the dates hold no word of the axes."""
    one = ingester(tmp_path / "archive", analyzer)
    years = {"a.txt": "2018年3月5日", "b.txt": "2020年3月5日", "c.txt": "2021年3月5日", "d.txt": ""}
    for name, body in BODIES.items():
        one.ingest_file(write(tmp_path / name, speech(f"在{name[0]}县的讲话", body, date=years[name])))
    return one


def retriever(put: Ingester, weights: Weights = COSINE) -> Retriever:
    return Retriever(Archive(put.writer.folder), FakeEncoder(), put.analyzer, weights)


def files(found: Retriever, query: str, filters: Filters | None = None, k: int = 10) -> list[str]:
    return [hit.place.file for hit in found.search(query, k, filters).hits]


def test_scores_by_hand(put: Ingester) -> None:
    """信息 against a: (3,0,0,0)/3 → 1; b: (2,2,0,0)/√8 → 0.7071; c, d: 0, in the order of their passages."""
    hits = retriever(put).search("信息").hits
    assert [(hit.rank, hit.place.file) for hit in hits] == [(1, "a.txt"), (2, "b.txt"), (3, "c.txt"), (4, "d.txt")]
    assert [hit.score for hit in hits] == pytest.approx([1.0, 0.7071, 0.0, 0.0], abs=1e-3)


def test_the_best_sentence_counts(put: Ingester) -> None:
    """会议 in b: its sentences are (1,1) → 0.7071 and (1,1) → 0.7071; c: 1. With the best sentence alone c leads."""
    hits = retriever(put, BEST).search("会议").hits
    assert [hit.place.file for hit in hits[:2]] == ["c.txt", "b.txt"]
    assert [hit.score for hit in hits[:2]] == pytest.approx([1.0, 0.7071], abs=1e-3)
    archive = Archive(put.writer.folder)
    for hit in hits:
        text = archive.speech(hit.place.speech_id).text
        assert text[hit.place.start : hit.place.end] == hit.text
        assert hit.place.start <= hit.best.start < hit.best.end <= hit.place.end


def test_words_are_found_where_vectors_say_nothing(put: Ingester) -> None:
    """The encoder knows no «泰山»: every cosine is 0, BM25 alone decides."""
    hits = retriever(put, Weights(coverage=0, best_coverage=0)).search("泰山").hits
    assert hits[0].place.file == "d.txt"
    assert hits[0].score > hits[1].score


def test_parts_add_up_to_the_score(put: Ingester) -> None:
    weights = Weights(mean_coverage=0.7, window=0.9)
    for hit in retriever(put, weights).search("“信息”工作").hits:
        parts = dict(hit.scores)
        words = parts["words"] / (weights.saturation + parts["words"])
        total = (
            parts["passage"]
            + parts["sentence"]
            + weights.words * words
            + weights.coverage * parts["coverage"]
            + weights.best_coverage * parts["best_coverage"]
            + weights.mean_coverage * parts["mean_coverage"]
            + weights.window * parts["window"]
            + weights.phrase * parts["phrase"]
        )
        assert hit.score == pytest.approx(total, abs=1e-3)


def test_k_cuts(put: Ingester) -> None:
    assert files(retriever(put), "信息", k=2) == ["a.txt", "b.txt"]


def test_phrases_must_occur_verbatim(put: Ingester) -> None:
    assert files(retriever(put), '信息 "会议要开短"') == ["b.txt"]
    assert files(retriever(put), "「会议要开短，」") == ["b.txt"]
    assert files(retriever(put), "信息 「会议要开短，」")[0] == "b.txt"
    assert files(retriever(put), '"会议" "信息"') == ["b.txt"]
    assert files(retriever(put), '"短会议"') == []


def test_preferred_phrases_raise_but_do_not_filter(put: Ingester) -> None:
    """Cosines to (1, 1): b 1, c 0.7071; the phrase adds 1 to c."""
    with_phrase = Weights(**{**COSINE.__dict__, "phrase": 1})
    hits = retriever(put, with_phrase).search("信息「会议的时间」").hits
    assert [hit.place.file for hit in hits[:2]] == ["c.txt", "b.txt"]
    assert [hit.score for hit in hits[:2]] == pytest.approx([1.7071, 1.0], abs=1e-3)
    assert len(hits) == 4


def test_excluded_words_must_not_occur(put: Ingester) -> None:
    assert files(retriever(put), "信息 -会议") == ["a.txt", "d.txt"]
    assert files(retriever(put), "信息 -“人人有责”") == ["b.txt", "c.txt", "d.txt"]


def test_filters(put: Ingester) -> None:
    found = retriever(put)
    assert files(found, "信息", Filters(years=(2018, 2020))) == ["a.txt", "b.txt"]
    assert files(found, "信息", Filters(years=(2021, 2021))) == ["c.txt"]
    assert files(found, "信息", Filters(contains="会议")) == ["b.txt", "c.txt"]
    assert files(found, "信息", Filters(contains="会议", years=(2018, 2020))) == ["b.txt"]
    assert files(found, "信息", Filters(speaker=("没有这个人",))) == []
    speech_id = found.search("安全").hits[0].place.speech_id
    assert files(found, "信息", Filters(speech_ids=(speech_id,))) == ["d.txt"]


def test_a_year_filter_says_how_many_undated_speeches_it_leaves_out(put: Ingester) -> None:
    found = retriever(put)
    assert found.search("信息", 10, Filters(years=(2018, 2020))).undated_left_out == 1
    assert found.search("信息").undated_left_out == 0


def test_copies_collapse_and_are_all_named(put: Ingester, tmp_path: Path) -> None:
    copy = speech("在a县的讲话", BODIES["a.txt"].replace("，", "、"), date="2018年3月5日")
    for name in ("copy1.txt", "copy2.txt"):
        put.ingest_file(write(tmp_path / name, copy))
    first, *others = retriever(put).search("信息").hits
    assert {first.place.file, *(place.file for place in first.duplicates)} == {"a.txt", "copy1.txt", "copy2.txt"}
    assert [hit.place.file for hit in others] == ["b.txt", "c.txt", "d.txt"]
    archive = Archive(put.writer.folder)
    for place in first.duplicates:
        assert "信息报送" in archive.speech(place.speech_id).text[place.start : place.end]


def test_changes_are_seen_at_once(put: Ingester, tmp_path: Path) -> None:
    found = retriever(put)
    assert files(found, "作风") [:1] != ["e.txt"]  # fmt: skip
    put.ingest_file(write(tmp_path / "e.txt", speech("在e县的讲话", "作风建设永远在路上，作风要实。")))
    assert files(found, "作风")[0] == "e.txt"
    (source,) = [one for one in Archive(put.writer.folder).sources() if one.display == "e.txt"]
    put.writer.remove_source(source.id)
    assert "e.txt" not in files(found, "作风")


def test_a_file_replaced_under_the_same_row_ids_shows_its_new_text(put: Ingester, tmp_path: Path) -> None:
    """SQLite gives the freed ids of the last speech and passage to the new ones: nothing old may be remembered."""
    found = retriever(put)
    assert found.search("安全").hits[0].text.endswith(BODIES["d.txt"])
    body = "安全第一预防为主，安全责任要落实到人。"
    put.ingest_file(write(tmp_path / "d.txt", speech("在d县的讲话", body)))
    hit = found.search("安全").hits[0]
    assert hit.text.endswith(body)
    assert hit.score == pytest.approx(1.0, abs=1e-3)


def test_a_correction_shows_in_the_next_result(put: Ingester) -> None:
    found = retriever(put)
    hit = found.search("安全").hits[0]
    put.writer.correct(hit.place.speech_id, "title", "改过的题名")
    assert found.search("安全").hits[0].place.title == "改过的题名"


def test_searching_while_files_come_and_go(put: Ingester, tmp_path: Path) -> None:
    """Every result is of one state of the archive: the text shown is always the text of the speech it is cited from."""
    found = retriever(put, Weights())
    stop, failures = threading.Event(), list[BaseException]()

    def search() -> None:
        try:
            while not stop.is_set():
                for hit in found.search("信息 安全").hits:
                    assert any(body in hit.text for body in (*BODIES.values(), *bodies)), hit.text
        except BaseException as error:
            failures.append(error)

    bodies = [f"安全生产第{n}条{'信息' * n}要落实到人，责任到岗。" for n in range(1, 12)]
    threads = [threading.Thread(target=search) for _ in range(3)]
    for thread in threads:
        thread.start()
    try:
        for body in bodies:
            put.ingest_file(write(tmp_path / "d.txt", speech("在d县的讲话", body)))
            put.ingest_file(write(tmp_path / "e.txt", speech("在e县的讲话", body + "完。")))
            (source,) = [one for one in Archive(put.writer.folder).sources() if one.display == "e.txt"]
            put.writer.remove_source(source.id)
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert failures == []


def test_an_encoder_that_the_vectors_are_not_from(put: Ingester) -> None:
    with pytest.raises(ArchiveError, match=r"≠.*reindex"):
        Retriever(Archive(put.writer.folder), FakeEncoder(("信息",)), put.analyzer)


def test_bad_queries_are_refused(put: Ingester) -> None:
    with pytest.raises(UsageError):
        retriever(put).search("-会议")


def test_an_empty_archive_has_no_hits(tmp_path: Path, analyzer: Analyzer) -> None:
    ingester(tmp_path / "empty", analyzer)
    found = Retriever(Archive(tmp_path / "empty"), FakeEncoder(), analyzer)
    assert found.search("信息").hits == ()


def test_what_was_prepared_is_not_read_again_by_the_first_question(
    put: Ingester, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = retriever(put)
    found.prepare()
    monkeypatch.setattr(Archive, "frequent_words", lambda *_: pytest.fail("the archive's words are read again"))
    monkeypatch.setattr(DenseIndex, "open", lambda *_: pytest.fail("the index is opened again"))
    assert files(found, "薪息报送", k=1) == ["a.txt"]


def test_an_empty_archive_can_be_prepared(tmp_path: Path, analyzer: Analyzer) -> None:
    one = ingester(tmp_path / "archive", analyzer)
    found = retriever(one)
    found.prepare()
    assert files(found, "信息") == []
