"""The quarantine: each content once, all or nothing, and what is thrown away is gone from the disk."""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from rag.archive.connect import FILE
from rag.archive.reader import Archive
from rag.archive.rows import FileInfo
from rag.archive.writer import Writer
from rag.errors import ArchiveError, UsageError

SECRET = ("钥匙由两个人分开保管。" * 1000).encode()


def info(path: str, data: bytes) -> FileInfo:
    one = Path(path)
    return FileInfo(path, one.name, one.parent.name, hashlib.sha256(data).hexdigest(), data)


def audit(writer: Writer) -> list[tuple[str, str, str]]:
    return writer.db.execute("SELECT action, target, detail FROM audit ORDER BY id").fetchall()


@pytest.fixture
def writer(tmp_path: Path) -> Writer:
    return Writer(tmp_path)


def test_a_held_file_comes_back_as_it_came(writer: Writer, tmp_path: Path) -> None:
    held = info("/in/会议/a.txt", SECRET)
    number = writer.hold(held, "机密★1年")
    assert number == 1
    assert writer.held(number) == held
    (row,) = Archive(tmp_path).held()
    assert (row.id, row.path, row.name, row.mark, row.size) == (1, "/in/会议/a.txt", "a.txt", "机密★1年", len(SECRET))
    assert audit(writer) == [("quarantine", "a.txt", "机密★1年")]


def test_an_upload_has_no_folder(writer: Writer) -> None:
    number = writer.hold(FileInfo("upload:a.txt", "a.txt", "", hashlib.sha256(SECRET).hexdigest(), SECRET), "机密")
    assert number
    assert writer.held(number).folder == ""


def test_the_same_bytes_are_held_once_whatever_their_name(writer: Writer, tmp_path: Path) -> None:
    assert writer.hold(info("/in/a.txt", SECRET), "机密") == writer.hold(info("/in/b.txt", SECRET), "机密") == 1
    assert [one.name for one in Archive(tmp_path).held()] == ["a.txt"]
    assert audit(writer)[-1] == ("refuse", "b.txt", "机密")


def test_holding_and_discarding_are_no_change_of_the_contents(writer: Writer, tmp_path: Path) -> None:
    writer.hold(info("/in/a.txt", SECRET), "机密")
    writer.discard([1])
    assert Archive(tmp_path).generation == 0


def test_a_number_is_never_given_again(writer: Writer) -> None:
    assert writer.hold(info("/in/a.txt", SECRET), "机密") == 1
    writer.discard([1])
    assert writer.hold(info("/in/a.txt", SECRET), "机密") == 2


def test_discarding_is_logged_and_returns_what_went(writer: Writer, tmp_path: Path) -> None:
    for n in range(3):
        writer.hold(info(f"/in/{n}.txt", SECRET + bytes([n])), "秘密★")
    assert [one.name for one in writer.discard([3, 1, 3])] == ["2.txt", "0.txt"]
    assert [one.name for one in Archive(tmp_path).held()] == ["1.txt"]
    assert audit(writer)[-2:] == [("discard", "2.txt", "秘密★"), ("discard", "0.txt", "秘密★")]


def test_discarding_an_unknown_number_keeps_them_all(writer: Writer, tmp_path: Path) -> None:
    writer.hold(info("/in/a.txt", SECRET), "机密")
    with pytest.raises(UsageError, match=r"没有编号为 7 的文件.*python -m rag quarantine"):
        writer.discard([1, 7])
    assert [one.id for one in Archive(tmp_path).held()] == [1]
    assert [action for action, _, _ in audit(writer)] == ["quarantine"]
    with pytest.raises(UsageError, match="没有编号为 7"):
        writer.held(7)


def test_what_is_discarded_is_gone_from_the_disk(writer: Writer, tmp_path: Path) -> None:
    writer.hold(info("/in/a.txt", SECRET), "机密")
    writer.close()  # the bytes go from the log into the archive's own file
    part = SECRET[:60]
    assert part in (tmp_path / FILE).read_bytes()
    writer = Writer(tmp_path)
    writer.db.execute("PRAGMA secure_delete = OFF")
    writer.hold(info("/in/b.txt", SECRET + b"b"), "机密")  # of this one they are in the log
    writer.discard([1, 2])
    assert not any(part in path.read_bytes() for path in tmp_path.iterdir())


def test_a_file_and_its_entry_in_the_log_come_together(
    writer: Writer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise sqlite3.OperationalError("disk I/O error")

    monkeypatch.setattr(Writer, "audit", refuse)
    with pytest.raises(ArchiveError, match="disk I/O error"):
        writer.hold(info("/in/a.txt", SECRET), "机密")
    assert Archive(tmp_path).held() == []
    with closing(sqlite3.connect(tmp_path / FILE)) as db:
        assert db.execute("SELECT count(*) FROM audit").fetchone() == (0,)
