"""A search computes in one thread."""

from __future__ import annotations

from pathlib import Path

from fakes import FakeEncoder, filler, ingester, speech, write

from rag.archive.reader import Archive
from rag.search.retriever import Retriever
from rag.text.words import Analyzer


def test_a_retriever_leaves_numpys_blas_one_thread(tmp_path: Path, analyzer: Analyzer) -> None:
    from threadpoolctl import threadpool_info

    ingester(tmp_path / "archive", analyzer).ingest_file(write(tmp_path / "a.txt", speech("讲话", filler("信息"))))
    Retriever(Archive(tmp_path / "archive"), FakeEncoder(), analyzer)
    blas = [one for one in threadpool_info() if one["user_api"] == "blas" and "numpy" in one["filepath"]]
    assert [one["num_threads"] for one in blas] == [1] * len(blas)
    assert blas or "accelerate" in str(__import__("numpy").show_config(mode="dicts")).lower()
