"""Narrowing down a list, against counting by hand."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from rag.archive.rows import SpeechSummary
from rag.explore.facets import FACETS, narrow


def summary(n: int, year: int | None, genre: str | None, place: str | None) -> SpeechSummary:
    return SpeechSummary(f"s{n}", "a.txt", n, f"讲话{n}", None, None, place, None, year, genre, 100, ())


ALL = [
    summary(0, 2019, "讲话", "鹭洲县"),
    summary(1, 2019, "报告", None),
    summary(2, 2021, "讲话", "鹭洲县"),
    summary(3, None, "讲话", "鹤汀县"),
]


def test_a_facet_counts_what_the_others_leave() -> None:
    found = narrow(ALL, {"year": [2019]})
    assert [one.speech_id for one in found.speeches] == ["s0", "s1"]
    assert found.counts["genre"] == (("报告", 1), ("讲话", 1))
    assert found.counts["year"] == ((2021, 1), (2019, 2), (None, 1))


def test_facets_combine_and_unknown_can_be_chosen() -> None:
    found = narrow(ALL, {"genre": ["讲话"], "place": ["鹭洲县", "鹤汀县"], "year": [None]})
    assert [one.speech_id for one in found.speeches] == ["s3"]


def test_a_choice_that_nothing_fits_any_more_stays_to_be_undone() -> None:
    found = narrow(ALL, {"genre": ["报告"], "place": ["鹭洲县"]})
    assert found.speeches == ()
    assert ("鹭洲县", 0) in found.counts["place"]


def test_words_of_the_title_count_whatever_their_width() -> None:
    assert [one.speech_id for one in narrow(ALL, {}, "讲话３").speeches] == ["s3"]


YEARS, GENRES, PLACES = (
    st.sampled_from([None, 2019, 2020]),
    st.sampled_from([None, "讲话", "报告"]),
    st.sampled_from([None, "甲", "乙"]),
)


@given(
    st.lists(st.tuples(YEARS, GENRES, PLACES), max_size=12),
    st.fixed_dictionaries(
        {
            "year": st.lists(YEARS, max_size=2),
            "genre": st.lists(GENRES, max_size=2),
            "place": st.lists(PLACES, max_size=2),
        }
    ),
)
def test_every_count_is_the_size_of_the_list_that_choosing_it_gives(rows: list, chosen: dict) -> None:
    everything = [summary(n, *row) for n, row in enumerate(rows)]
    counts = narrow(everything, chosen).counts
    for field in FACETS:
        for value, count in counts[field]:
            assert count == len(narrow(everything, {**chosen, field: [value]}).speeches)
