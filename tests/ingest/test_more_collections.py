"""Collections whose members open otherwise than with a greeting on a line of its own."""

from __future__ import annotations

import pytest
from speeches import CALL, PAST, TASKS, ingest, joined

from rag.ingest.marks import collection_member
from rag.text.words import Analyzer

TITLES = ("在全县信访工作会议上的讲话", "在全县统计工作会议上的讲话", "在全县档案工作会议上的讲话")


def test_titles_with_dates_and_no_greeting(analyzer: Analyzer) -> None:
    members = [joined([title, f"（2019年{n}月5日）", PAST, TASKS, CALL]) for n, title in enumerate(TITLES, 1)]
    found = ingest(joined(members), analyzer).speeches
    assert [speech.title for speech in found] == list(TITLES)
    assert [speech.metadata["date"].value for speech in found] == ["2019-01-05", "2019-02-05", "2019-03-05"]


@pytest.mark.parametrize("greeting", ["同志们：", "各位领导、同志们："])
def test_greetings_that_the_text_goes_on_behind(greeting: str, analyzer: Analyzer) -> None:
    members = [joined([title, greeting + PAST, TASKS, CALL]) for title in TITLES]
    assert [speech.title for speech in ingest(joined(members), analyzer).speeches] == list(TITLES)


def test_members_numbered_behind_the_collections_name(analyzer: Analyzer) -> None:
    members = [joined([f"领导讲话稿 第{n}篇", "各位领导：", PAST, TASKS, CALL]) for n in (1, 2, 3)]
    assert len(ingest(joined(["领导讲话稿(精选3篇)", *members]), analyzer).speeches) == 3


@pytest.mark.parametrize("line", ["这是他今年写的第三篇文章", "他发表了第三篇，很好", "领导讲话稿 第3篇。"])
def test_sentences_about_articles_are_no_marks(line: str) -> None:
    assert collection_member(line) is None


def test_a_report_that_a_date_signs_is_no_new_speech(analyzer: Analyzer) -> None:
    text = joined([TITLES[0], "同志们：", PAST, TASKS, CALL, "澜川县信访局", "2019年3月5日"])
    assert len(ingest(text, analyzer).speeches) == 1
