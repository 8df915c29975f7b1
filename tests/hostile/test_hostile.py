"""More than a hundred hostile files in one folder: a clear line each, bounded time and memory, and the rest goes in."""

from __future__ import annotations

import os
import shutil
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import hostile_documents
import hostile_names
import hostile_pdfs
import hostile_texts
import pytest
from fakes import filler, speech, write
from hostile_case import Case

from rag.archive.reader import Archive
from rag.archive.rows import SpeechRow
from rag.archive.writer import Writer
from rag.cli.output import report_line
from rag.encoder.load import load_encoder
from rag.pipeline.limits import FileLimits
from rag.pipeline.report import FileReport
from rag.pipeline.run import Ingester
from rag.pipeline.verify import verify_archive
from rag.text.words import Analyzer

LONG = bool(os.environ.get("YANJU_LONG"))
ALL = (*hostile_texts.CASES, *hostile_pdfs.CASES, *hostile_documents.CASES, *hostile_names.CASES)
CASES = [case for case in ALL if LONG or not case.long]
LIMITS = FileLimits(seconds=300.0 if LONG else 60.0, memory=2_000_000_000 if LONG else 700_000_000)

pytestmark = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs a POSIX file system")


@dataclass(frozen=True)
class Outcome:
    reports: dict[str, FileReport]
    speeches: dict[str, list[SpeechRow]]
    archive: Archive


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory, analyzer: Analyzer) -> Iterator[Outcome]:
    """All cases in one folder, each with a harmless neighbour after it, ingested in two workers."""
    folder = tmp_path_factory.mktemp("hostile") / "in"
    folder.mkdir()
    for n, case in enumerate(CASES):
        case.make(folder / case.name)
        write(folder / "sound" / f"{n:03}.txt", speech(f"第{n}次讲话", filler("会议", 8 + n % 5)))
    archive = folder.parent / "archive"
    with Ingester(Writer(archive), load_encoder(), analyzer, workers=2, limits=LIMITS) as ingester:
        reports = ingester.ingest_paths([folder]).files
        ingester.writer.close()
    reader = Archive(archive)
    speeches: dict[str, list[SpeechRow]] = {}
    for one in reader.speeches():
        speeches.setdefault(one.file, []).append(one)
    yield Outcome({Path(one.file).name: one for one in reports}, speeches, reader)
    shutil.rmtree(folder, ignore_errors=True)


def test_there_are_enough_cases() -> None:
    assert len({case.name for case in ALL}) == len(ALL) >= 80


@pytest.mark.parametrize("case", CASES, ids=str)
def test_each_case_is_told_in_one_line_and_treated_as_it_should(case: Case, outcome: Outcome) -> None:
    report = outcome.reports.get(case.name)
    if not case.expected:
        assert report is None
        return
    assert report is not None
    assert (report.reason or report.status) in case.expected, report
    line = report_line(report)
    assert not any(unicodedata.category(char) in ("Cc", "Cf", "Cs") for char in line), ascii(line)
    assert len(report.message or "") < 400
    assert report.reason != "internal"
    assert (report.message or "").endswith("。") == bool(report.reason)
    assert case.note in "".join(report.notes)
    texts = "\n".join(one.text for one in outcome.speeches.get(case.name, []))
    if report.status == "added":
        assert case.keeps in texts
    if case.never:
        assert case.never not in texts


def test_the_rest_is_in(outcome: Outcome) -> None:
    sound = [report for name, report in outcome.reports.items() if name[:3].isdigit() and len(name) == 7]
    assert len(sound) == len(CASES)
    assert [report for report in sound if report.status != "added"] == []


def test_the_archive_is_sound(outcome: Outcome, analyzer: Analyzer) -> None:
    assert list(verify_archive(outcome.archive, analyzer)) == []


def test_nothing_was_written_outside_the_archive(outcome: Outcome) -> None:
    around = outcome.archive.folder.parent
    assert {path.name for path in around.iterdir()} <= {"in", "archive", "outside"}
    assert not list(around.rglob("climbed.txt"))
