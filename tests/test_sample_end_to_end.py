"""The sample speeches, from the folder to a cited answer."""

from __future__ import annotations

import contextlib
import io
import json
from pathlib import Path
from typing import Any

import pytest

from rag.archive.reader import Archive
from rag.cli.main import main
from rag.config import ROOT
from rag.evaluate.questions import read_jsonl

SPEECHES = ROOT / "data" / "speeches"
QUESTIONS = ROOT / "data" / "eval" / "questions.jsonl"


def rag(*arguments: str | Path) -> Any:
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        assert main([*map(str, arguments), "--json"]) == 0
    return json.loads(out.getvalue() or "null")


@pytest.fixture(scope="module")
def questions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every seventh question on the sample: enough to notice a fault, at a seventh of the time."""
    lines = QUESTIONS.read_text(encoding="utf-8").splitlines()[::7]
    path = tmp_path_factory.mktemp("questions") / "questions.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


@pytest.fixture
def archive(sample_archive: Path) -> Archive:
    return Archive(sample_archive)


def test_every_file_is_in_with_speeches_and_passages(archive: Archive) -> None:
    files = {path.name for path in SPEECHES.iterdir() if not path.name.startswith(".")}
    assert {source.display for source in archive.sources()} == files
    assert all(source.speeches for source in archive.sources())
    assert {Path(name).suffix for name in files} >= {".txt", ".md", ".pdf", ".docx", ".html"}


def test_speeches_passages_and_sentences_fit_into_each_other(archive: Archive) -> None:
    rows = archive.passages(archive.passage_ids()).values()
    speeches = {one.id: one for one in archive.speeches()}
    assert {row.speech for row in rows} == set(speeches)
    for row in rows:
        text = speeches[row.speech].text
        assert 0 <= row.start < row.end <= len(text)
        assert row.end - row.start <= 400
        assert text[row.start : row.end].strip() == text[row.start : row.end]
        assert row.sentences[0].start == row.start
        assert row.sentences[-1].end == row.end
        assert (row.page is not None) == speeches[row.speech].file.endswith(".pdf")


def test_every_source_character_is_kept_or_removed_exactly_once(archive: Archive) -> None:
    pieces: dict[int, list[tuple[int, int]]] = {}
    for one in archive.speeches():
        pieces.setdefault(one.source_id, []).extend((p.source, p.source + p.length) for p in one.pieces)
    for source in archive.sources():
        spans = sorted(pieces[source.id] + [(r.start, r.end) for r in archive.removals(source.id)])
        assert [start for start, _ in spans] == [0, *(end for _, end in spans[:-1])], source.display
        assert spans[-1][1] == len(archive.source_text(source.id))


def test_pages_are_those_of_the_file(archive: Archive) -> None:
    """The page of a passage is the one on which pypdf finds its first words."""
    import pypdf

    for one in archive.speeches():
        if one.file.endswith(".pdf"):
            pages = ["".join(page.extract_text().split()) for page in pypdf.PdfReader(SPEECHES / one.file).pages]
            for row in archive.passages(archive.passage_ids([one.id])).values():
                assert row.page is not None
                start = "".join(one.text[row.start : row.start + 12].split())[:6]
                assert start in pages[row.page - 1], (one.file, row.page, start)


def test_answers_are_verbatim(archive: Archive, sample_archive: Path, questions: Path, tmp_path: Path) -> None:
    out = tmp_path / "run.jsonl"
    rag("batch", questions, "--out", out, "--mode", "ask", "--archive", sample_archive)
    rows = read_jsonl(questions)
    answers = [json.loads(line)["answer"] for line in out.read_text(encoding="utf-8").splitlines()]
    assert len(answers) == len(rows)
    answered = 0
    texts = {one.speech_id: one.text for one in archive.speeches()}
    for answer in answers:
        answered += answer["answered"]
        places = {citation["n"]: citation for citation in answer["citations"]}
        for point in answer["points"]:
            for quote in point["quotes"]:
                place = places[quote["citation"]]
                assert texts[place["speech_id"]][quote["start"] : quote["end"]] == quote["text"]
                assert (place["start"], place["end"]) == (quote["start"], quote["end"])
        assert bool(answer["points"]) == answer["answered"]
        assert answer["answered"] or answer["nearest"]
    assert answered > len(rows) // 2


def test_the_evidence_of_the_questions_can_be_found(sample_archive: Path, questions: Path) -> None:
    """No threshold, but well above chance: the first passage answers a good part of the questions."""
    figures = rag("eval", questions, "--archive", sample_archive)
    assert figures["answers"]["exact"] == 1.0
    assert figures["search"]["all"]["hit@5"] > 0.3


def test_ingesting_again_changes_nothing(sample_archive: Path, tmp_path: Path) -> None:
    """On a copy, since the archive is shared."""
    import shutil

    copy = Path(shutil.copytree(sample_archive, tmp_path / "copy"))
    before = (Archive(copy).generation, [one.speech_id for one in Archive(copy).speeches()])
    report = rag("ingest", SPEECHES, "--archive", copy)
    assert {one["status"] for one in report["files"]} == {"unchanged"}
    assert (Archive(copy).generation, [one.speech_id for one in Archive(copy).speeches()]) == before
