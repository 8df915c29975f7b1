"""Which archive is used, and the fingerprint of the settings."""

from __future__ import annotations

import sqlite3
from dataclasses import fields, replace
from pathlib import Path

import pytest

from rag import config
from rag.archive.writer import Writer
from rag.cli.main import main
from rag.config import Settings, archive_folder


@pytest.fixture(autouse=True)
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """An index folder of the test's own: (default, sample), neither there yet."""
    default, sample = tmp_path / "default", tmp_path / "sample"
    monkeypatch.setattr(config, "DEFAULT_ARCHIVE", default)
    monkeypatch.setattr(config, "SAMPLE_ARCHIVE", sample)
    monkeypatch.delenv("YANJU_ARCHIVE", raising=False)
    return default, sample


def fill(folder: Path) -> None:
    writer = Writer(folder)
    writer.db.execute("PRAGMA foreign_keys = OFF")
    columns = (
        "key, path, name, folder, sha256, bytes, format, text, pages, generated, notes, settings, added_at, changed_at"
    )
    writer.db.execute(f"INSERT INTO sources ({columns}) VALUES ({','.join(['?'] * 14)})", ["x"] * 14)
    writer.close()


def test_the_sample_while_the_users_own_is_missing_or_empty(folders: tuple[Path, Path]) -> None:
    default, sample = folders
    assert archive_folder(None) == default
    fill(sample)
    assert archive_folder(None) == sample
    Writer(default).close()
    assert archive_folder(None) == sample
    fill(default)
    assert archive_folder(None) == default


def test_writing_never_goes_to_the_sample(folders: tuple[Path, Path]) -> None:
    fill(folders[1])
    assert archive_folder(None, writing=True) == folders[0]


def test_a_damaged_archive_is_not_taken_for_an_empty_one(folders: tuple[Path, Path]) -> None:
    fill(folders[1])
    folders[0].mkdir()
    (folders[0] / "archive.sqlite").write_bytes(b"garbage" * 999)
    assert archive_folder(None) == folders[0]


def test_a_locked_archive_is_not_taken_for_an_empty_one(folders: tuple[Path, Path]) -> None:
    fill(folders[0])
    fill(folders[1])
    holder = sqlite3.connect(folders[0] / "archive.sqlite", isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    assert archive_folder(None) == folders[0]
    holder.close()


def test_what_is_named_wins(folders: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    fill(folders[1])
    monkeypatch.setenv("YANJU_ARCHIVE", "named")
    assert archive_folder(None) == archive_folder(None, writing=True) == Path("named")
    assert archive_folder("chosen") == Path("chosen")


def test_an_ingestion_that_finds_nothing_does_not_hide_the_sample(
    folders: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fill(folders[1])
    assert main(["ingest", str(tmp_path / "none.txt")]) == 1
    assert "文件不存在" in capsys.readouterr().out
    assert archive_folder(None) == folders[1]


@pytest.mark.parametrize("field", [field.name for field in fields(Settings)])
def test_every_setting_changes_the_fingerprint(field: str) -> None:
    changed = replace(Settings(), **{field: getattr(Settings(), field) + 1})
    assert changed.fingerprint != Settings().fingerprint
    assert len(changed.fingerprint) == 12
    assert Settings().fingerprint == Settings().fingerprint


@pytest.mark.parametrize(
    ("environment", "system", "installed", "expected"),
    [
        ({}, "linux", False, config.ROOT),
        ({"XDG_DATA_HOME": "/data"}, "linux", False, config.ROOT),
        ({"YANJU_HOME": "/srv/yanju"}, "linux", False, Path("/srv/yanju")),
        ({"YANJU_HOME": "/srv/yanju"}, "darwin", True, Path("/srv/yanju")),
        ({"YANJU_HOME": ""}, "linux", True, Path.home() / ".local" / "share" / "yanju"),
        ({"XDG_DATA_HOME": "/data"}, "linux", True, Path("/data/yanju")),
        ({"LOCALAPPDATA": "/Users/a/AppData/Local"}, "win32", True, Path("/Users/a/AppData/Local/yanju")),
        ({}, "win32", True, Path.home() / "AppData" / "Local" / "yanju"),
        ({}, "darwin", True, Path.home() / "Library" / "Application Support" / "yanju"),
    ],
)
def test_archives_live_in_the_checkout_or_with_the_user(
    environment: dict[str, str], system: str, installed: bool, expected: Path
) -> None:
    assert config.home(environment, system, installed) == expected
