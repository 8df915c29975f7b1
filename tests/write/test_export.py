"""Exported quotations: what stands in the file is what was said, and a changed speech never lends its name to other words."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from fakes import filler, ingester, speech, write
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from rag.archive.reader import Archive
from rag.archive.writer import Writer
from rag.errors import UsageError
from rag.text.words import Analyzer
from rag.types import Hit
from rag.write.export import Entry, Item, entries, runs
from rag.write.export_file import rendered
from rag.write.export_text import COLUMNS, csv_bytes, escaped, guarded, markdown_bytes, unguarded
from rag.write.following import Fate, nearest_of

SAID = "紧急信息必须在一小时内报告。"
TEXT = speech("在全市信息工作会议上的讲话", "一、信息要快", f"今天讲两件事。{SAID}", filler("信息", 6), date="2019年3月5日")


def nowhere(words: str) -> Hit | None:
    return None


@pytest.fixture
def folder(tmp_path: Path, analyzer: Analyzer) -> Path:
    write(tmp_path / "files" / "信息.txt", TEXT)
    ingester(tmp_path / "archive", analyzer).ingest_paths([tmp_path / "files"])
    return tmp_path


@pytest.fixture
def item(folder: Path) -> Item:
    (one,) = Archive(folder / "archive").speeches()
    start = one.text.index(SAID)
    return Item(one.speech_id, start, start + len(SAID), "开头用")


def found(folder: Path, *items: Item, sample: bool = False, nearest: Callable[[str], Hit | None] = nowhere) -> tuple[Entry, ...]:
    return entries(Archive(folder / "archive"), items, nearest, sample=sample)


def replaced(folder: Path, analyzer: Analyzer, text: str) -> None:
    write(folder / "files" / "信息.txt", text)
    ingester(folder / "archive", analyzer).ingest_paths([folder / "files"])


def test_an_entry_has_its_words_and_its_full_citation(folder: Path, item: Item) -> None:
    (one,) = found(folder, item, sample=True)
    assert (one.quote, one.fate, one.sound, one.notice, one.heading) == (SAID, Fate.SAME, True, "", "信息要快")
    assert one.citation is not None
    assert one.citation.line == (
        "《在全市信息工作会议上的讲话》，2019年3月5日，一、信息要快，来源文件：信息.txt，示例（虚构）"
    )
    assert found(folder, item)[0].citation.line.endswith("信息.txt")  # type: ignore[union-attr]


def test_a_citation_stays_valid_when_the_file_is_ingested_again_or_its_other_speeches_change(
    tmp_path: Path, analyzer: Analyzer
) -> None:
    file, archive = tmp_path / "files" / "合集.txt", tmp_path / "archive"
    first, second = (f"第{n}篇：在{topic}会议上的讲话\n同志们：\n{filler(topic, 30)}" for n, topic in (("一", "防汛"), ("二", "茶叶")))
    for text in (f"{first}\n{second}{SAID}\n", f"{first}\n{second}{SAID}\n", f"{first}加一句话，请大家记好。\n{second}{SAID}\n"):
        write(file, text)
        ingester(archive, analyzer).ingest_paths([tmp_path / "files"])
        one = Archive(archive).speeches()[-1]
        start = one.text.index(SAID)
        if "加一句话" not in text:
            collected = Item(one.speech_id, start, start + len(SAID))
        (entry,) = entries(Archive(archive), [collected], nowhere, sample=False)
        assert (entry.quote, entry.fate, entry.notice) == (SAID, Fate.SAME, "")


def test_an_edited_speech_that_still_says_it_is_cited_anew(folder: Path, item: Item, analyzer: Analyzer) -> None:
    replaced(folder, analyzer, TEXT.replace("今天讲两件事。", "今天在这里只讲两件事，请大家记好。"))
    (one,) = found(folder, item)
    assert (one.quote, one.fate, one.sound) == (SAID, Fate.MOVED, True)
    assert one.speech_id != item.speech_id
    assert "后来改过" in one.notice
    assert Archive(folder / "archive").speech(one.speech_id).text[slice(*one.span)] == SAID


def test_an_edited_speech_that_says_otherwise_is_never_quoted_as_before(
    folder: Path, item: Item, analyzer: Analyzer
) -> None:
    replaced(folder, analyzer, TEXT.replace("一小时", "三小时"))
    from fakes import FakeEncoder

    from rag.search.retriever import Retriever

    retriever = Retriever(Archive(folder / "archive"), FakeEncoder(), analyzer)
    (one,) = found(folder, item, nearest=nearest_of(retriever))
    assert (one.fate, one.sound) == (Fate.NEAREST, False)
    assert one.notice.startswith("所在讲话已改动或移除（原题《在全市信息工作会议上的讲话》）")
    assert one.notice in rendered([one], "md").decode()
    (lost,) = found(folder, item)
    assert (lost.fate, lost.quote, lost.citation) == (Fate.GONE, "", None)


def test_a_neighbour_in_the_same_collection_is_no_heir(tmp_path: Path, analyzer: Analyzer) -> None:
    """Two speeches of one file use one sentence. When the first is withdrawn, the second does not take its place."""
    first, second = (f"第{n}篇：在{topic}会议上的讲话\n同志们：\n{filler(topic, 30)}{SAID}\n" for n, topic in (("一", "防汛"), ("二", "茶叶")))
    write(tmp_path / "files" / "合集.txt", first + second)
    ingester(tmp_path / "archive", analyzer).ingest_paths([tmp_path / "files"])
    one, other = Archive(tmp_path / "archive").speeches()
    start = one.text.index(SAID)
    assert SAID in other.text
    writer = Writer(tmp_path / "archive")
    writer.withdraw(one.speech_id)
    writer.close()
    (entry,) = found(tmp_path, Item(one.speech_id, start, start + len(SAID)))
    assert entry.fate is Fate.GONE


def test_an_item_of_another_archive_is_kept_and_named(folder: Path) -> None:
    (one,) = found(folder, Item("elsewhere.1", 0, 5, "批注还在"))
    assert (one.fate, one.quote) == (Fate.UNKNOWN, "")
    assert "批注还在" in rendered([one], "csv").decode()
    assert "elsewhere.1" in rendered([one], "md").decode()


@pytest.mark.parametrize(("start", "end"), [(5, 5), (-1, 4), (0, 1 << 20)])
def test_offsets_outside_the_speech_are_refused(folder: Path, item: Item, start: int, end: int) -> None:
    with pytest.raises(UsageError, match="引文位置"):
        found(folder, Item(item.speech_id, start, end))


def test_neighbours_of_one_speech_stand_under_one_heading(folder: Path, item: Item) -> None:
    quick = Item(item.speech_id, 0, 4)
    grouped = runs(found(folder, item, quick, Item("elsewhere.1", 0, 5), item))
    assert [(title, len(members)) for title, members in grouped] == [
        ("在全市信息工作会议上的讲话", 2),
        ("未找到的引文", 1),
        ("在全市信息工作会议上的讲话", 1),
    ]


def test_a_table_has_a_row_an_entry_and_begins_with_the_mark_excel_needs(folder: Path, item: Item) -> None:
    data = csv_bytes(found(folder, Item(item.speech_id, item.start, item.end, "=1+1"), sample=True), "题")
    assert data.startswith(b"\xef\xbb\xbf")
    (row,) = csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    assert tuple(row) == COLUMNS
    assert (row["引文"], row["部分"], row["示例"]) == (SAID, "一、信息要快", "示例（虚构）")
    assert row["批注"] == "\u2060=1+1"
    assert (row["讲话编号"], row["起"], row["止"]) == (item.speech_id, str(item.start), str(item.end))


@given(st.text())
def test_a_cell_is_never_a_formula_and_comes_back(cell: str) -> None:
    written = guarded(cell)
    assert written.strip()[:1] not in tuple("=+-@＝＋－＠")
    assert unguarded(written) == cell
    assert written in (cell, "\u2060" + cell)


@given(st.text(st.characters(blacklist_categories=["Cs", "Cc", "Zl", "Zp"]), min_size=1))
def test_markdown_shows_the_very_characters(line: str) -> None:
    """Read by an independent CommonMark parser, a quotation is one paragraph of plain text, and is the line."""
    tokens = MarkdownIt("commonmark").parse(f"> {escaped(line)}")
    kinds = [token.type for token in tokens]
    if not line.strip():
        return
    assert kinds == ["blockquote_open", "paragraph_open", "inline", "paragraph_close", "blockquote_close"]
    children = tokens[2].children or []
    assert {child.type for child in children} <= {"text", "text_special"}
    assert "".join(child.content for child in children).replace("\ufffd", "\x00") == line.replace("\ufffd", "\x00")


def test_markdown_of_a_quotation_in_paragraphs(folder: Path, item: Item) -> None:
    whole = Archive(folder / "archive").speech(item.speech_id).text
    text = markdown_bytes(found(folder, Item(item.speech_id, 0, len(whole))), "摘编").decode()
    quoted = [line[2:] for line in text.splitlines() if line.startswith("> ")]
    assert quoted == whole.split("\n")
