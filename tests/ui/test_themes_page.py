"""专题 and what exploring adds to 浏览, without a browser."""

from __future__ import annotations

import csv
import io
import shutil
from pathlib import Path

import pytest
from support import page_alone, shown, use_archives

from rag.archive.reader import Archive
from rag.explore.explorer import Explorer
from rag.explore.themes import Theme


@pytest.fixture
def archive(sample_archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Archive:
    """The sample speeches as the reader's own archive."""
    shutil.copytree(sample_archive, tmp_path / "default")
    use_archives(monkeypatch, tmp_path / "default", tmp_path / "sample")
    return Archive(tmp_path / "default")


@pytest.fixture
def theme(archive: Archive) -> Theme:
    return Explorer(archive).theme(1)


def test_the_list_names_each_theme_with_its_address(archive: Archive) -> None:
    found = Explorer(archive).themes()
    data = shown(page_alone("rag.ui.themes"), "themes")
    assert [card["label"] for card in data["cards"]] == [one.label for one in found.themes]
    assert all(card["href"].startswith("themes?theme=") for card in data["cards"])
    assert str(found.outside) in data["outside"]


def test_a_theme_shows_its_passages_verbatim_with_their_sources(archive: Archive, theme: Theme) -> None:
    app = page_alone("rag.ui.themes", theme=theme.label)
    assert shown(app, "theme-head")["label"] == theme.label
    bars = shown(app, "theme-head")["bars"]
    assert sum(bar["n"] for bar in bars) == theme.speeches
    passages = shown(app, "theme-passages")["passages"]
    assert len(passages) == 10
    for one in passages:
        spot = one["spot"]
        assert archive.speech(spot["speech"]).text[spot["start"] : spot["end"]] == one["text"]
        assert one["cite"].startswith("《")
        assert one["href"].startswith("read?speech=")


def test_the_figures_mark_what_they_count_and_leave_as_a_table(
    archive: Archive, theme: Theme, monkeypatch: pytest.MonkeyPatch
) -> None:
    import streamlit

    offered: list[bytes] = []
    monkeypatch.setattr(streamlit, "download_button", lambda label, data, *rest, **options: offered.append(data))
    rows = shown(page_alone("rag.ui.themes", theme=theme.label, view="figures"), "theme-figures")["rows"]
    assert rows
    assert all(one["clause"][slice(*one["at"])] == one["text"] for one in rows)
    table = list(csv.reader(io.StringIO(offered[0].decode("utf-8-sig"))))
    assert [row[0] for row in table[1:]] == [one["text"] for one in rows]


def test_a_cell_of_the_units_opens_its_sentences(archive: Archive) -> None:
    matrix = Explorer(archive).matrix()
    unit, label = next(key for key, found in matrix.cells.items() if key[0] and any(one.named for one in found))
    app = page_alone("rag.ui.themes", view="units", unit=str(unit), cell=label)
    rows = {row["unit"]: row for row in shown(app, "units")["rows"]}
    (chosen,) = [cell for cell in rows[str(unit)]["cells"] if cell and cell["chosen"]]
    sentences = shown(app, "cell-passages")["passages"]
    assert chosen["n"] == len(sentences)
    assert str(unit) in sentences[0]["text"]


def test_a_link_to_a_theme_of_before_says_so(archive: Archive, theme: Theme) -> None:
    app = page_alone("rag.ui.themes", theme=f"{theme.terms[0]} · 从前的词")
    assert "最接近的专题" in app.info[0].value
    app = page_alone("rag.ui.themes", theme="<script>从前的词</script>")
    assert "没有这个专题" in app.warning[0].value
    assert shown(app, "themes")["cards"]


def test_facets_combine_and_count_each_other(archive: Archive) -> None:
    app = page_alone("rag.ui.browse")
    everything = archive.summaries()
    reports = [one for one in everything if one.genre == "报告"]
    app.multiselect(key="browse_genre").set_value(["报告"]).run()
    assert len(shown(app, "speeches")["rows"]) == len(reports)
    year = next(one.year for one in reports if one.year)
    count = sum(one.year == year for one in reports)
    assert f"{year}（{count}）" in app.multiselect(key="browse_year").options
    app.multiselect(key="browse_year").set_value([year]).run()
    assert len(shown(app, "speeches")["rows"]) == count


def test_a_speech_is_summed_up_in_its_own_words(archive: Archive) -> None:
    rows = shown(page_alone("rag.ui.browse"), "speeches")["rows"]
    points = [(row["id"], point) for row in rows for point in row["points"]]
    assert len(points) > len(rows)
    for speech_id, point in points:
        said = archive.speech(speech_id).text
        assert point["heading"] in said
        spot = point["spot"]
        assert said[spot["start"] : spot["end"]] in (point["lead"], point["heading"])
