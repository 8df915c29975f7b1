"""What ingestion reports of each file, and what it keeps when files change, move and come back."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from fakes import FakeEncoder, filler, ingester, speech, write

from rag.archive.reader import Archive
from rag.archive.writer import Writer
from rag.config import Settings
from rag.ingest.readers.limits import ReadLimits
from rag.pipeline import run as module
from rag.pipeline import workers
from rag.pipeline.report import FileReport
from rag.pipeline.run import Ingester
from rag.text.words import Analyzer

ONE = speech("信息工作讲话", filler("信息"))
TWO = speech("安全工作讲话", filler("安全"))


@pytest.fixture
def put(tmp_path: Path, analyzer: Analyzer) -> Ingester:
    return ingester(tmp_path / "archive", analyzer)


def read(put: Ingester) -> Archive:
    return Archive(put.writer.folder)


def collection(*parts: tuple[str, str]) -> str:
    members = "".join(f"第{n}篇\n{title}\n同志们：\n{body}\n" for n, (title, body) in enumerate(parts, 1))
    return f"讲话精选{len(parts)}篇\n{members}"


def test_added_unchanged_updated(put: Ingester, tmp_path: Path) -> None:
    path = write(tmp_path / "a.txt", ONE)
    added = put.ingest_file(path)
    assert (added.status, added.speeches, added.reason, added.chars) == ("added", 1, None, len(ONE))
    assert added.passages == read(put).count("passages") > 0
    generation = read(put).generation
    unchanged = put.ingest_file(path)
    assert (unchanged.status, unchanged.speech_ids) == ("unchanged", added.speech_ids)
    assert (unchanged.speeches, unchanged.passages) == (1, added.passages)
    assert read(put).generation == generation
    updated = put.ingest_file(write(path, TWO))
    assert (updated.status, updated.speeches) == ("updated", 1)
    assert updated.speech_ids != added.speech_ids
    assert [one.title for one in read(put).speeches()] == ["安全工作讲话"]


def test_an_unchanged_file_is_not_encoded_again(put: Ingester, tmp_path: Path) -> None:
    put.ingest_file(write(tmp_path / "a.txt", ONE))
    assert isinstance(put.encoder, FakeEncoder)
    texts = put.encoder.texts
    put.ingest_file(tmp_path / "a.txt")
    assert put.encoder.texts == texts


def test_one_bad_file_does_not_stop_the_others(put: Ingester, tmp_path: Path) -> None:
    write(tmp_path / "in" / "a.txt", ONE)
    write(tmp_path / "in" / "b.txt", "")
    (tmp_path / "in" / "c.pdf").write_bytes(b"%PDF-1.7 broken")
    write(tmp_path / "in" / "d.mp4", "x")
    write(tmp_path / "in" / "e.txt", TWO)
    seen: list[tuple[int, int, str]] = []

    def progress(done: int, total: int, one: FileReport) -> None:
        seen.append((done, total, one.status))

    report = put.ingest_paths([tmp_path / "in", tmp_path / "none.txt"], progress)
    assert [one.status for one in report.files] == ["added", "failed", "failed", "skipped", "added", "failed"]
    assert [one.reason for one in report.files] == [None, "empty", "damaged", "unsupported", None, "missing"]
    assert all(one.message and "\n" not in one.message for one in report.files if one.reason)
    assert [done for done, _, _ in seen] == [1, 2, 3, 4, 5, 6]
    assert {total for _, total, _ in seen} == {6}
    assert report.failed
    assert (report.speeches, read(put).count("speeches")) == (2, 2)


def test_a_fault_of_ours_costs_one_file_only(put: Ingester, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    take_apart = workers.prepare

    def faulty(data: bytes, name: str, encoder: FakeEncoder, analyzer: Analyzer) -> object:
        if name == "a.txt":
            raise RecursionError("too deep")
        return take_apart(data, name, encoder, analyzer)

    monkeypatch.setattr(workers, "prepare", faulty)
    report = put.ingest_paths([write(tmp_path / "a.txt", ONE), write(tmp_path / "b.txt", TWO)])
    assert [(one.status, one.reason) for one in report.files] == [("failed", "internal"), ("added", None)]
    assert "RecursionError：too deep" in str(report.files[0].message)


def test_a_changed_file_that_became_unreadable_keeps_its_old_speeches(put: Ingester, tmp_path: Path) -> None:
    path = write(tmp_path / "a.txt", ONE)
    before = put.ingest_file(path)
    assert put.ingest_file(write(path, " \n")).status == "failed"
    assert [one.speech_id for one in read(put).speeches()] == list(before.speech_ids)


def test_a_moved_file_keeps_its_key_and_ids(put: Ingester, tmp_path: Path) -> None:
    path = write(tmp_path / "old" / "a.txt", ONE)
    before = put.ingest_file(path)
    (tmp_path / "new").mkdir()
    path.rename(tmp_path / "new" / "b.txt")
    after = put.ingest_file(tmp_path / "new" / "b.txt")
    assert (after.status, after.speech_ids) == ("unchanged", before.speech_ids)
    (source,) = read(put).sources()
    assert (source.display, source.path) == ("b.txt", (tmp_path / "new" / "b.txt").resolve().as_posix())
    changed = put.ingest_file(write(tmp_path / "new" / "b.txt", TWO))
    assert changed.status == "updated"
    assert changed.speech_ids[0].split(".")[0] == before.speech_ids[0].split(".")[0]


def test_a_copy_is_a_second_source(put: Ingester, tmp_path: Path) -> None:
    first = put.ingest_file(write(tmp_path / "x" / "a.txt", ONE))
    second = put.ingest_file(write(tmp_path / "y" / "a.txt", ONE))
    assert second.status == "added"
    assert set(first.speech_ids).isdisjoint(second.speech_ids)
    assert len(read(put).twins()) == 2
    assert second.notes == ("第1篇《信息工作讲话》与 a.txt 第1篇《信息工作讲话》内容相同",)


def test_namesakes_with_other_contents_stay_apart(put: Ingester, tmp_path: Path) -> None:
    for folder, text in (("x", ONE), ("y", TWO)):
        assert put.ingest_file(write(tmp_path / folder / "a.txt", text)).status == "added"
    changed = put.ingest_file(write(tmp_path / "y" / "a.txt", speech("会议工作讲话", filler("会议"))))
    assert changed.status == "updated"
    assert {one.title for one in read(put).speeches()} == {"信息工作讲话", "会议工作讲话"}


def test_speeches_that_stayed_the_same_keep_their_ids(put: Ingester, tmp_path: Path) -> None:
    a, b, c = ("抓信息", filler("信息")), ("开会议", filler("会议")), ("保安全", filler("安全"))
    path = tmp_path / "精选.txt"
    before = put.ingest_file(write(path, collection(a, b, c))).speech_ids
    assert len(before) == 3
    after = put.ingest_file(write(path, collection(b, ("改作风", filler("作风")), a))).speech_ids
    assert (after[0], after[2]) == (before[1], before[0])
    assert after[1] not in before
    gone = read(put).retired(before[2])
    assert gone is not None
    assert gone.text.endswith(filler("安全"))


def test_a_text_that_stands_twice_in_one_file_is_two_speeches_named_as_twins(put: Ingester, tmp_path: Path) -> None:
    a, b = ("抓信息", filler("信息")), ("开会议", filler("会议"))
    report = put.ingest_file(write(tmp_path / "精选.txt", collection(a, b, a)))
    assert report.speeches == 3
    assert report.speech_ids[2] == f"{report.speech_ids[0]}.2"
    (note,) = [note for note in report.notes if "内容相同" in note]
    first, _, third = (read(put).speech(one).title for one in report.speech_ids)
    assert note == f"第1篇《{first}》与 精选.txt 第3篇《{third}》内容相同"


def test_an_upload_replaces_the_upload_of_its_name(put: Ingester) -> None:
    first = put.ingest_upload("讲话.txt", ONE.encode())
    again = put.ingest_upload("C:\\temp\\讲话.txt", ONE.encode())
    other = put.ingest_upload("../../讲话.txt", TWO.encode())
    assert [one.status for one in (first, again, other)] == ["added", "unchanged", "updated"]
    (source,) = read(put).sources()
    assert (source.path, source.display) == ("upload:讲话.txt", "讲话.txt")


def test_an_upload_is_not_taken_for_a_file_that_moved(put: Ingester, tmp_path: Path) -> None:
    """Uploads have no file on disk; a file with the same content is a copy, not the upload in a new place."""
    put.ingest_upload("讲话.txt", ONE.encode())
    assert put.ingest_file(write(tmp_path / "讲话.txt", ONE)).status == "added"
    assert read(put).count("sources") == 2


def test_other_settings_ingest_an_unchanged_file_again(put: Ingester, tmp_path: Path) -> None:
    before = put.ingest_file(write(tmp_path / "a.txt", ONE))
    put.writer.correct(before.speech_ids[0], "speaker", "张三")
    newer = Settings(ingest_version=Settings().ingest_version + 1)
    again = Ingester(Writer(put.writer.folder), FakeEncoder(), put.analyzer, newer)
    after = again.ingest_file(tmp_path / "a.txt")
    assert (after.status, after.speech_ids) == ("updated", before.speech_ids)
    assert read(put).speech(after.speech_ids[0]).metadata["speaker"].value == "张三"
    assert again.ingest_file(tmp_path / "a.txt").status == "unchanged"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes")
def test_a_pipe_is_not_waited_for(put: Ingester, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.txt")
    report = put.ingest_file(tmp_path / "a.txt")
    assert (report.status, report.reason) == ("failed", "unreadable")


def test_an_oversized_file_is_not_read(put: Ingester, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path / "a.txt", ONE)
    monkeypatch.setattr(module, "DEFAULT_LIMITS", ReadLimits(max_bytes=100))
    monkeypatch.setattr(Path, "read_bytes", lambda path: pytest.fail("was read"))
    report = put.ingest_file(path)
    assert (report.status, report.reason) == ("failed", "oversized")


@pytest.mark.skipif(os.name == "nt", reason="file names are Unicode there")
def test_a_file_whose_name_is_no_utf8_goes_in(put: Ingester, tmp_path: Path) -> None:
    path = os.path.join(os.fsencode(tmp_path), "讲话.txt".encode("gb18030"))
    try:
        with open(path, "wb") as stream:
            stream.write(ONE.encode())
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    report = put.ingest_paths([tmp_path])
    ours = next(one for one in report.files if one.file.endswith("讲话.txt"))
    assert ours.status == "added"
    assert [source.display for source in read(put).sources()] == ["讲话.txt"]
    assert put.ingest_file(Path(os.fsdecode(path))).status == "unchanged"
