"""The whole of cleaning on small, whole files."""

from __future__ import annotations

import pytest
from document_checks import check_document
from speeches import CALL, PAST, TASKS, TITLE, ingest, joined, paragraphs_of, removed, speech, wrapped

from rag.errors import ReadError
from rag.ingest import damage, furniture
from rag.ingest.document import REPEATED_TITLE, flag_counts, take_apart
from rag.ingest.readers import read_bytes
from rag.text.words import Analyzer
from rag.types import Flag, SourceText, Span


def test_a_clean_speech_passes_unchanged(analyzer: Analyzer) -> None:
    text = speech(PAST, TASKS, CALL, indent="")
    document = ingest(text, analyzer)
    assert [one.text for one in document.speeches] == [text]
    assert {r.reason for r in document.removals} == {"white space"}
    assert sum(r.end - r.start for r in document.removals) == text.count("\n")
    assert document.notes == ()


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\n\n", "\u2028"])
@pytest.mark.parametrize("indent", ["", "　　", "\t", "\ufeff", "\x00\u200b"])
def test_line_ends_and_indents_do_not_matter(end: str, indent: str, analyzer: Analyzer) -> None:
    document = ingest(speech(PAST, TASKS, indent=indent).replace("\n", end), analyzer)
    assert paragraphs_of(document) == [TITLE, "同志们：", PAST, TASKS]
    check_document(document)


def test_a_repeated_title_goes_and_a_repeated_sentence_stays(analyzer: Analyzer) -> None:
    text = joined([TITLE, TITLE, "同志们：", CALL, PAST, CALL])
    document = ingest(text, analyzer)
    assert removed(document, REPEATED_TITLE) == [TITLE]
    assert paragraphs_of(document) == [TITLE, "同志们：", CALL, PAST, CALL]


def test_the_title_with_other_brackets_is_a_repetition(analyzer: Analyzer) -> None:
    text = joined(["《在全市（2019）会议上的讲话》", "在全市(2019)会议上的讲话", "同志们：", PAST, TASKS])
    assert removed(ingest(text, analyzer), REPEATED_TITLE) == ["在全市(2019)会议上的讲话"]


@pytest.mark.parametrize("slogan", ["让我们携起手来", "一年接着一年干，一茬接着一茬抓"])
def test_slogans_before_a_late_greeting_are_no_titles(slogan: str, analyzer: Analyzer) -> None:
    lines = [TITLE, *[slogan, PAST] * 6, "同志们：", slogan, TASKS]
    assert paragraphs_of(ingest(joined(lines), analyzer)) == lines


def test_the_first_line_of_wrapped_prose_is_no_title(analyzer: Analyzer) -> None:
    text = joined([wrapped(p, 24, "") for p in (PAST, TASKS, PAST, CALL)])
    assert paragraphs_of(ingest(text, analyzer)) == [PAST, TASKS, PAST, CALL]


def test_a_glued_heading_is_set_free_and_flagged(analyzer: Analyzer) -> None:
    document = ingest(speech(PAST + "一、首先谈谈概况", TASKS), analyzer)
    (one,) = document.speeches
    assert [s.heading for s in one.sections if s.kind == "cjk"] == ["首先谈谈概况"]
    assert [one.text[f.start :][:2] for f in one.flags if f.kind == damage.GLUED] == ["一、"]


def test_a_cut_off_end_is_noted(analyzer: Analyzer) -> None:
    assert ingest(speech(PAST, CALL[:-8]), analyzer).notes == (f"《{TITLE}》结尾疑被截断",)


def test_headings_of_the_format_become_sections(analyzer: Analyzer) -> None:
    text = joined([TITLE, "同志们：", "总的情况", PAST, TASKS])
    at = text.index("总的情况")
    given = SourceText(text, "docx", headings=(Span(at, at + 4),))
    (one,) = take_apart(given, "a.docx", analyzer).speeches
    assert [(s.kind, s.heading) for s in one.sections] == [("format", "总的情况")]
    assert one.passages[-1].section == ("总的情况",)


def test_headings_of_markdown_become_sections(analyzer: Analyzer) -> None:
    text = joined([f"# {TITLE}", "同志们：", "## 总的情况", PAST, "## **下一步** ##", TASKS])
    (one,) = take_apart(read_bytes(text.encode(), "a.md"), "a.md", analyzer).speeches
    assert [(s.kind, s.heading) for s in one.sections] == [("format", "总的情况"), ("format", "下一步")]


@pytest.mark.parametrize("text", ["下载文档\n热门标签", "\x00\n\u200b", "", "-----", "目录\n一、讲话……………3"])
def test_a_file_without_text_is_a_read_error(text: str, analyzer: Analyzer) -> None:
    with pytest.raises(ReadError) as caught:
        ingest(text, analyzer)
    assert caught.value.reason == "no-text"
    assert "正文" in str(caught.value)


DIRTY = (
    "2024-06-27下载文档一键复制全文\r\n\r\n在全市会议上的讲话(精选14篇)\r\n\r\n在全市会议上的讲话 篇1\r\n\r\n\ufeff　　同志们:\r\n\r\n"
    f"　　{PAST}一、首先谈谈概况:\r\n\x00\r\n　　20xx年,{TASKS}\r\n\f\r\n在全市会议上的讲话 篇2\r\n\r\n　　同志们:\r\n"
    f"　　{CALL}{PAST}{TASKS}\u200b\r\n\r\n热门标签\r\n"
)


def test_a_dirty_file(analyzer: Analyzer) -> None:
    document = ingest(DIRTY, analyzer)
    check_document(document)
    assert [one.text.split("\n") for one in document.speeches] == [
        ["同志们:", PAST, "一、首先谈谈概况:", f"20xx年,{TASKS}"],
        ["同志们:", CALL + PAST + TASKS],
    ]
    assert removed(document, furniture.SITE) == ["2024-06-27下载文档一键复制全文", "热门标签"]
    assert document.notes[0] == "标题称共 14 篇，文件中实有 2 篇"


def test_the_same_text_gives_the_same_document(analyzer: Analyzer) -> None:
    assert ingest(DIRTY, analyzer) == ingest(DIRTY, analyzer)


def test_flag_counts() -> None:
    assert flag_counts([Flag("a", 0, 1, "x"), Flag("b", 0, 1, "x"), Flag("a", 2, 3, "x")]) == {"a": 2, "b": 1}
