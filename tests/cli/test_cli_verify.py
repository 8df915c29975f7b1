"""`python -m rag verify`: statuses, JSON, and repairs that change no answer."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest

Rag = Callable[..., "subprocess.CompletedProcess[str]"]
STAMP = "passages.json"


@pytest.fixture
def folder(archive: Path, here: Rag, tmp_path: Path) -> Path:
    """A copy of the archive with its vector index."""
    copy = Path(shutil.copytree(archive, tmp_path / "archive"))
    searched(here, copy)
    return copy


def searched(here: Rag, folder: Path) -> Any:
    done = here("search", "信息报送 安全生产", "--archive", folder, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def damage(folder: Path, *statements: str) -> None:
    with closing(sqlite3.connect(folder / "archive.sqlite", isolation_level=None)) as db:
        for statement in statements:
            db.execute(statement)


def verified(run: Rag, folder: Path, *options: str, status: int = 0) -> Any:
    done = run("verify", *options, "--archive", folder, "--json")
    assert done.returncode == status, done.stderr
    result = json.loads(done.stdout)
    assert result["clean"] == (status == 0) == (not result["findings"])
    for finding in result["findings"] + result["fixed"]:
        assert set(finding) == {"check", "target", "message", "repairable"}
    assert result["repaired"] == len(result["fixed"])
    return result


def test_clean(rag: Rag, here: Rag, folder: Path) -> None:
    assert verified(rag, folder) == {"clean": True, "findings": [], "repaired": 0, "fixed": []}
    assert verified(here, folder, "--repair")["repaired"] == 0
    assert here("verify", "--archive", folder).stdout == "档案完好。\n"


def test_verifying_changes_nothing(rag: Rag, folder: Path) -> None:
    damage(folder, "DELETE FROM words")
    with closing(sqlite3.connect(folder / "archive.sqlite")) as db:
        before = db.execute("PRAGMA data_version").fetchall()
        verified(rag, folder, status=1)
        assert db.execute("PRAGMA data_version").fetchall() == before


def test_many_damages_are_repaired_at_once(rag: Rag, here: Rag, folder: Path) -> None:
    before = searched(here, folder)
    damage(
        folder,
        "DELETE FROM words WHERE rowid = 1",
        "DELETE FROM pairs WHERE rowid = 2",
        "INSERT INTO words (rowid, tokens) VALUES (99, '信息')",
        "UPDATE passages SET vector = NULL, content_hash = ''",
        "UPDATE pairs_data SET block = x'00000000' WHERE id > 10",
    )
    found = verified(here, folder, status=1)
    assert {one["check"] for one in found["findings"]} >= {"words", "surplus", "vectors", "full-text", "passage-hash"}
    repaired = verified(rag, folder, "--repair")
    assert repaired["repaired"] >= len(found["findings"])
    assert verified(here, folder)["clean"]
    assert searched(here, folder) == before


def index_file(folder: Path) -> Path:
    (path,) = folder.glob("*.faiss")
    return path


def other_vectors(folder: Path) -> None:
    import faiss

    index = faiss.read_index(str(index_file(folder)))
    count, dimension = index.ntotal, index.d
    other = faiss.IndexIDMap2(faiss.IndexFlatIP(dimension))
    other.add_with_ids(np.ones((count, dimension), dtype=np.float32), faiss.vector_to_array(index.id_map))
    faiss.write_index(other, str(index_file(folder)))


FAISS_DAMAGE: dict[str, Callable[[Path], object]] = {
    "torn": lambda folder: index_file(folder).write_bytes(index_file(folder).read_bytes()[:200]),
    "empty": lambda folder: index_file(folder).write_bytes(b""),
    "garbage": lambda folder: index_file(folder).write_bytes(b"garbage" * 500),
    "gone": lambda folder: index_file(folder).unlink(),
    "other vectors": other_vectors,
    "stamp torn": lambda folder: (folder / STAMP).write_text("{"),
    "stamp of something else": lambda folder: (folder / STAMP).write_text("[]"),
    "other encoder": lambda folder: (folder / STAMP).write_text(
        json.dumps(json.loads((folder / STAMP).read_text()) | {"encoder": "x"})
    ),
}


@pytest.mark.parametrize("name", FAISS_DAMAGE)
def test_a_vector_index_that_does_not_fit(here: Rag, folder: Path, name: str) -> None:
    before = searched(here, folder)
    FAISS_DAMAGE[name](folder)
    (finding,) = verified(here, folder, status=1)["findings"]
    assert (finding["check"], finding["repairable"]) == ("faiss", True)
    assert verified(here, folder, "--repair")["fixed"] == [finding]
    assert len(list(folder.glob("*.faiss"))) == 1
    assert searched(here, folder) == before


def test_an_index_not_yet_made_or_of_an_earlier_state_or_program_is_no_fault(here: Rag, folder: Path) -> None:
    stamp = json.loads((folder / STAMP).read_text())
    (folder / STAMP).write_text(json.dumps(stamp | {"version": stamp["version"] - 1}))
    verified(here, folder)
    damage(folder, "UPDATE meta SET value = value + 1 WHERE key = 'generation'")
    verified(here, folder)
    for path in folder.glob("passages*"):
        path.unlink()
    verified(here, folder)


def test_what_cannot_be_repaired_remains(here: Rag, folder: Path, sources: Path) -> None:
    damaged = "UPDATE speeches SET text = replace(text, '耳目', '手足')"
    damage(folder, damaged, "DELETE FROM words", "UPDATE sources SET bytes = x'00' WHERE name = '信息.txt'")
    result = verified(here, folder, "--repair", status=1)
    assert {one["check"] for one in result["findings"]} == {"sha256", "text", "pieces"}
    assert {one["check"] for one in result["fixed"]} >= {"words"}
    done = here("verify", "--archive", folder)
    assert done.returncode == 1
    assert "[不能自动修复]" in done.stdout
    assert "备份" in done.stdout
    # the way out that the message names
    assert here("remove", "信息.txt", "--archive", folder).returncode == 0
    assert here("ingest", sources, "--archive", folder).returncode == 0
    verified(here, folder)


def test_a_damaged_speech_comes_back_from_the_stored_original(here: Rag, folder: Path) -> None:
    before = searched(here, folder)
    damage(folder, "UPDATE speeches SET text = replace(text, '耳目', '手足')")
    assert "原文件完好" in here("verify", "--archive", folder).stdout
    assert {one["check"] for one in verified(here, folder, "--repair")["fixed"]} >= {"text", "pieces"}
    assert searched(here, folder) == before


def test_a_model_that_has_gone(here: Rag, folder: Path) -> None:
    damage(
        folder,
        "UPDATE meta SET value = '/no/such/model' WHERE key = 'encoder_source'",
        "UPDATE passages SET vector = NULL, content_hash = ''",
    )
    done = here("verify", "--repair", "--archive", folder, "--json")
    assert done.returncode == 1
    assert "修复未完成" in done.stderr
    assert {one["check"] for one in json.loads(done.stdout)["findings"]} == {"vectors"}


def test_a_damaged_database_file(here: Rag, folder: Path) -> None:
    (folder / "copy").mkdir()
    path = folder / "copy" / "archive.sqlite"
    damage(folder, f"VACUUM INTO '{path.as_posix()}'")
    content = bytearray(path.read_bytes())
    content[4096 * 4 : 4096 * 6] = b"\xff" * 8192
    path.write_bytes(content)
    done = here("verify", "--repair", "--archive", path.parent, "--json")
    assert done.returncode == 2
    (finding,) = json.loads(done.stdout)["findings"]
    assert (finding["check"], finding["repairable"]) == ("sqlite", False)
    assert "备份" in finding["message"]
