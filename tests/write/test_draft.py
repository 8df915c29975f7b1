"""对稿 from end to end with the shipped encoder; and that nothing of a draft stays anywhere."""

from __future__ import annotations

import hashlib
import io
import logging
import sys
from pathlib import Path

import pytest
from fakes import FakeEncoder

from rag.archive.reader import Archive
from rag.cli.main import main
from rag.errors import ReadError, UsageError
from rag.session import Session
from rag.text.words import Analyzer
from rag.types import Span
from rag.write.draft import LONGEST, check_draft, draft_file, pasted, share, uploaded
from rag.write.precedent import closest, least_closeness

SAID = "信息员背后站着办公室，办公室背后站着市委，谁因为如实报告情况给信息员穿小鞋，我们就把谁的名字写进下一期信息里。"
STRANGE = "木星的大红斑是一个持续了几百年的反气旋风暴，里面装得下好几个地球。"
LIKE = "谁要是因为信息员讲了真话就打击报复，我们就通报谁。"
SECRET = "绝密草稿里独有的一串怪字：魑魅魍魉饕餮龘靐"


@pytest.fixture(scope="module")
def session(sample_archive: Path) -> Session:
    return Session.open(sample_archive)


def test_each_sentence_gets_its_verdict(session: Session) -> None:
    text = f"同志们：\n{SAID}\n{SAID.replace('市委', '县委').replace('写进', '印在')}\n{LIKE}\n{STRANGE}\n"
    report = check_draft(session.retriever, pasted(text))
    assert [one.status for one in report.sentences] == ["unjudged", "verbatim", "altered", "precedent", "no-precedent"]
    assert all(text[one.span.start : one.span.end] == one.text for one in report.sentences)
    like = report.sentences[3].nearest
    assert like is not None
    assert session.archive.speech(like.place.speech_id).text[like.place.start : like.place.end] == like.text
    assert [report.count(name) for name in ("verbatim", "no-precedent")] == [1, 1]


def test_the_closest_sentence_of_a_sentence_is_itself(session: Session) -> None:
    found = closest(session.retriever, SAID)
    assert found is not None
    assert "信息员背后站着办公室" in found.text
    assert found.closeness > 0.95


def test_without_a_calibrated_encoder_nothing_is_called_unprecedented() -> None:
    assert least_closeness(FakeEncoder()) is None


def test_an_uploaded_file_is_read_and_cleaned_like_any_other(analyzer: Analyzer, tmp_path: Path) -> None:
    lines = "在全市会议上的讲话\n同志们：\n" + "这是同一个自然段里被硬折断的一行文字没有标\n点要接回去才能看。\n" * 3
    draft = uploaded(lines.encode("gb18030"), "稿子.txt", analyzer)
    (tmp_path / "稿子.txt").write_bytes(lines.encode("gb18030"))
    assert draft_file(tmp_path / "稿子.txt", analyzer) == draft
    assert "在全市会议上的讲话" in draft.text


def test_what_cannot_be_checked_is_refused_in_one_sentence(analyzer: Analyzer, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="稿子是空的"):
        pasted(" \n。")
    with pytest.raises(UsageError, match="稿子过长"):
        pasted("长" * (LONGEST + 1))
    with pytest.raises(ReadError, match=r"^稿子\.docx：") as caught:
        uploaded(b"", "稿子.docx", analyzer)
    assert caught.value.reason == "empty"
    with pytest.raises(ReadError, match=r"^没有\.txt：文件不存在"):
        draft_file(tmp_path / "没有.txt", analyzer)


def test_shares_count_letters_only() -> None:
    assert share("甲乙，丙丁。", Span(0, 6), [Span(0, 3)]) == 0.5
    assert share("，。", Span(0, 2), [Span(0, 2)]) == 0.0


def digests(folder: Path) -> dict[str, str]:
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir() if "-shm" not in path.name
    }


def test_nothing_of_a_draft_is_stored_or_logged(
    sample_archive: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The archive's files are the same bytes as before, and neither they, the logs nor the temporary folder know the draft."""
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    archive = Archive(sample_archive)
    archive.close()
    before, generation = digests(sample_archive), archive.generation
    with caplog.at_level(logging.DEBUG):
        report = check_draft(Session.open(sample_archive).retriever, pasted(f"{SECRET}。\n{SAID}"))
    assert report.sentences[0].text.startswith(SECRET)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(f"{SECRET}。".encode())))
    assert main(["check-draft", "-", "--archive", str(sample_archive)]) == 0
    assert digests(sample_archive) == before
    assert archive.generation == generation
    assert "魑魅魍魉" not in caplog.text
    assert not any("魑魅魍魉".encode() in path.read_bytes() for path in sample_archive.iterdir())
    assert list(temporary.rglob("*")) == []
