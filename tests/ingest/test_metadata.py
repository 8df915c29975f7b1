"""What a catalogue card says of a speech."""

from __future__ import annotations

import pytest
from speeches import CALL, PAST, TASKS, TITLE, ingest, joined, speech

from rag.ingest.metadata import derive_title, read_front
from rag.text.words import Analyzer
from rag.types import SourceText, Span, Speech

KEYS = {"title", "occasion", "speaker", "post", "organisation", "place", "date", "year", "genre", "language"}


def only(text: str, analyzer: Analyzer, name: str = "无题.txt") -> Speech:
    (one,) = ingest(text, analyzer, name=name).speeches
    return one


def value(one: Speech, key: str) -> object:
    return one.metadata[key].value


def test_a_full_front(analyzer: Analyzer) -> None:
    text = joined([TITLE, "（2019年3月5日）", "澜川县委书记 贺延舟", "同志们：", PAST, TASKS])
    one = only(text, analyzer)
    assert set(one.metadata) == KEYS
    assert {key: value(one, key) for key in KEYS - {"place", "organisation"}} == {
        "title": TITLE,
        "occasion": "全市办公室工作会议",
        "speaker": "贺延舟",
        "post": "澜川县委书记",
        "date": "2019-03-05",
        "year": 2019,
        "genre": "讲话",
        "language": "zh",
    }
    assert all(found.where and 0 < found.confidence <= 1 for found in one.metadata.values() if found.value is not None)


def test_nothing_is_made_up(analyzer: Analyzer) -> None:
    one = only(joined(["同志们：", PAST, TASKS]), analyzer)
    unknown = {key for key in KEYS if value(one, key) is None}
    assert unknown == {"occasion", "speaker", "post", "organisation", "place", "date", "year"}
    assert one.metadata["genre"].confidence < 0.5


def test_placeholders_leave_year_and_place_unknown(analyzer: Analyzer) -> None:
    text = speech("20XX年以来，" + PAST, "20xx年X月，X市召开会议。" + TASKS, title="在X市第X次20XX年工作会议上的讲话")
    one = only(text, analyzer)
    assert (value(one, "date"), value(one, "year"), value(one, "place")) == (None, None, None)


@pytest.mark.parametrize(
    ("title", "genre"),
    [
        ("在全市会议上的讲话", "讲话"),
        ("工会工作报告", "报告"),
        ("运动会开幕词", "致辞"),
        ("表彰大会主持词", "主持词"),
        ("经验交流发言", "交流发言"),
    ],
)
def test_genre_follows_the_title(title: str, genre: str, analyzer: Analyzer) -> None:
    assert value(only(speech(PAST, TASKS, title=title), analyzer), "genre") == genre


@pytest.mark.parametrize(
    ("opening", "genre"),
    [("现在，我代表县总工会向大会作报告，请予审议。", "报告"), ("下面，请县长贺延舟同志讲话。", "主持词")],
)
def test_genre_follows_the_opening_where_there_is_no_title(opening: str, genre: str, analyzer: Analyzer) -> None:
    assert value(only(joined(["同志们：", opening + PAST, TASKS]), analyzer), "genre") == genre


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (PAST, "zh"),
        ("Comrades, we must report what happened, when it happened, and what we did about it. Thank you.", "en"),
        ("各位來賓，我們今天召開會議，學習經濟發展的報告，總結為民服務的經驗，黨員幹部應對問題要點。", "zh-Hant"),
    ],
)
def test_language(text: str, language: str, analyzer: Analyzer) -> None:
    assert value(only(text, analyzer), "language") == language


def test_a_derived_title_says_so(analyzer: Analyzer) -> None:
    one = only(joined(["同志们：", "今天，我们召开全市信息工作会议，主要任务是部署工作。" + PAST, TASKS]), analyzer)
    assert one.title == "在全市信息工作会议上的讲话"
    assert "推定" in one.metadata["title"].where
    assert one.metadata["title"].confidence < 0.7


def test_the_file_name_is_the_last_but_one_resort(analyzer: Analyzer) -> None:
    text = joined(["同志们：", PAST, TASKS])
    assert only(text, analyzer, "信息工作讲话稿.txt").title == "信息工作讲话稿"
    assert only(text, analyzer, "a1.txt").title == PAST[:30]


@pytest.mark.parametrize(
    ("opening", "collection", "title"),
    [
        ("今天我们召开全市值班工作会议，主要是部署工作。", "", "在全市值班工作会议上的讲话"),
        ("今天召开全市值班工作会议，", "工会工作报告汇编", "在全市值班工作会议上的工作报告"),
        ("今天召开这次会议，很重要。", "", ""),
        ("首先讲形势。", "", ""),
    ],
)
def test_derive_title(opening: str, collection: str, title: str) -> None:
    assert derive_title(opening, collection) == title


def test_the_front_ends_where_the_text_begins() -> None:
    lines = [TITLE, "（2019年3月5日）", "贺延舟", "同志们：", PAST]
    text, spans, at = joined(lines), [], 0
    for line in lines:
        spans.append(Span(at, at + len(line)))
        at += len(line) + 1
    front = read_front(text, spans)
    assert (front.title, front.lines, front.body_start) == (TITLE, ("（2019年3月5日）", "贺延舟"), text.index("同志们"))


def test_a_text_of_prose_has_no_front() -> None:
    front = read_front(PAST, [Span(0, len(PAST))])
    assert (front.title, front.lines, front.body_start) == ("", (), 0)


def test_the_title_of_the_file_counts_before_a_derived_one(analyzer: Analyzer) -> None:
    from rag.ingest.document import take_apart

    given = SourceText(joined(["同志们：", PAST, TASKS, CALL]), "docx", title="在年会上的讲话")
    (one,) = take_apart(given, "a.docx", analyzer).speeches
    assert (one.title, one.metadata["title"].where) == ("在年会上的讲话", "文件属性")
