"""Formulations over time."""

from __future__ import annotations

from pathlib import Path

import pytest
from fakes import FakeEncoder, ingester, speech, write

from rag.archive.reader import Archive
from rag.errors import UsageError
from rag.search.retriever import Retriever
from rag.text.words import Analyzer
from rag.write.trace import EXACT, VARIANT, trace

FILES = {
    "2017.txt": speech(
        "在全市改革会议上的讲话", "今年要把“一件事一次办”做成，一件事一次办是硬指标。", date="2017年2月1日"
    ),
    "2019.txt": speech(
        "在全市推进会上的讲话", "一件事一回办也好。我们只做一件事。一次办不成就办两次，都要少跑腿。", date="2019年5月"
    ),
    "无年份.txt": speech("在全区座谈会上的讲话", "一件事一次办，群众最有感受。"),
    "别的.txt": speech("在全区安全会议上的讲话", "安全生产一刻也不能放松，这件事没有第二次。", date="2018年1月2日"),
}


@pytest.fixture(scope="module")
def retriever(tmp_path_factory: pytest.TempPathFactory, analyzer: Analyzer) -> Retriever:
    folder = tmp_path_factory.mktemp("trace")
    for name, text in FILES.items():
        write(folder / "files" / name, text)
    ingester(folder / "archive", analyzer).ingest_paths([folder / "files"])
    return Retriever(Archive(folder / "archive"), FakeEncoder(), analyzer)


def test_every_use_is_found_at_its_offsets(retriever: Retriever) -> None:
    found = trace(retriever, "一件事一次办")
    texts = {one.speech_id: one.text for one in retriever.archive.speeches()}
    for one in found.counted:
        assert texts[one.place.speech_id][one.place.start : one.place.end] == one.text
    kinds = {cluster.label: (cluster.kind, cluster.edits, len(cluster.occurrences)) for cluster in found.clusters}
    assert kinds["一件事一回办"] == (VARIANT, 1, 1)
    assert next(value for value in kinds.values() if value[0] == EXACT) == (EXACT, 0, 3)
    assert found.speeches == 3


def test_years_are_counted_and_the_undated_named(retriever: Retriever) -> None:
    found = trace(retriever, "一件事一次办")
    assert [(one.key, one.exact, one.variant, one.speeches, one.all_speeches) for one in found.years] == [
        (2017, 2, 0, 1, 1),
        (2018, 0, 0, 0, 1),
        (2019, 0, 1, 1, 1),
    ]
    assert (found.undated.exact, found.undated.speeches, found.undated.all_speeches) == (1, 1, 1)
    assert sum(one.exact + one.variant for one in (*found.years, found.undated)) == len(found.counted)


def test_first_and_last_are_dated_uses_of_the_formulation_itself(retriever: Retriever) -> None:
    found = trace(retriever, "“一件事”一次办")
    assert found.first is not None
    assert found.last is not None
    assert (found.first.date, found.last.date) == ("2017-02-01", "2017-02-01")
    assert found.first.place.start < found.last.place.start


def test_a_formulation_that_nobody_uses(retriever: Retriever) -> None:
    found = trace(retriever, "六大专项攻坚")
    assert (found.counted, found.years, found.first, found.undated.exact) == ((), (), None, 0)


@pytest.mark.parametrize("wrong", ["", "，。", "一", "长" * 41])
def test_too_short_and_too_long_ones_are_refused(retriever: Retriever, wrong: str) -> None:
    with pytest.raises(UsageError, match="提法应有"):
        trace(retriever, wrong)


def test_the_encoder_finds_other_words_for_the_same(sample_archive: Path, analyzer: Analyzer) -> None:
    from rag.encoder.load import load_encoder

    found = trace(Retriever(Archive(sample_archive), load_encoder(), analyzer), "优化营商环境")
    similar = [cluster for cluster in found.clusters if cluster.kind == "similar"]
    assert similar
    assert not any("优化营商环境" in cluster.label for cluster in similar)
    assert all(one not in found.counted for cluster in similar for one in cluster.occurrences)
