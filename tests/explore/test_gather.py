"""Figures and units over an archive of five counties."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

from rag.explore.explorer import Explorer
from rag.explore.table import COLUMNS, figures_csv


def test_every_figure_is_verbatim_and_has_its_source(explorer: Explorer) -> None:
    text = {one.speech_id: one.text for one in explorer.archive.speeches()}
    found = explorer.figures()
    assert found
    for one in found:
        said = text[one.place.speech_id]
        assert said[one.place.start : one.place.end] == one.text
        assert said[slice(*one.clause_at)] == one.clause
        assert one.place.file.endswith(".txt")
        assert one.place.section


def test_a_figure_belongs_to_the_unit_that_its_sentence_names(explorer: Explorer) -> None:
    moved = [one for one in explorer.figures() if one.text == "一千二百人"]
    assert {(one.unit_name, one.named, one.place.title[1:4]) for one in moved} == {
        (place, True, place) for place in ("鹭洲县", "鹤汀县", "白禾县", "朔岭县", "沧屏县")
    }
    minutes = [one for one in explorer.figures() if one.text == "三十分钟"]
    assert {one.figure.value for one in minutes} == {30}


def test_figures_of_one_theme_are_those_of_its_passages(explorer: Explorer) -> None:
    everything = explorer.figures()
    for theme in explorer.themes().themes:
        own = explorer.figures(theme)
        assert own
        assert {one.theme for one in own} == {theme.label}
        spans = [(one.speech_id, one.start, one.end) for one in theme.passages]
        assert all(any(s == f.place.speech_id and a <= f.place.start < b for s, a, b in spans) for f in own)
    labels = {theme.label for theme in explorer.themes().themes}
    assert {one.theme for one in everything} <= labels | {None}


def test_a_clause_that_copies_say_comes_once(explorer: Explorer) -> None:
    (one,) = [one for one in explorer.figures() if "鹭洲县去年转移群众" in one.clause]
    assert one.copies >= 1


def test_the_matrix_counts_sentences_and_keeps_them(explorer: Explorer) -> None:
    matrix = explorer.matrix()
    text = {one.speech_id: one.text for one in explorer.archive.speeches()}
    assert set(matrix.units) >= {"鹭洲县", "鹤汀县", "白禾县", "朔岭县", "沧屏县"}
    assert matrix.units[-1] is None or None not in matrix.units
    for (unit, label), found in matrix.cells.items():
        assert label in matrix.labels
        for one in found:
            assert text[one.place.speech_id][one.place.start : one.place.end] == one.text
            assert unit is None or not one.named or unit in one.text
    assert matrix.row_total("鹤汀县") == sum(len(f) for (u, _l), f in matrix.cells.items() if u == "鹤汀县") > 0
    assert matrix.row_total("没有这个县") == 0


def test_the_table_has_a_row_a_figure_and_no_formulas(explorer: Explorer) -> None:
    found = explorer.figures()
    hostile = replace(found[0], clause="=HYPERLINK(1)", text="-1")
    data = figures_csv([*found, hostile], sample=True)
    assert data.startswith(b"\xef\xbb\xbf")
    head, *rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    assert tuple(head) == COLUMNS
    assert len(rows) == len(found) + 1
    assert all(len(row) == len(COLUMNS) for row in rows)
    assert rows[0][0] == found[0].text
    assert {row[-1] for row in rows} == {"示例（虚构）"}
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in rows[-1])
    thousand = next(row for row in rows if row[0] == "一千二百人")
    assert thousand[1] == "1200"
