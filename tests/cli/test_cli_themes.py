"""`themes`: what it prints for programs and for people."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Rag = Callable[..., "subprocess.CompletedProcess[str]"]
PLACE = {"speech_id", "title", "file", "year", "section", "start", "end", "page"}


def parsed(done: subprocess.CompletedProcess[str]) -> Any:
    assert (done.returncode, done.stderr) == (0, "")
    return json.loads(done.stdout)


@pytest.fixture
def texts(here: Rag, sample_archive: Path) -> Callable[[str], str]:
    """The text of a speech by its id."""
    known: dict[str, str] = {}

    def text(speech_id: str) -> str:
        if speech_id not in known:
            known[speech_id] = parsed(here("show", speech_id, "--archive", sample_archive, "--json"))["text"]
        return known[speech_id]

    return text


def test_themes(here: Rag, sample_archive: Path, texts: Callable[[str], str]) -> None:
    found = parsed(here("themes", "--archive", sample_archive, "--json"))
    assert set(found) >= {"themes", "key_terms", "passages", "outside", "generation"}
    assert [one["number"] for one in found["themes"]] == [*range(1, len(found["themes"]) + 1)]
    assert len(found["themes"]) >= 10
    assert sum(one["count"] for one in found["themes"]) + found["outside"] == found["passages"]
    for one in found["themes"]:
        assert set(one) >= {"label", "terms", "speeches", "count", "years", "organisations", "passages"}
        for passage in one["passages"]:
            assert set(passage) >= {*PLACE, "text", "copies"}
            assert texts(passage["speech_id"])[passage["start"] : passage["end"]] == passage["text"]
    assert not {"同志们", "同志", "今天", "工作"} & {
        *found["key_terms"],
        *(t for one in found["themes"] for t in one["terms"]),
    }


def test_one_theme_with_its_figures(here: Rag, sample_archive: Path, texts: Callable[[str], str]) -> None:
    theme = parsed(here("themes", "--theme", "1", "--archive", sample_archive, "--json"))
    figures = parsed(here("themes", "--theme", "1", "--figures", "--archive", sample_archive, "--json"))
    assert figures
    for one in figures:
        said = texts(one["speech_id"])
        assert said[one["start"] : one["end"]] == one["text"]
        assert said[one["clause"]["start"] : one["clause"]["end"]] == one["clause"]["text"]
        assert set(one) >= {*PLACE, "value", "high", "unit", "organisation", "named", "theme", "copies"}
        assert one["theme"] == theme["label"]
    everything = parsed(here("themes", "--figures", "--archive", sample_archive, "--json"))
    assert len(everything) > len(figures)


def test_matrix(here: Rag, sample_archive: Path, texts: Callable[[str], str]) -> None:
    matrix = parsed(here("themes", "--matrix", "--archive", sample_archive, "--json"))
    assert len(matrix["organisations"]) > 10
    for cell in matrix["cells"]:
        assert cell["theme"] in matrix["themes"]
        assert cell["organisation"] in matrix["organisations"]
        assert cell["count"] == len(cell["passages"])
        for one in cell["passages"]:
            assert texts(one["speech_id"])[one["start"] : one["end"]] == one["text"]
            assert not one["named"] or cell["organisation"] in one["text"]


def test_what_people_read(here: Rag, sample_archive: Path, archive: Path) -> None:
    listed = here("themes", "--archive", sample_archive).stdout
    assert "  1. " in listed
    assert "没有归入" in listed
    assert "——《" in here("themes", "--theme", "2", "--archive", sample_archive).stdout
    assert "个数字" in here("themes", "--figures", "--archive", archive).stdout
    assert "个单位" in here("themes", "--matrix", "--archive", archive).stdout


def test_a_theme_that_there_is_not(here: Rag, sample_archive: Path) -> None:
    done = here("themes", "--theme", "999", "--archive", sample_archive)
    assert (done.returncode, done.stdout) == (2, "")
    assert "没有第 999 个专题" in done.stderr
