"""What speeches of an archive share."""

from __future__ import annotations

from pathlib import Path

import pytest
from fakes import ingester, speech, write

from rag.archive.reader import Archive
from rag.config import ROOT
from rag.errors import UsageError
from rag.text.normalize import skeleton
from rag.text.words import Analyzer
from rag.write.reuse import all_pairs, pairs_of

SEEDS = ROOT.parent / "shared" / "seeds"
SHARED = "信息员是一座城市的守夜人。别人睡了，他的手机不能睡；别人以为没事了，他还要再问一句真没事了吗。"
LONG = tuple(
    f"第{n}件事是把{what}管好，谁家出了问题谁家负责，不许往上推。" for n, what in enumerate("水电路网桥房树田")
)
FILES = {
    "甲.txt": speech("在甲县会议上的讲话", "去年的工作大家都看见了，今年只讲一件事。", SHARED, date="2019年3月5日"),
    "乙.txt": speech("在乙县会议上的讲话", SHARED.replace("手机", "电话"), "另外，值班室的灯要亮着。"),
    "丙.txt": speech("在丙县动员会上的讲话", *LONG),
    "丁.txt": speech("在丁县动员会上的讲话", *LONG, "最后强调一句，散会以后马上传达。"),
    "丙的副本.txt": speech("在丙县动员会上的讲话", *LONG),
}


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory, analyzer: Analyzer) -> Archive:
    folder = tmp_path_factory.mktemp("reuse")
    for name, text in FILES.items():
        write(folder / "files" / name, text)
    report = ingester(folder / "archive", analyzer).ingest_paths([folder / "files"])
    assert report.speeches == len(FILES)
    return Archive(folder / "archive")


def id_of(archive: Archive, file: str) -> str:
    return next(one.speech_id for one in archive.summaries() if one.file == file)


def test_every_pair_that_shares_a_run_is_listed_most_shared_first(archive: Archive) -> None:
    found = [{pair.a.file, pair.b.file} for pair in all_pairs(archive)]
    assert {"甲.txt", "乙.txt"} in found
    assert {"丙.txt", "丙的副本.txt"} in found
    assert found[-1] == {"甲.txt", "乙.txt"}
    chars = [pair.chars for pair in all_pairs(archive)]
    assert chars == sorted(chars, reverse=True)


def test_twins_and_near_twins_are_named(archive: Archive) -> None:
    kinds = {frozenset((pair.a.file, pair.b.file)): pair for pair in all_pairs(archive)}
    twin = kinds[frozenset(("丙.txt", "丙的副本.txt"))]
    assert (twin.share_a, twin.share_b, twin.nearly_identical) == (1.0, 1.0, True)
    (near,) = [pair for key, pair in kinds.items() if "丁.txt" in key]
    assert near.nearly_identical
    assert not kinds[frozenset(("甲.txt", "乙.txt"))].contained


def test_spans_are_those_of_the_texts(archive: Archive) -> None:
    (pair,) = pairs_of(archive, id_of(archive, "甲.txt"), id_of(archive, "乙.txt"))
    (run,) = pair.runs
    assert pair.a.file == "甲.txt"
    assert pair.a.text[run.a.start : run.a.end] == SHARED.rstrip("。")
    assert pair.b.text[run.b.start : run.b.end] == SHARED.replace("手机", "电话").rstrip("。")
    for own, other in run.exact:
        assert skeleton(pair.a.text[own.start : own.end]) == skeleton(pair.b.text[other.start : other.end])
    assert run.chars == len(skeleton(SHARED))
    assert run.similarity == round(2 * (run.chars - 2) / (2 * run.chars), 4)


def test_one_speech_against_all_others(archive: Archive) -> None:
    assert {pair.b.file for pair in pairs_of(archive, id_of(archive, "丁.txt"))} == {"丙.txt", "丙的副本.txt"}
    assert pairs_of(archive, id_of(archive, "甲.txt"), id_of(archive, "丙.txt")) == []


def test_mistakes_are_named(archive: Archive) -> None:
    one = id_of(archive, "甲.txt")
    with pytest.raises(UsageError, match="两篇不同"):
        pairs_of(archive, one, one)
    with pytest.raises(UsageError, match="没有编号"):
        pairs_of(archive, one, "查无此篇")
    with pytest.raises(UsageError, match="最短长度"):
        all_pairs(archive, 3)


@pytest.mark.seeds
@pytest.mark.skipif(not SEEDS.is_dir(), reason="the real files are not beside this repository")
def test_the_collections_repeated_speech_is_found(tmp_path: Path, analyzer: Analyzer) -> None:
    """Parts 7 and 8 of one real collection are the same speech."""
    (file,) = SEEDS.glob("003_*")
    ingester(tmp_path, analyzer).ingest_paths([file])
    archive = Archive(tmp_path)
    parts = {one.speech_id: one.ordinal + 1 for one in archive.summaries()}
    twins = [pair for pair in all_pairs(archive) if pair.nearly_identical]
    assert [(parts[pair.a.speech_id], parts[pair.b.speech_id]) for pair in twins] == [(7, 8)]
    assert twins[0].share_a == twins[0].share_b == 1.0
