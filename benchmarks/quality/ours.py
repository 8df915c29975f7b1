"""This program, as it comes: a temporary archive, the shipped settings."""

from __future__ import annotations

import tempfile
from pathlib import Path

from benchmarks.quality.corpus import DEPTH, Corpus, Searcher, System
from rag.archive.writer import Writer
from rag.evaluate.search_metrics import Ranked
from rag.pipeline.run import Ingester
from rag.session import Session, shared_analyzer


def build(corpus: Corpus) -> Searcher:
    """Reads the files itself: reading, cleaning and splitting are part of its build time, as of no other's."""
    holder = tempfile.TemporaryDirectory(prefix="yanju-bench-", ignore_cleanup_errors=True)
    folder = Path(holder.name)
    Ingester(Writer(folder), corpus.encoder, shared_analyzer()).ingest_paths([corpus.folder])
    retriever = Session.open(folder, corpus.encoder).retriever

    def search(query: str) -> list[Ranked]:
        assert holder  # keeps the folder for as long as it is searched
        return [Ranked(hit.place.file, hit.text) for hit in retriever.search(query, DEPTH).hits]

    return search


SYSTEMS = (System("yanju", "言据 (this checkout)", "as shipped", build),)
