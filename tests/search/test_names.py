"""The archive's own names are found as they stand, with or without quotation marks."""

from __future__ import annotations

from pathlib import Path

import pytest
from fakes import FakeEncoder, ingester, speech, write

from rag.archive.reader import Archive
from rag.search.retriever import Retriever
from rag.text.words import Analyzer

TEXTS = {
    "共建.txt": "各单位要共建共享，六家一起出力，共建更好的办公环境。共建要出力，出力要共建。",
    "六力.txt": "今年全面推行“六力共建”，办公室牵头。",
    "作风.txt": "大力改进作风，会议要开短会，不开长会。",
}


@pytest.fixture
def retriever(tmp_path: Path, analyzer: Analyzer) -> Retriever:
    for name, text in TEXTS.items():
        write(tmp_path / "source" / name, speech(f"{name}的讲话", text))
    with ingester(tmp_path / "archive", analyzer) as put:
        put.ingest_paths([tmp_path / "source"])
    return Retriever(Archive(tmp_path / "archive"), FakeEncoder(), analyzer)


@pytest.mark.parametrize("question", ["六力共建", "六力共建怎么推行", "他们对六力共建是怎么讲的", "「六力共建」怎么推行"])
def test_a_name_is_found_first(retriever: Retriever, question: str) -> None:
    first = retriever.search(question).hits[0]
    assert "六力共建" in first.text
    assert first.scores["phrase"] == 1.0


@pytest.mark.parametrize(
    ("question", "preferred"),
    [
        ("六力共建由谁牵头", ("六力共建",)),
        ("会议要开短会", ("会议要开短会",)),  # all that is typed, word for word
        ("开短会", ()),  # too short to be more than a subject
        ("怎么才能多开短会少开长会", ()),  # said, but not as a name
        ("五力共建由谁牵头", ()),
        ("共建", ()),
    ],
)
def test_what_counts_as_a_name(retriever: Retriever, question: str, preferred: tuple[str, ...]) -> None:
    assert retriever.read(question).preferred == preferred


def test_a_preferred_phrase_filters_nothing(retriever: Retriever) -> None:
    assert {hit.place.file for hit in retriever.search("六力共建怎么推行").hits} >= {"六力.txt", "共建.txt"}
