"""Whole answers over a small archive: verbatim, numbered, honest about what they leave out."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from fakes import FakeEncoder, ingester, speech, write

from rag.answer.compose import Answerer, AnswerSettings
from rag.answer.refusal import NO_EVIDENCE, Threshold
from rag.answer.select import Plan
from rag.archive.connect import transaction
from rag.archive.reader import Archive
from rag.archive.rows import SpeechRow
from rag.archive.writer import WITHDRAWN
from rag.errors import UsageError
from rag.pipeline.run import Ingester
from rag.search.retriever import Retriever
from rag.text.normalize import without_space
from rag.text.words import Analyzer
from rag.types import Answer, Filters, Quote

SAME = "信息报送必须做到不迟报、不漏报、不瞒报，谁出问题追究谁的责任。"
BODIES = {
    "a.txt": [SAME, "信息工作要有专人负责，信息员要选配政治上靠得住的同志。"],
    "b.txt": ["会议开得太多太长，基层干部没有时间下去办事。", SAME],
    "c.txt": ["安全生产责任重于泰山，隐患排查要横向到边、纵向到底。"],
}
LOW = AnswerSettings(threshold=Threshold(passage=0.1))


@pytest.fixture
def put(tmp_path: Path, analyzer: Analyzer) -> Ingester:
    one = ingester(tmp_path / "archive", analyzer)
    for name, body in BODIES.items():
        one.ingest_file(write(tmp_path / name, speech(f"在{name[0]}县的讲话", *body)))
    return one


def answerer(put: Ingester, settings: AnswerSettings = LOW) -> Answerer:
    return Answerer(Retriever(Archive(put.writer.folder), FakeEncoder(), put.analyzer), settings)


def check(answer: Answer, archive: Archive) -> None:
    """Every quotation is verbatim at its place, every number has its citation and every citation is used."""
    citations = {c.n: c.place for c in answer.citations}
    assert list(citations) == list(range(1, len(citations) + 1))
    used = set()
    for point in answer.points:
        assert point.heading
        assert point.quotes
        for quote in point.quotes:
            place = citations[quote.citation]
            one = archive.speech(place.speech_id)
            assert one.text[quote.start : quote.end] == quote.text == one.text[place.start : place.end]
            check_source(quote, one, archive)
            used |= {quote.citation, *quote.also}
            assert quote.citation not in quote.also
    assert used == set(citations)
    assert answer.quotes == sum(len(point.quotes) for point in answer.points)
    assert answer.speeches_cited == len({place.speech_id for place in citations.values()})


def check_source(quote: Quote, one: SpeechRow, archive: Archive) -> None:
    """From the quotation's first source character to its last, whatever is not quoted is on the removal list."""
    source = archive.source_text(one.source_id)
    kept = [
        piece.source + n
        for piece in one.pieces
        for n in range(piece.length)
        if quote.start <= piece.start + n < quote.end
    ]
    removed = {n for r in archive.removals(one.source_id) if r.reason != WITHDRAWN for n in range(r.start, r.end)}
    assert set(range(kept[0], kept[-1] + 1)) == set(kept) | (removed & set(range(kept[0], kept[-1] + 1)))
    assert without_space("".join(source[n] for n in kept)) == without_space(quote.text)


def test_an_answer_is_verbatim_and_numbered_in_reading_order(put: Ingester) -> None:
    answer = answerer(put).ask("信息报送")
    assert answer.answered
    check(answer, Archive(put.writer.folder))
    order = [n for point in answer.points for q in point.quotes for n in (q.citation, *q.also)]
    assert list(dict.fromkeys(order)) == sorted(set(order))


def test_the_same_words_elsewhere_are_a_second_citation_not_a_second_quotation(put: Ingester) -> None:
    bare = AnswerSettings(threshold=LOW.threshold, plan=Plan(cut=0.5, share=2.0))  # sentences without their neighbours
    answer = answerer(put, bare).ask("信息报送")
    check(answer, Archive(put.writer.folder))
    holding = [q for point in answer.points for q in point.quotes if "不瞒报" in q.text]
    assert len(holding) == 1
    files = {c.n: c.place.file for c in answer.citations}
    assert {files[n] for n in (holding[0].citation, *holding[0].also)} == {"a.txt", "b.txt"}
    assert answer.speeches_cited <= answer.speeches_found


def test_a_text_that_was_tampered_with_is_not_shown(put: Ingester, caplog: pytest.LogCaptureFixture) -> None:
    archive = Archive(put.writer.folder)
    (target,) = [one for one in archive.speeches() if one.file == "a.txt"]
    with transaction(put.writer.db):
        tampered = target.text.replace("不瞒报", "可瞒报")
        put.writer.db.execute("UPDATE speeches SET text = ? WHERE id = ?", (tampered, target.id))
    with caplog.at_level(logging.ERROR):
        answer = answerer(put).ask("信息报送")
    shown = "".join(q.text for point in answer.points for q in point.quotes)
    assert "可瞒报" not in shown
    assert "不一致" in caplog.text
    assert "不瞒报" in shown


def test_when_every_quotation_fails_its_check_nothing_is_claimed(put: Ingester) -> None:
    with transaction(put.writer.db):
        put.writer.db.execute("UPDATE speeches SET text = replace(text, '信息', '讯息')")
    answer = answerer(put).ask("信息报送")
    assert answer.points == ()
    assert not answer.answered
    assert answer.notices[0] == NO_EVIDENCE


def test_a_refusal_names_the_nearest_and_quotes_nothing(put: Ingester) -> None:
    strict = AnswerSettings(threshold=Threshold(passage=99.0))
    answer = answerer(put, strict).ask("信息报送")
    assert not answer.answered
    assert (answer.points, answer.citations, answer.quotes, answer.speeches_found) == ((), (), 0, 0)
    assert answer.notices[0] == NO_EVIDENCE
    assert answer.nearest
    assert len(answer.nearest) <= strict.nearest


def test_nothing_at_all_in_the_archive(tmp_path: Path, analyzer: Analyzer) -> None:
    answer = answerer(ingester(tmp_path / "empty", analyzer)).ask("信息报送")
    assert (answer.answered, answer.nearest) == (False, ())


def test_filters_hold_for_quotations_and_further_citations(put: Ingester) -> None:
    archive = Archive(put.writer.folder)
    (only,) = [one.speech_id for one in archive.speeches() if one.file == "b.txt"]
    answer = answerer(put).ask("信息报送", Filters(speech_ids=(only,)))
    assert answer.answered
    assert {c.place.file for c in answer.citations} == {"b.txt"}


def test_a_year_filter_tells_what_it_leaves_out(put: Ingester) -> None:
    answer = answerer(put).ask("信息报送", Filters(years=(2000, 2030)))
    assert not answer.answered
    assert "3 篇年份不明" in answer.notices[-1]


def test_an_empty_question(put: Ingester) -> None:
    with pytest.raises(UsageError):
        answerer(put).ask("  ")


def test_the_same_question_has_the_same_answer(put: Ingester) -> None:
    assert answerer(put).ask("信息报送") == answerer(put).ask("信息报送")


@pytest.mark.parametrize(
    "question", ["他们对信息报送是怎么讲的", "文山会海怎么治", "哪一年开的会", "what did they say about safety", "比喻"]
)
def test_on_the_sample_every_quotation_is_verbatim(sample_archive: Path, analyzer: Analyzer, question: str) -> None:
    from rag.encoder.load import load_encoder

    archive = Archive(sample_archive)
    answer = Answerer(Retriever(archive, load_encoder(), analyzer)).ask(question)
    check(answer, archive)
    assert bool(answer.points) == answer.answered
