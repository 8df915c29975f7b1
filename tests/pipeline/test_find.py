"""Which files a set of paths means."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from fakes import write

from rag.pipeline.find import find_files, readable
from rag.pipeline.report import FAILED, SKIPPED, FileReport


def split(found: list[Path | FileReport]) -> tuple[list[str], list[FileReport]]:
    files = [item.name for item in found if isinstance(item, Path)]
    return files, [item for item in found if isinstance(item, FileReport)]


def test_folders_are_walked_in_a_stable_order_without_hidden_files(tmp_path: Path) -> None:
    for name in ("b.txt", "a.md", "z/c.txt", ".hidden.txt", ".git/d.txt", "~$lock.docx"):
        write(tmp_path / name, "x")
    files, reports = split(list(find_files([tmp_path])))
    assert files == ["a.md", "b.txt", "c.txt"]
    assert reports == []


def test_unsupported_files_in_folders_are_named_but_one_given_outright_is_tried(tmp_path: Path) -> None:
    path = write(tmp_path / "movie.mp4", "x")
    files, reports = split(list(find_files([tmp_path])))
    assert files == []
    assert [(one.file, one.status, one.reason) for one in reports] == [(str(path), SKIPPED, "unsupported")]
    assert ".mp4" in str(reports[0].message)
    assert list(find_files([path])) == [path]


def test_a_missing_path(tmp_path: Path) -> None:
    (one,) = split(list(find_files([tmp_path / "none.txt"])))[1]
    assert (one.status, one.reason) == (FAILED, "missing")


def test_a_path_that_the_system_refuses_is_a_report(tmp_path: Path) -> None:
    (one,) = split(list(find_files([tmp_path / ("长" * 300)])))[1]
    assert (one.status, one.reason) == (FAILED, "unreadable")


def test_a_folder_that_cannot_be_listed_is_not_passed_over_in_silence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "closed" / "a.txt", "x")
    write(tmp_path / "open" / "b.txt", "x")
    scandir = os.scandir

    def refuse(path: str | Path) -> object:
        if Path(path).name == "closed":
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    files, reports = split(list(find_files([tmp_path])))
    assert files == ["b.txt"]
    assert [(one.file, one.reason) for one in reports] == [(str(tmp_path / "closed"), "unreadable")]


@pytest.mark.skipif(not hasattr(os, "symlink"), reason="needs links")
def test_links_that_lead_out_are_not_followed(tmp_path: Path) -> None:
    secret = write(tmp_path / "secret" / "s.txt", "x")
    folder = tmp_path / "in"
    inside = write(folder / "a.txt", "x")
    (folder / "out.txt").symlink_to(secret)
    (folder / "again.txt").symlink_to(inside)
    (folder / "folder").symlink_to(secret.parent)
    files, reports = split(list(find_files([folder])))
    assert files == ["a.txt", "again.txt"]
    assert [one.reason for one in reports] == ["outside"]


def test_names_in_an_old_encoding_can_be_shown() -> None:
    assert readable(Path(os.fsdecode("讲话.txt".encode("gb18030")))) == "讲话.txt"
    assert readable(Path("讲话.txt")) == "讲话.txt"
