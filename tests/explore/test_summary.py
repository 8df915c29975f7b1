"""What a speech says in its own words."""

from __future__ import annotations

from pathlib import Path

import pytest
from fakes import ingester, speech

from rag.archive.reader import Archive
from rag.archive.rows import SpeechRow
from rag.explore.summary import summarise
from rag.text.words import Analyzer

OUTLINED = speech(
    "在全县工作会议上的讲话",
    "一、会议要开短",
    "能合并的会议一律合并，能不开的坚决不开。每次不超过一个半小时。",
    "二、文件要写实",
    "（一）少发文件",
    "凡是能用电话说清楚的，不再发文件通知各单位。",
    "（二）写短文件",
    "请看一下。简报不超过一千字，报告不超过三千字。",
)
PLAIN = speech(
    "在座谈会上的讲话",
    "首先，我代表县委向大家表示衷心的感谢。今天主要是来听意见的，请大家敞开说。",
    "困难企业要一户一策，不能一刀切，帮扶资金月底前到位。",
)


def row(folder: Path, text: str, analyzer: Analyzer) -> SpeechRow:
    ingester(folder, analyzer).ingest_upload("讲话.txt", text.encode())
    return Archive(folder).speeches()[0]


def said(one: SpeechRow, most: int = 8) -> list[tuple[str, str]]:
    points = summarise(one, most)
    spans = [(p.heading or (0, 0), p.lead or (0, 0)) for p in points]
    return [(one.text[slice(*heading)], one.text[slice(*lead)]) for heading, lead in spans]


def test_headings_with_the_sentence_that_opens_each_part(tmp_path: Path, analyzer: Analyzer) -> None:
    assert said(row(tmp_path, OUTLINED, analyzer)) == [
        ("一、会议要开短", "能合并的会议一律合并，能不开的坚决不开。"),
        ("二、文件要写实", "凡是能用电话说清楚的，不再发文件通知各单位。"),
    ]


def test_without_headings_the_paragraphs_open_it_and_courtesies_are_passed_over(
    tmp_path: Path, analyzer: Analyzer
) -> None:
    assert said(row(tmp_path, PLAIN, analyzer)) == [
        ("", "今天主要是来听意见的，请大家敞开说。"),
        ("", "困难企业要一户一策，不能一刀切，帮扶资金月底前到位。"),
    ]


def test_a_long_speech_is_sampled_evenly(tmp_path: Path, analyzer: Analyzer) -> None:
    numbers = "一二三四五六七八九"
    parts = [p for n in numbers for p in (f"{n}、抓好第{n}项工作", f"第{n}项工作年底之前必须全部完成，不得拖延。")]
    found = said(row(tmp_path, speech("在大会上的讲话", *parts), analyzer), most=3)
    assert [heading[0] for heading, _lead in found] == ["一", "四", "七"]


def test_every_sample_speech_can_be_summed_up(sample_archive: Path) -> None:
    speeches = Archive(sample_archive).speeches()
    empty = [one.title for one in speeches if not summarise(one)]
    assert len(empty) <= len(speeches) * 0.02, empty
    for one in speeches:
        ends = [span.end for point in summarise(one) for span in (point.heading, point.lead) if span]
        assert ends == sorted(ends)


@pytest.mark.parametrize("text", ["", "同志们："])
def test_a_speech_that_says_nothing_has_no_points(tmp_path: Path, analyzer: Analyzer, text: str) -> None:
    from dataclasses import replace

    one = replace(row(tmp_path, PLAIN, analyzer), text=text, sections=())
    assert summarise(one) == []
