"""Putting, replacing, withdrawing and correcting, through the ingester that everyone uses."""

from __future__ import annotations

from pathlib import Path

import pytest
from fakes import FakeEncoder, filler, ingester, speech, write

from rag.archive.reader import CORRECTED, Archive
from rag.archive.writer import WITHDRAWN, Writer
from rag.errors import ArchiveError, UsageError
from rag.pipeline.run import Ingester
from rag.text.words import Analyzer

COLLECTION = "办公室讲话精选3篇\n" + "".join(
    f"第{n}篇：{title}\n同志们：\n{filler(subject)}\n"
    for n, (title, subject) in enumerate([("抓信息", "信息"), ("开会议", "会议"), ("保安全", "安全")], 1)
)


@pytest.fixture
def put(tmp_path: Path, analyzer: Analyzer) -> Ingester:
    return ingester(tmp_path / "archive", analyzer)


@pytest.fixture
def collection(put: Ingester, tmp_path: Path) -> list[str]:
    report = put.ingest_file(write(tmp_path / "精选.txt", COLLECTION))
    assert report.speeches == 3
    return list(report.speech_ids)


def read(put: Ingester) -> Archive:
    return Archive(put.writer.folder)


def test_every_source_character_is_in_a_speech_or_on_the_removal_list_once(
    put: Ingester, collection: list[str]
) -> None:
    archive = read(put)
    (source,) = archive.sources()
    covered = [0] * len(archive.source_text(source.id))
    for one in archive.speeches():
        for piece in one.pieces:
            for n in range(piece.source, piece.source + piece.length):
                covered[n] += 1
    for removal in archive.removals(source.id):
        for n in range(removal.start, removal.end):
            covered[n] += 1
    assert set(covered) == {1}


def test_withdrawing_moves_a_speech_to_the_removal_list_and_keeps_it_out(
    put: Ingester, collection: list[str], tmp_path: Path
) -> None:
    archive = read(put)
    text = archive.speech(collection[1]).text
    put.writer.withdraw(collection[1])
    assert [one.speech_id for one in archive.speeches()] == [collection[0], collection[2]]
    (source,) = archive.sources()
    withdrawn = "".join(
        archive.source_text(source.id)[r.start : r.end] for r in archive.removals(source.id) if r.reason == WITHDRAWN
    )
    assert withdrawn == text.replace("\n", "")
    for table in ("words", "pairs"):
        (hits,) = archive.db.execute(f"SELECT count(*) FROM {table} WHERE {table} MATCH '会议'").fetchone()
        assert hits == 0
    report = put.ingest_file(write(tmp_path / "精选.txt", COLLECTION + "又添了一句话，说的是别的事情。\n"))
    assert collection[1] not in report.speech_ids
    assert (report.status, report.speeches) == ("updated", 2)
    assert report.passages == archive.count("passages")


def test_withdrawing_the_only_speech_removes_the_file(put: Ingester, tmp_path: Path) -> None:
    report = put.ingest_file(write(tmp_path / "a.txt", speech("信息工作讲话", filler("信息"))))
    put.writer.withdraw(report.speech_ids[0])
    archive = read(put)
    assert (archive.count("sources"), archive.count("speeches"), archive.count("passages")) == (0, 0, 0)


def test_removing_a_file_leaves_nothing_of_it_to_be_found(put: Ingester, collection: list[str]) -> None:
    archive = read(put)
    (source,) = archive.sources()
    assert put.writer.remove_source(source.id) == 3
    for table in ("sources", "speeches", "passages"):
        assert archive.count(table) == 0
    for table in ("words", "pairs", "removals"):
        assert archive.db.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)
    gone = archive.retired(collection[0])
    assert gone is not None
    assert "信息" in gone.text


def test_a_removed_file_that_comes_back_has_its_old_ids_and_is_no_longer_retired(
    put: Ingester, collection: list[str], tmp_path: Path
) -> None:
    put.writer.remove_source(read(put).sources()[0].id)
    report = put.ingest_file(tmp_path / "精选.txt")
    assert list(report.speech_ids) == collection
    assert [read(put).retired(one) for one in collection] == [None] * 3


