"""Reading: names, filters, twins, pages and a state that holds still."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from fakes import AXES, filler, ingester, speech, write

from rag.archive.reader import Archive
from rag.archive.rows import PassageVectors, load_sentences, pack, unpack
from rag.errors import UsageError
from rag.pipeline.run import Ingester
from rag.text.words import Analyzer
from rag.types import Filters, Span


@pytest.fixture
def put(tmp_path: Path, analyzer: Analyzer) -> Ingester:
    return ingester(tmp_path / "archive", analyzer)


def read(put: Ingester) -> Archive:
    return Archive(put.writer.folder)


def test_a_name_that_is_alone_stands_alone(put: Ingester, tmp_path: Path) -> None:
    put.ingest_file(write(tmp_path / "甲" / "讲话.txt", speech("信息讲话", filler("信息"))))
    assert [source.display for source in read(put).sources()] == ["讲话.txt"]


def test_namesakes_are_shown_with_as_much_folder_as_tells_them_apart(put: Ingester, tmp_path: Path) -> None:
    for n, folder in enumerate(["甲/一", "乙/一", "乙/二"]):
        put.ingest_file(write(tmp_path / folder / "讲话.txt", speech(f"讲话{n}", filler(AXES[n]))))
    assert {source.display for source in read(put).sources()} == {"甲/一/讲话.txt", "乙/一/讲话.txt", "二/讲话.txt"}
    assert {one.file for one in read(put).speeches()} == {"甲/一/讲话.txt", "乙/一/讲话.txt", "二/讲话.txt"}


def test_a_file_and_an_upload_of_one_name_are_told_apart(put: Ingester, tmp_path: Path) -> None:
    put.ingest_file(write(tmp_path / "讲话.txt", speech("信息讲话", filler("信息"))))
    put.ingest_upload("讲话.txt", speech("安全讲话", filler("安全")).encode())
    shown = [source.display for source in read(put).sources()]
    assert len(set(shown)) == 2


def test_unknown_speech(put: Ingester) -> None:
    with pytest.raises(UsageError, match=r"没有编号为 x\.y 的讲话.*list"):
        read(put).speech("x.y")


def test_original_bytes_come_back(put: Ingester, tmp_path: Path) -> None:
    raw = speech("信息讲话", filler("信息")).encode("gb18030")
    (tmp_path / "a.txt").write_bytes(raw)
    put.ingest_file(tmp_path / "a.txt")
    archive = read(put)
    (source,) = archive.sources()
    assert archive.source_bytes(source.id) == raw
    assert archive.source_text(source.id) == raw.decode("gb18030")


def test_twins_are_texts_that_differ_in_punctuation_and_width_only(put: Ingester, tmp_path: Path) -> None:
    text = speech("信息讲话", filler("信息"))
    one = put.ingest_file(write(tmp_path / "a.txt", text)).speech_ids[0]
    two = put.ingest_file(write(tmp_path / "b.txt", text.replace("。", "！").replace("第1件", "第１件"))).speech_ids[0]
    put.ingest_file(write(tmp_path / "c.txt", text.replace("第1件", "第九件")))
    assert read(put).twins() == {one: [two], two: [one]}


def test_filters(put: Ingester, tmp_path: Path) -> None:
    ids = {}
    for year, word in ((2018, "信息"), (2020, "会议"), (None, "安全")):
        text = speech(f"{word}工作讲话", filler(word), date=f"{year}年3月5日" if year else "")
        (ids[year],) = put.ingest_file(write(tmp_path / f"{word}.txt", text)).speech_ids
    put.writer.correct(ids[2018], "speaker", "张三")
    put.writer.correct(ids[2020], "speaker", "李四")
    archive = read(put)

    def found(filters: Filters) -> set[str]:
        return {one.speech_id for one in archive.speeches(archive.matching_speeches(filters))}

    assert found(Filters()) == set(ids.values())
    assert found(Filters(years=(2018, 2019))) == {ids[2018]}
    assert found(Filters(years=(2018, 2020))) == {ids[2018], ids[2020]}
    assert found(Filters(speaker=("张",))) == {ids[2018]}
    assert found(Filters(speaker=("张三", "李四"))) == {ids[2018], ids[2020]}
    assert found(Filters(speaker=("张三",), years=(2020, 2020))) == set()
    assert found(Filters(speech_ids=(ids[None], "nobody"))) == {ids[None]}
    assert found(Filters(speaker=("' OR 1 --",))) == set()
    assert archive.undated() == 1
    assert archive.facet("speaker") == [("张三", 1), ("李四", 1)]


def test_fields_and_tables_are_whitelisted(put: Ingester) -> None:
    with pytest.raises(ValueError, match="no such field"):
        read(put).facet("text FROM speeches --")
    with pytest.raises(ValueError, match="no such table"):
        read(put).count("meta")


def test_passages_are_slices_of_their_speech_in_document_order(put: Ingester, tmp_path: Path) -> None:
    put.ingest_file(write(tmp_path / "a.txt", speech("信息讲话", filler("信息", 60), filler("安全", 30))))
    archive = read(put)
    (one,) = archive.speeches()
    ids = archive.passage_ids([one.id])
    rows = archive.passages(ids)
    assert len(ids) > 3
    assert [rows[i].start for i in ids] == sorted(rows[i].start for i in ids)
    for row in rows.values():
        for span in row.sentences:
            assert row.start <= span.start < span.end <= row.end
        assert row.sentence_vectors.shape == (len(row.sentences), 4)
        counts = np.array([one.text[row.start : row.end].count(word) for word in AXES], dtype=float)
        assert row.vector == pytest.approx(counts / np.linalg.norm(counts), abs=1e-3)


def test_ids_in_more_than_one_batch(put: Ingester, tmp_path: Path) -> None:
    put.ingest_file(write(tmp_path / "a.txt", speech("信息讲话", filler("信息", 60))))
    archive = read(put)
    wanted = archive.passage_ids()
    assert sorted(archive.passages([*wanted, *range(10_000, 11_500)])) == sorted(wanted)


def test_a_snapshot_holds_still(put: Ingester, tmp_path: Path) -> None:
    put.ingest_file(write(tmp_path / "a.txt", speech("信息讲话", filler("信息"))))
    archive = read(put)
    with archive.snapshot(), archive.snapshot():
        before = archive.generation
        put.ingest_file(write(tmp_path / "b.txt", speech("安全讲话", filler("安全"))))
        assert (archive.generation, archive.count("sources")) == (before, 1)
    assert archive.count("sources") == 2
    assert archive.generation > before


def test_vectors_as_stored_are_those_of_the_rows(put: Ingester, tmp_path: Path) -> None:
    put.ingest_file(write(tmp_path / "a.txt", speech("信息讲话", filler("信息", 60), filler("安全", 30))))
    archive = read(put)
    ids = archive.passage_ids()
    found = PassageVectors.unpacked(archive.packed_vectors([*ids, 9_999]), archive.dimension)
    rows = archive.passages(ids)
    assert sorted(found.ids) == sorted(ids)
    for n, i in enumerate(found.ids):
        assert np.array_equal(found.passages[n], rows[i].vector)
        assert np.array_equal(found.sentences[found.bounds[n] : found.bounds[n + 1]], rows[i].sentence_vectors)


def test_half_precision_keeps_three_decimals_and_the_shape() -> None:
    vectors = np.array([[0.6, 0.8], [1.0, 0.0], [-0.12345, 0.99235]], dtype=np.float32)
    assert unpack(pack(vectors), 2) == pytest.approx(vectors, abs=5e-4)
    assert unpack(None, 3).shape == unpack(b"", 3).shape == (0, 3)


def test_sentences_are_stored_relative_to_their_passage() -> None:
    assert load_sentences("[0,5,6,9]", 100) == (Span(100, 105), Span(106, 109))
