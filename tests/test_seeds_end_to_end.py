"""The real files, from the folder to a cited answer. They are not part of this repository; without them this is skipped.

Nothing of their text or of the questions on them stands here, but for the terms that the task itself names.
"""

from __future__ import annotations

import contextlib
import io
import json
import re
import runpy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from rag.archive.reader import Archive
from rag.cli.main import main
from rag.config import ROOT
from rag.evaluate.questions import read_questions
from rag.evaluate.run import figures_of
from rag.evaluate.runs import Run, read_run
from rag.text.normalize import without_space

SHARED = ROOT.parent / "shared"
SEEDS, EVAL = SHARED / "seeds", SHARED / "eval"
FURNITURE = ("禁止外传", "酷乐文行", "会员群", "打击倒卖", "一键复制", "飞鸿范文帮", "template file", "热门标签")
pytestmark = [
    pytest.mark.seeds,
    pytest.mark.skipif(not SEEDS.is_dir(), reason="the real files are not beside this repository"),
]


def rag(*arguments: str | Path) -> str:
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        assert main([str(argument) for argument in arguments]) == 0
    return out.getvalue()


@pytest.fixture(scope="module")
def ingested(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    folder = tmp_path_factory.mktemp("seeds") / "archive"
    return folder, json.loads(rag("ingest", SEEDS, "--archive", folder, "--json"))


@pytest.fixture(scope="module")
def archive(ingested: tuple[Path, dict[str, Any]]) -> Archive:
    return Archive(ingested[0])


@pytest.fixture(scope="module")
def batch(ingested: tuple[Path, dict[str, Any]], tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """``batch("ask")``: the run file of the public questions in that mode."""
    if not EVAL.is_dir():
        pytest.skip("the questions are not beside this repository")
    folder = tmp_path_factory.mktemp("runs")

    def run(mode: str) -> Path:
        out = folder / f"{mode}.jsonl"
        if not out.exists():
            rag("batch", EVAL / "questions.jsonl", "--out", out, "--mode", mode, "--archive", ingested[0])
        return out

    return run


def reports(ingested: tuple[Path, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {Path(one["file"]).name[:3]: one for one in ingested[1]["files"]}


def test_five_files_hold_23_speeches(ingested: tuple[Path, dict[str, Any]]) -> None:
    found = reports(ingested)
    assert {name: one["speeches"] for name, one in found.items()} == {"000": 1, "001": 5, "002": 1, "003": 15, "004": 1}
    assert {one["status"] for one in found.values()} == {"added"}


def test_the_report_names_what_is_wrong_with_the_files(ingested: tuple[Path, dict[str, Any]]) -> None:
    notes = {name: "\n".join(one["notes"]) for name, one in reports(ingested).items()}
    assert "14" in notes["001"]
    assert "5" in notes["001"]
    assert "截断" in notes["001"]
    assert "截断" in notes["004"]
    assert "截断" not in notes["000"] + notes["002"] + notes["003"]
    assert re.search(r"篇7.*篇8.*相同", notes["003"])


def test_twins_are_listed_and_name_each_other(ingested: tuple[Path, dict[str, Any]]) -> None:
    rows = json.loads(rag("list", "--archive", ingested[0], "--json"))
    twins = {row["speech_id"]: row for row in rows if row["duplicates"]}
    assert sorted(row["part"] for row in twins.values()) == [7, 8]
    assert all(twins[other] is not row for row in twins.values() for other in row["duplicates"])


def test_twins_collapse_in_results(ingested: tuple[Path, dict[str, Any]], archive: Archive) -> None:
    (first, second) = sorted(archive.twins())
    one = archive.speech(first)
    query = one.text[len(one.text) // 2 :][:60]
    hits = json.loads(rag("search", query, "-k", "20", "--archive", ingested[0], "--json"))
    own = [hit for hit in hits if hit["speech_id"] in (first, second)]
    assert own
    assert {hit["speech_id"] for hit in own[:1]} | {d["speech_id"] for d in own[0]["duplicates"]} >= {first, second}
    places = [(hit["start"], hit["end"]) for hit in own]
    assert len(places) == len(set(places))


def test_placeholders_are_unknown(archive: Archive) -> None:
    for one in archive.speeches():
        for field in ("year", "place", "date"):
            value = str(one.metadata[field].value or "")
            assert not re.search(r"[xX*_]{1,4}(?=年|市|县|省|$)", value), (one.title, field, value)
    assert {one.year for one in archive.speeches() if one.file.startswith("002")} == {2020}


def test_titles_are_those_a_person_would_write(archive: Archive) -> None:
    for one in archive.speeches():
        assert 6 <= len(one.title) <= 45, one.title
        assert not re.search(r"[_\n]|https?:|\.txt|精选|范文", one.title), one.title


@pytest.mark.parametrize("word", FURNITURE)
def test_furniture_is_on_the_removal_list_and_in_no_passage(archive: Archive, word: str) -> None:
    somewhere = False
    for source in archive.sources():
        text = archive.source_text(source.id)
        removed = {n for removal in archive.removals(source.id) for n in range(removal.start, removal.end)}
        for match in re.finditer(re.escape(word), text):
            somewhere = True
            assert removed.issuperset(range(*match.span()))
    assert somewhere
    assert not any(word in one.text for one in archive.speeches())


def test_every_character_is_kept_or_removed_exactly_once(archive: Archive) -> None:
    for source in archive.sources():
        counts = [0] * len(archive.source_text(source.id))
        spans = [(removal.start, removal.end) for removal in archive.removals(source.id)]
        for one in archive.speeches():
            if one.source_id == source.id:
                spans += [(piece.source, piece.source + piece.length) for piece in one.pieces]
        for start, end in spans:
            for n in range(start, end):
                counts[n] += 1
        assert set(counts) == {1}, source.display


@pytest.mark.parametrize("question", ["他们对信息报送是怎么讲的", "what did they say about information reporting"])
def test_the_issues_question_is_answered_from_three_speeches(
    ingested: tuple[Path, dict[str, Any]], archive: Archive, question: str
) -> None:
    answer = json.loads(rag("ask", question, "--archive", ingested[0], "--json"))
    assert answer["answered"]
    citations = {citation["n"]: citation for citation in answer["citations"]}
    assert len({citation["speech_id"] for citation in citations.values()}) >= 3
    assert answer["coverage"]["speeches_cited"] >= 3
    quotes = [quote for point in answer["points"] for quote in point["quotes"]]
    for quote in quotes:
        citation = citations[quote["citation"]]
        one = archive.speech(citation["speech_id"])
        assert one.text[quote["start"] : quote["end"]] == quote["text"]
        source = (SEEDS / citation["file"]).read_text(encoding="utf-8")
        assert without_space(quote["text"]) in without_space(source)
    said = "".join(quote["text"] for quote in quotes)
    assert re.search(r"[三3]个?小时", said), "the three-hour limit for urgent information"
    assert re.search(r"迟报|漏报|不及时", said), "late and missing reports"


def test_search_reaches_the_figures_of_the_issue(batch: Callable[[str], Path]) -> None:
    score = runpy.run_path(str(EVAL / "score.py"))
    run = {row["id"]: row["passages"] for row in score["load"](batch("search"))}
    figures = score["score"](score["load"](EVAL / "questions.jsonl"), run)["all"]
    assert figures["ndcg@10"] >= 0.66
    assert figures["recall@2000c"] >= 0.66
    assert all(len(passage["text"]) <= 400 for passages in run.values() for passage in passages)


def test_every_quotation_of_every_answer_is_exact(
    batch: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(EVAL))
    score = runpy.run_path(str(EVAL / "score_answers.py"))
    answers = {row["id"]: row["answer"] for row in score["load"](batch("ask"))}
    figures = score["score"](score["load"](EVAL / "questions.jsonl"), answers, SEEDS)
    assert figures["exact"] == 1.0


def test_our_figures_are_those_of_the_reference(
    batch: Callable[[str], Path], archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(EVAL))
    search = runpy.run_path(str(EVAL / "score.py"))
    answers = runpy.run_path(str(EVAL / "score_answers.py"))
    questions = search["load"](EVAL / "questions.jsonl")
    run = Run(read_run(batch("search")).passages, read_run(batch("ask")).answers)
    sources = {source.display: archive.source_text(source.id) for source in archive.sources()}
    ours = figures_of(read_questions(EVAL / "questions.jsonl"), run, sources)
    found = {row["id"]: row["passages"] for row in search["load"](batch("search"))}
    assert ours["search"] == search["score"](questions, found, "type")
    given = {row["id"]: row["answer"] for row in search["load"](batch("ask"))}
    assert ours["answers"] == answers["score"](questions, given, SEEDS)
