"""What the edges of pages have in common with each other is not always a header."""

from __future__ import annotations

from speeches import CALL, GREETING, PAST, TASKS, ingest, joined, removed

from rag.ingest import furniture
from rag.text.words import Analyzer

REPEATED = "要把责任一层一层压下去，把任务一件一件落下去，"
TITLES = ("在全县信访工作会议上的讲话", "在全县统计工作会议上的讲话", "在全县档案工作会议上的讲话")


def numbered(*pages: str) -> str:
    return "\f".join(f"{page}\n— {n} —" for n, page in enumerate(pages, 1))


def test_a_clause_that_two_pages_begin_with_is_said_twice(analyzer: Analyzer) -> None:
    pages = [joined([REPEATED, text]) for text in (PAST, TASKS)]
    document = ingest(numbered(joined([TITLES[0], GREETING, CALL]), *pages), analyzer)
    assert removed(document, furniture.PAGE_EDGE) == []
    assert sum(speech.text.count(REPEATED) for speech in document.speeches) == 2


def test_headings_at_the_edge_of_pages_stay(analyzer: Analyzer) -> None:
    texts = ["一、主要做法", PAST, "二、存在问题", TASKS, CALL]
    document = ingest(numbered(joined(texts), joined(texts[::-1]), joined(texts)), analyzer)
    assert removed(document, furniture.PAGE_EDGE) == []


def test_dates_and_speakers_under_the_titles_of_a_collection_stay(analyzer: Analyzer) -> None:
    pages = [
        joined([title, f"（2019年{n}月5日）", "县委书记　贺延舟", GREETING, PAST, TASKS, CALL])
        for n, title in enumerate(TITLES, 1)
    ]
    document = ingest(numbered(*pages), analyzer)
    assert removed(document, furniture.PAGE_EDGE) == []
    cards = [speech.metadata for speech in document.speeches]
    assert [card["date"].value for card in cards] == ["2019-01-05", "2019-02-05", "2019-03-05"]
    assert {card["speaker"].value for card in cards} == {"贺延舟"}
