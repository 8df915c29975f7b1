"""Every kind of damage is found; what is derived is made anew, the same as before."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from fakes import FakeEncoder, filler, ingester, speech, write

from rag.archive.reader import Archive
from rag.archive.writer import Writer
from rag.errors import EncoderError
from rag.pipeline.finding import Finding
from rag.pipeline.repair import repair_archive
from rag.pipeline.verify import coverage_fault, verify_archive
from rag.pipeline.verify_speech import passage_fault, piece_fault
from rag.search.retriever import Retriever
from rag.text.words import Analyzer
from rag.types import Passage, Piece, Span

FIRST = "(SELECT min(id) FROM passages)"

REPAIRABLE = {
    "words gone": ("words", f"DELETE FROM words WHERE rowid = {FIRST}"),
    "all words gone": ("words", "DELETE FROM words"),
    "words of another text": ("words", f"UPDATE words SET tokens = '别的' WHERE rowid = {FIRST}"),
    "pairs gone": ("pairs", f"DELETE FROM pairs WHERE rowid = {FIRST}"),
    "surplus words": ("surplus", "INSERT INTO words (rowid, tokens) VALUES (99999, '信息 信息 信息')"),
    "surplus pairs": ("surplus", "INSERT INTO pairs (rowid, tokens) VALUES (99999, '信息')"),
    "no vector": ("vectors", f"UPDATE passages SET vector = NULL WHERE id = {FIRST}"),
    "no sentence vectors": ("vectors", f"UPDATE passages SET sentence_vectors = NULL WHERE id = {FIRST}"),
    "short vector": ("vectors", f"UPDATE passages SET vector = x'0000' WHERE id = {FIRST}"),
    "odd vector": ("vectors", f"UPDATE passages SET vector = x'00' WHERE id = {FIRST}"),
    "vector of nonsense": ("vectors", f"UPDATE passages SET vector = x'ff7fff7fff7fff7f' WHERE id = {FIRST}"),
    "vector too long": ("vectors", f"UPDATE passages SET vector = x'0044004400440044' WHERE id = {FIRST}"),
    "dimension": ("vectors", "DELETE FROM meta WHERE key = 'encoder_dimension'"),
    "speech hash": ("speech-hash", "UPDATE speeches SET content_hash = 'x' WHERE id = 1"),
    "passage hash": ("passage-hash", f"UPDATE passages SET content_hash = 'x' WHERE id = {FIRST}"),
    "orphaned passages": (
        "foreign-keys",
        "INSERT INTO passages (speech, start, \"end\", section, sentences, content_hash) VALUES (99, 0, 1, '[]', '[]', '')",
    ),
    "orphaned removals": ("foreign-keys", "INSERT INTO removals VALUES (99, 0, 1, 'x')"),
    "torn full text": ("full-text", "UPDATE words_data SET block = x'00000000' WHERE id > 10"),
    "full text of other words": ("full-text", "UPDATE pairs_content SET c0 = '别的' WHERE id = 1"),
}
FROM_ORIGINAL = {
    "text": ("text", "UPDATE speeches SET text = replace(text, '抓紧', '放松') WHERE id = 1"),
    "text and source": ("pieces", "UPDATE sources SET text = replace(text, '抓紧', '放松') WHERE id = 1"),
    "pieces shifted": ("pieces", "UPDATE speeches SET pieces = '[[0,1,5]]' WHERE id = 1"),
    "pieces unreadable": ("pieces", "UPDATE speeches SET pieces = '[[0' WHERE id = 1"),
    "pieces of something else": ("pieces", "UPDATE speeches SET pieces = '[[\"a\",1,5]]' WHERE id = 1"),
    "removals gone": ("coverage", "DELETE FROM removals"),
    "removed twice": ("coverage", "INSERT INTO removals VALUES (1, 3, 5, 'x')"),
    "sections outside": ("sections", "UPDATE speeches SET sections = '[[\"cn\",1,\"一、\",\"一\",0,2,99999,null]]'"),
    "sections not nested": (
        "sections",
        'UPDATE speeches SET sections = \'[["cn",1,"一、","一",0,2,9,null],["cn",2,"1.","1",8,9,12,0]]\'',
    ),
    "sections unreadable": ("sections", "UPDATE speeches SET sections = '[1]'"),
    "passage outside": ("passages", 'UPDATE passages SET "end" = 99999 WHERE id = 1'),
    "passage gone": ("passages", "DELETE FROM passages WHERE id = 1"),
    "sentences outside": ("passages", "UPDATE passages SET sentences = '[0,99999]' WHERE id = 1"),
    "sentences unreadable": ("passages", "UPDATE passages SET sentences = '[0' WHERE id = 1"),
}  # fmt: skip
ORIGINAL_GONE = "UPDATE sources SET bytes = x'00'"
BEYOND_REPAIR = {
    "bytes": ("sha256", "UPDATE sources SET bytes = x'00' WHERE id = 1"),
    "file of a speech gone": ("foreign-keys", "DELETE FROM sources WHERE id = 1"),
    "undecodable": ("source", "UPDATE sources SET text = CAST(x'ff' AS TEXT) WHERE id = 1"),
}  # fmt: skip


@pytest.fixture(scope="module")
def pristine(tmp_path_factory: pytest.TempPathFactory, analyzer: Analyzer) -> Path:
    """Three speeches. Not to be changed."""
    base = tmp_path_factory.mktemp("verify")
    one = ingester(base / "archive", analyzer)
    for n, subject in enumerate(("信息", "会议", "安全")):
        text = speech(f"{subject}讲话", "一、抓紧工作", filler(subject, 30), "下载文档", "二、落实责任", filler("作风"))
        one.ingest_file(write(base / f"{n}.txt", text))
    one.writer.close()
    return base / "archive"


@pytest.fixture
def folder(pristine: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(pristine, tmp_path / "archive"))


def damage(folder: Path, statement: str) -> None:
    with closing(sqlite3.connect(folder / "archive.sqlite", isolation_level=None)) as db:
        db.execute(statement)


def found(folder: Path, analyzer: Analyzer) -> list[Finding]:
    archive = Archive(folder)
    try:
        return list(verify_archive(archive, analyzer))
    finally:
        archive.close()


def repair(folder: Path, analyzer: Analyzer, findings: list[Finding]) -> None:
    writer = Writer(folder)
    repair_archive(Archive(folder), writer, analyzer, FakeEncoder, findings)
    writer.close()


def answers(folder: Path, analyzer: Analyzer) -> list[list[tuple[object, str, float]]]:
    retriever = Retriever(Archive(folder), FakeEncoder(), analyzer)
    questions = ("信息抓紧落实", "会议通报", '安全 "部署安全"', "作风")
    return [[(h.place, h.text, h.score) for h in retriever.search(q, 10).hits] for q in questions]


def said(answers: list[list[tuple[object, str, float]]]) -> list[list[tuple[str, float]]]:
    """Texts and scores: of what is equal in these, that ingested earlier comes first, and stands for the others."""
    return [sorted((text, score) for _, text, score in one) for one in answers]


def test_a_clean_archive_is_clean(pristine: Path, analyzer: Analyzer) -> None:
    seen: list[tuple[int, int]] = []
    assert list(verify_archive(Archive(pristine), analyzer, lambda n, total: seen.append((n, total)))) == []
    assert seen == [(1, 3), (2, 3), (3, 3)]


def test_the_sample_is_clean(sample_archive: Path, analyzer: Analyzer) -> None:
    assert found(sample_archive, analyzer) == []


def test_a_speech_that_was_withdrawn_is_no_fault(tmp_path: Path, analyzer: Analyzer) -> None:
    one = ingester(tmp_path / "archive", analyzer)
    parts = [f"篇{n}：\n{speech(f'第{n}次讲话', filler(s))}" for n, s in ((1, "信息"), (2, "会议"), (3, "安全"))]
    ids = one.ingest_file(write(tmp_path / "a.txt", "讲话精选3篇\n" + "\n".join(parts))).speech_ids
    assert len(ids) == 3
    one.writer.withdraw(ids[1])
    assert found(tmp_path / "archive", analyzer) == []


@pytest.mark.parametrize("name", REPAIRABLE)
def test_what_is_derived_is_found_and_made_anew(folder: Path, analyzer: Analyzer, name: str) -> None:
    before = answers(folder, analyzer)
    check, statement = REPAIRABLE[name]
    damage(folder, statement)
    findings = found(folder, analyzer)
    assert check in {finding.check for finding in findings}
    assert all(finding.repairable for finding in findings)
    for _ in range(2):  # torn full text may hide what its rows lack
        repair(folder, analyzer, findings)
        findings = found(folder, analyzer)
    assert findings == []
    assert answers(folder, analyzer) == before


@pytest.mark.parametrize("name", FROM_ORIGINAL)
def test_speeches_are_made_anew_from_the_stored_original(folder: Path, analyzer: Analyzer, name: str) -> None:
    before, ids = said(answers(folder, analyzer)), [one.speech_id for one in Archive(folder).speeches()]
    check, statement = FROM_ORIGINAL[name]
    damage(folder, statement)
    findings = found(folder, analyzer)
    assert check in {finding.check for finding in findings}
    assert all(finding.repairable for finding in findings)
    repair(folder, analyzer, findings)
    assert found(folder, analyzer) == []
    assert said(answers(folder, analyzer)) == before
    assert [one.speech_id for one in Archive(folder).speeches()] == ids


def test_corrections_outlive_that(folder: Path, analyzer: Analyzer) -> None:
    writer = Writer(folder)
    speech_id = Archive(folder).speeches()[0].speech_id
    writer.correct(speech_id, "speaker", "张三")
    writer.close()
    damage(folder, FROM_ORIGINAL["text"][1])
    repair(folder, analyzer, found(folder, analyzer))
    assert found(folder, analyzer) == []
    assert Archive(folder).speech(speech_id).metadata["speaker"].value == "张三"


@pytest.mark.parametrize("name", [*FROM_ORIGINAL, *BEYOND_REPAIR])
def test_what_ingestion_alone_can_make_is_named_with_the_way_out(folder: Path, analyzer: Analyzer, name: str) -> None:
    check, statement = (FROM_ORIGINAL | BEYOND_REPAIR)[name]
    damage(folder, statement)
    if name in FROM_ORIGINAL:
        damage(folder, ORIGINAL_GONE)
    before = [one for one in found(folder, analyzer) if one.check == check and not one.repairable]
    assert before
    assert all("备份" in one.message for one in before)
    repair(folder, analyzer, found(folder, analyzer))
    assert [one for one in found(folder, analyzer) if one.check == check] == before


def test_an_index_of_the_database_is_made_anew(folder: Path, analyzer: Analyzer) -> None:
    damage(folder, "PRAGMA journal_mode = DELETE")
    with closing(sqlite3.connect(folder / "archive.sqlite", isolation_level=None)) as db:
        db.execute("PRAGMA writable_schema = ON")
        db.execute(
            "UPDATE sqlite_master SET sql = replace(sql, 'content_hash', 'title') WHERE name = 'speeches_content'"
        )
    (finding,) = found(folder, analyzer)
    assert (finding.check, finding.target, finding.repairable) == ("sqlite", "speeches_content", True)
    repair(folder, analyzer, [finding])
    assert found(folder, analyzer) == []


def test_a_damaged_page_ends_the_verification(folder: Path, analyzer: Analyzer) -> None:
    with closing(sqlite3.connect(folder / "archive.sqlite")) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (page,) = db.execute("SELECT rootpage FROM sqlite_master WHERE name = 'sources'").fetchone()
        (size,) = db.execute("PRAGMA page_size").fetchone()
    content = bytearray((folder / "archive.sqlite").read_bytes())
    content[(page - 1) * size : page * size] = b"\xff" * size
    (folder / "archive.sqlite").write_bytes(content)
    (finding,) = found(folder, analyzer)
    assert (finding.check, finding.repairable) == ("sqlite", False)
    assert "备份" in finding.message


def test_without_its_encoder_all_else_is_repaired(folder: Path, analyzer: Analyzer) -> None:
    damage(folder, f"UPDATE passages SET vector = NULL, content_hash = 'x' WHERE id = {FIRST}")

    def absent() -> FakeEncoder:
        raise EncoderError("模型不在")

    with pytest.raises(EncoderError):
        repair_archive(Archive(folder), Writer(folder), analyzer, absent, found(folder, analyzer))
    assert [finding.check for finding in found(folder, analyzer)] == ["vectors"]


def test_coverage_by_hand() -> None:
    assert coverage_fault([Span(2, 5), Span(0, 2)], 5) is None
    assert coverage_fault([], 0) is None
    assert coverage_fault([Span(0, 2), Span(3, 5)], 5) == "原文第 2–3 字没有归属"
    assert coverage_fault([Span(0, 2)], 5) == "原文第 2–5 字没有归属"
    assert coverage_fault([Span(0, 3), Span(2, 5)], 5) == "原文第 2–5 字归属重复或超出原文（5 字）"
    assert coverage_fault([Span(0, 5), Span(6, 7)], 5) == "原文第 6–7 字归属重复或超出原文（5 字）"


def test_pieces_by_hand() -> None:
    assert piece_fault("甲乙\n丙", [Piece(0, 1, 2), Piece(3, 4, 1)], "x甲乙y丙") is None
    assert piece_fault("甲乙丁丙", [Piece(0, 1, 2), Piece(3, 4, 1)], "x甲乙y丙") == "正文第 2–3 字不在来源中"
    assert piece_fault("甲乙", [Piece(0, 0, 2)], "甲丙") == "正文第 0–2 字与来源不一致"
    assert piece_fault("甲", [Piece(0, 0, 1), Piece(0, 0, 1)], "甲") == "正文第 0 字处与来源的对应关系错乱"


def test_passages_by_hand() -> None:
    one, two = Passage(0, 2, (), (Span(0, 2),)), Passage(3, 5, (), (Span(3, 4), Span(4, 5)))
    assert passage_fault([one, two], "甲乙\n丙丁", 0) is None
    assert passage_fault([two], "甲乙\n丙丁", None) is None
    assert passage_fault([two], "甲乙\n丙丁", 0) == "第 0–3 字没有段落"
    assert passage_fault([one], "甲乙\n丙丁", 0) == "第 2–5 字没有段落"
    assert passage_fault([one, one], "甲乙", 0) == "第 0–2 字有重复的段落"
    assert passage_fault([Passage(0, 2, (), (Span(0, 2), Span(1, 2)))], "甲乙", 0) == "句子 1–2 不在段落 0–2 之内"
