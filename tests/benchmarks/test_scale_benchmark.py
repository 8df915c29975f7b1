"""The archives of the scale benchmark are sound, and its report says what was measured."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from benchmarks.scale import __main__ as command
from benchmarks.scale.filling import fill
from benchmarks.scale.measures import hits_kept
from benchmarks.scale.questions import questions
from benchmarks.scale.report import write_report
from benchmarks.scale.speeches import Speeches
from rag.archive.reader import Archive
from rag.config import Settings
from rag.encoder.load import load_encoder
from rag.session import Session

ROW: dict[str, Any] = {
    "filled": {"characters": 4000, "seconds": 2.0, "cpu_seconds": 1.0, "straight": False, "workers": 2},
    "figures": {
        "passages": 1234, "speeches": 5, "files": {"archive.sqlite": 2_000_000, "passages": 1_000_000, "words": 0},
        "plan": {"kind": "ivf-sq8", "lists": 64, "probes": 8, "recall": 0.99}, "building_s": 1.5, "building_mb": 400.0, "opening_s": 0.25,
        "cold_s": 2.0, "search": {"p50": 10.04, "p95": 20.0, "cpu_p50": 9.0, "cpu_p95": 19.0},
        "fts5": {"p50": 3.0, "p95": 4.0, "cpu_p50": 3.0, "cpu_p95": 4.0},
        "inverted": {"p50": 1.0, "p95": 2.0, "cpu_p50": 1.0, "cpu_p95": 2.0},
        "filtered": {"p50": 5.0, "p95": 6.0, "cpu_p50": 4.0, "cpu_p95": 5.0}, "recall": 0.987, "hits_kept": 0.99,
        "adding_s": 0.5, "adding_cold_s": 2.5, "resident_mb": 300.0,
    },
}  # fmt: skip


def test_the_same_number_is_the_same_speech() -> None:
    one, other = Speeches(), Speeches()
    assert one.speech(3) == other.speech(3)
    assert one.speech(3).text != one.speech(4).text


def test_an_archive_made_straight_is_like_an_ingested_one(tmp_path: Path) -> None:
    """Passages are whole sentences of the text, of the usual length, with the vectors of their own encoder."""
    fill(tmp_path / "one", 60, 0, straight=True)
    archive, encoder = Archive(tmp_path / "one"), load_encoder()
    texts = {one.id: one.text for one in archive.speeches()}
    rows = archive.passages(archive.passage_ids()).values()
    assert 40 <= len(rows) <= 120
    for row in rows:
        text = texts[row.speech][row.start : row.end]
        assert (row.sentences[0].start, row.sentences[-1].end) == (row.start, row.end)
        assert all(a.end == b.start for a, b in zip(row.sentences, row.sentences[1:], strict=False))
        assert text.endswith(("。", "！", "？"))
        assert float(encoder.encode_passages([text])[0] @ row.vector) > 0.9
    lengths = [row.end - row.start for row in rows]
    assert Settings().passage_target * 0.6 < sum(lengths) / len(lengths) < Settings().passage_target * 1.2


def test_the_report_says_what_was_measured(tmp_path: Path) -> None:
    write_report(tmp_path, {"command": "python -m benchmarks.scale", "machine": "2 cores", "archives": [ROW]})
    text = (tmp_path / "RESULTS.md").read_text(encoding="utf-8")
    assert "| 1,234 | ivf-sq8, 8 of 64 lists | 10.0 | 20.0 | 9.0 | 19.0 | 5.0 | 6.0 | 0.987 | 0.990 |" in text
    assert "| 1,234 | 2,000 | 4,000 | 2 | 1.50 | 0.25 | 2.00 | 0.50 | 2.50 |" in text


def test_kept_archives_are_not_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[int] = []
    real = command.fill
    monkeypatch.setattr(command, "fill", lambda folder, n, *rest: (made.append(n), real(folder, n, *rest))[1])
    monkeypatch.setattr(command, "_measured", lambda folder, questions: ROW["figures"])
    given = ["--passages", "--straight", "30", "--keep", str(tmp_path / "kept"), "--out", str(tmp_path / "out")]
    for _ in range(2):
        assert command.main(given) == 0
    assert made == [30]
    shown = (tmp_path / "out" / "RESULTS.md").read_text(encoding="utf-8")
    assert "--keep DIR --out DIR" in shown
    assert str(tmp_path) not in shown


def test_hits_are_kept_where_the_index_is_exact_and_lost_where_it_finds_others(tmp_path: Path) -> None:
    fill(tmp_path / "one", 60, 0, straight=True)
    session = Session.open(tmp_path / "one")
    asked = questions(3)
    every = session.archive.passage_ids()
    assert hits_kept(session, asked, dict.fromkeys(asked, every)) == 1.0
    assert 0 < hits_kept(session, asked, dict.fromkeys(asked, every[:1])) < 1.0