def test_corrections_show_at_once_and_outlive_reingestion(put: Ingester, collection: list[str], tmp_path: Path) -> None:
    put.writer.correct(collection[0], "speaker", " 张三 ")
    put.writer.correct(collection[0], "year", "2019")
    write(tmp_path / "精选.txt", COLLECTION + "又添了一句话，说的是别的事情。\n")
    for _ in range(2):
        one = read(put).speech(collection[0])
        assert (one.metadata["speaker"].value, one.metadata["speaker"].where) == ("张三", CORRECTED)
        assert one.year == 2019
        assert read(put).facet("year") == [(2019, 1)]
        put.ingest_file(tmp_path / "精选.txt")


def test_emptying_a_correction_makes_the_value_unknown(put: Ingester, collection: list[str]) -> None:
    put.writer.correct(collection[0], "year", "2019")
    put.writer.correct(collection[0], "year", "")
    one = read(put).speech(collection[0])
    assert (one.year, one.metadata["year"].where) == (None, CORRECTED)
    assert read(put).undated() == 3


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("year", "二〇一九", "四位数字"),
        ("year", "99", "四位数字"),
        ("year", "2101", "四位数字"),
        ("title", " ", "不能为空"),
        ("speech_id", "x", "没有「speech_id」这一项"),
        ("title = '' --", "x", "这一项"),
    ],
)
def test_bad_corrections_are_refused(
    put: Ingester, collection: list[str], field: str, value: str, message: str
) -> None:
    before = read(put).generation
    with pytest.raises(UsageError, match=message):
        put.writer.correct(collection[0], field, value)
    assert read(put).generation == before


def test_correcting_and_withdrawing_unknown_speeches(put: Ingester) -> None:
    for act in (lambda: put.writer.correct("no", "title", "x"), lambda: put.writer.withdraw("no")):
        with pytest.raises(UsageError, match="没有编号为 no 的讲话"):
            act()


def test_a_correction_follows_its_edited_speech_and_no_other(
    put: Ingester, collection: list[str], tmp_path: Path
) -> None:
    """Two speeches change at once: each correction goes to the speech that continues its own."""
    put.writer.correct(collection[0], "speaker", "甲")
    put.writer.correct(collection[1], "speaker", "乙")
    edited = COLLECTION.replace("信息抓紧信息第0件", "信息抓紧信息头一件").replace(
        "会议抓紧会议第0件", "会议抓紧会议头一件"
    )
    report = put.ingest_file(write(tmp_path / "精选.txt", edited))
    assert [a == b for a, b in zip(report.speech_ids, collection, strict=True)] == [False, False, True]
    speakers = [read(put).speech(one).metadata["speaker"].value for one in report.speech_ids]
    assert speakers[:2] == ["甲", "乙"]
    assert set(read(put).corrections()) == set(report.speech_ids[:2])


def test_a_correction_does_not_go_to_an_unrelated_speech_of_the_same_file_name(put: Ingester, tmp_path: Path) -> None:
    path = write(tmp_path / "a.txt", speech("信息工作讲话", filler("信息工作")))
    (old,) = put.ingest_file(path).speech_ids
    put.writer.correct(old, "speaker", "张三")
    (new,) = put.ingest_file(write(path, speech("安全生产讲话", filler("安全生产")))).speech_ids
    assert read(put).speech(new).metadata["speaker"].value != "张三"
    assert read(put).corrections() == {old: {"speaker": "张三"}}


def test_vectors_of_two_encoders_never_mix(put: Ingester, collection: list[str], tmp_path: Path) -> None:
    other = FakeEncoder(("信息", "会议"))
    with pytest.raises(ArchiveError, match=rf"{FakeEncoder().fingerprint} ≠ {other.fingerprint}.*reindex"):
        Ingester(Writer(put.writer.folder), other, put.analyzer)


def test_ingestion_stops_when_another_process_changes_the_encoder(
    put: Ingester, collection: list[str], tmp_path: Path
) -> None:
    other = FakeEncoder(("信息", "会议"))
    Writer(put.writer.folder).change_encoder("other", other.fingerprint, 2, None)
    with pytest.raises(ArchiveError, match=r"另一个程序.*更换"):
        put.ingest_file(write(tmp_path / "new.txt", speech("安全讲话", filler("安全"))))
    assert read(put).count("sources") == 1


def test_feedback_is_kept(put: Ingester) -> None:
    put.writer.add_feedback("问题", "useful", {"quote": "原话"})
    rows = put.writer.db.execute("SELECT question, verdict, detail FROM feedback").fetchall()
    assert rows == [("问题", "useful", '{"quote": "原话"}')]
