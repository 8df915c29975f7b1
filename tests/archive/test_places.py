"""Outline path and page of a place, as a citation names them."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from rag.archive.places import page_at, page_starts, section_name, section_path
from rag.archive.rows import FIELDS, SpeechRow
from rag.ingest.assemble import to_source
from rag.types import Found, Piece, Section


def row(text: str, pieces: tuple[Piece, ...] = (), sections: tuple[Section, ...] = ()) -> SpeechRow:
    metadata = {field: Found(None) for field in FIELDS} | {"title": Found("讲话")}
    return SpeechRow(1, "s1", "1.pdf", 1, 0, text, "", pieces, metadata, sections, ())


def section(kind: str, label: str, heading: str, start: int, end: int, parent: int | None = None) -> Section:
    return Section(kind, 2 if parent is None else 3, label, heading, start, start + 1, end, parent)


SECTIONS = (
    section("cjk", "一、", "认识", 10, 50),
    section("paren", "（一）", "意义", 20, 40, 0),
    section("inline", "一是", "快", 25, 30, 1),
    section("cjk", "二、", "任务", 50, 90),
)


def test_the_path_is_outermost_first_and_leaves_out_points_inside_paragraphs() -> None:
    speech = row("字" * 90, sections=SECTIONS)
    paths = {at: [section_name(one) for one in section_path(speech, at)] for at in (9, 10, 20, 26, 40, 49, 50, 90)}
    assert paths == {
        9: [], 10: ["一、认识"], 20: ["一、认识", "（一）意义"], 26: ["一、认识", "（一）意义"], 40: ["一、认识"],
        49: ["一、认识"], 50: ["二、任务"], 90: [],
    }  # fmt: skip


def test_pages_begin_where_the_text_comes_from_the_next_one() -> None:
    """Page 2 begins at 10 of the source, in the middle of the second piece; page 3 at 30, between two pieces."""
    speech = row("字" * 22, (Piece(0, 2, 5), Piece(6, 8, 8), Piece(14, 33, 8)))
    starts = page_starts(speech, (0, 10, 30))
    assert starts == [(0, 1), (8, 2), (14, 3)]
    assert [page_at(starts, at) for at in (0, 7, 8, 13, 14, 21)] == [1, 1, 2, 2, 3, 3]


def test_a_page_without_text_of_the_speech_is_left_out() -> None:
    speech = row("字" * 6, (Piece(0, 0, 3), Piece(3, 50, 3)))
    assert page_starts(speech, (0, 10, 40)) == [(0, 1), (3, 3)]


def test_a_source_without_pages_names_none() -> None:
    starts = page_starts(row("字" * 5, (Piece(0, 0, 5),)), ())
    assert starts == []
    assert page_at(starts, 3) is None


@st.composite
def paged(draw: st.DrawFn) -> tuple[SpeechRow, list[int]]:
    """Pieces with gaps in both texts, and pages that begin anywhere."""
    pieces: list[Piece] = []
    at = source = 0
    for length in draw(st.lists(st.integers(1, 9), min_size=1, max_size=6)):
        at += draw(st.integers(0, 2))
        source += draw(st.integers(0, 12))
        pieces.append(Piece(at, source, length))
        at, source = at + length, source + length
    pages = [0, *sorted(draw(st.sets(st.integers(1, source + 5), max_size=6)))]
    return row("字" * at, tuple(pieces)), pages


@given(paged())
def test_every_character_is_on_the_page_that_it_comes_from(given_: tuple[SpeechRow, list[int]]) -> None:
    speech, pages = given_
    starts = page_starts(speech, pages)
    assert all(a < b for (a, _), (b, _) in pairwise(starts))
    for start, _, length in speech.pieces:
        for at in range(start, start + length):
            page = sum(begin <= to_source(speech.pieces, at) for begin in pages)  # counted, not searched
            assert page_at(starts, at) == page
