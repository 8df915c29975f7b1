"""python -m benchmarks.scale.indexes ARCHIVE [--vectors N] [--out FILE]: kinds of FAISS indexes on an archive's vectors.

Why `rag.search.ann` takes what it takes: recall@10 of real questions against exact search, with and without a filter that
leaves a tenth, beside what a question costs, what building costs, and what the index weighs.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.scale.questions import questions
from rag.archive.reader import Archive
from rag.encoder.base import Vectors
from rag.evaluate.report import Table
from rag.evaluate.report_markdown import markdown_table
from rag.search import ann
from rag.search.dense import sample_queries
from rag.session import chosen_encoder

K, ASKED, SHARE = 10, 200, 0.1
Ask = Callable[[Vectors, Any, float], Any]  # (question, selector, share of the vectors that it lets through) → ids


@dataclass(frozen=True)
class Kind:
    """An index with a name and a way to ask it."""

    name: str
    index: Any
    building_s: float
    ask: Ask


def main(arguments: Sequence[str] | None = None) -> int:
    top = argparse.ArgumentParser(prog="python -m benchmarks.scale.indexes", description=(__doc__ or "").split(":")[0])
    top.add_argument("archive", type=Path)
    top.add_argument(
        "--vectors", type=int, default=100_000, metavar="N", help="so many of the archive's, evenly spread"
    )
    top.add_argument("--out", type=Path, default=Path(__file__).with_name("INDEXES.md"), metavar="FILE")
    options = top.parse_args(arguments)
    archive = Archive(options.archive)
    ids, vectors = archive.passage_vectors()
    rows = np.unique(np.linspace(0, len(ids) - 1, min(len(ids), options.vectors)).astype(np.int64))
    sentences = sample_queries(archive, ids[rows])
    table = compared(ids[rows], vectors[rows], chosen_encoder().encode_queries(questions(ASKED)), sentences)
    options.out.write_text("\n".join([f"# {table.title}", "", *markdown_table(table)]) + "\n", encoding="utf-8")
    return 0


def compared(ids: ann.Ids, vectors: Vectors, queries: Vectors, sentences: Vectors) -> Table:
    """One row a kind of index; milliseconds and seconds are CPU time. ``sentences`` are what probes are measured with."""
    allowed = ids[:: round(1 / SHARE)]
    truth = ann.exact(queries, ids, vectors, K)
    filtered = ann.exact(queries, allowed, vectors[:: round(1 / SHARE)], K)
    body = []
    for kind in kinds(ids, vectors, sentences):
        used = time.process_time()
        recall = ann.recall_of(np.array([kind.ask(query, None, 1.0) for query in queries]), truth)
        cost = 1000 * (time.process_time() - used) / len(queries)
        within = [kind.ask(query, ann.among(allowed), SHARE) for query in queries]
        figures = (
            kind.building_s,
            size(kind.index) / len(ids),
            cost,
            recall,
            ann.recall_of(np.array(within), filtered),
        )
        body.append(
            (kind.name, *(f"{value:.{digits}f}" for value, digits in zip(figures, (1, 0, 2, 3, 3), strict=True)))
        )
        print(*body[-1], file=sys.stderr, flush=True)
    head = ("index", "built, CPU s", "bytes a vector", "ms a question", "recall@10", f"recall@10 among {SHARE:.0%}")
    return Table(f"FAISS indexes of {len(ids):,} passages, {vectors.shape[1]} dimensions", head, tuple(body))


def kinds(ids: ann.Ids, vectors: Vectors, sentences: Vectors) -> list[Kind]:
    import faiss

    faiss.omp_set_num_threads(os.cpu_count() or 1)
    dimension, inner = vectors.shape[1], faiss.METRIC_INNER_PRODUCT
    used = time.process_time()
    single = faiss.IndexIDMap2(faiss.IndexFlatIP(dimension))
    single.add_with_ids(vectors, ids)
    out = [Kind("flat, fp32", single, time.process_time() - used, _ask(single, 0))]
    used = time.process_time()
    flat = ann.flat(ids, vectors)
    out.append(Kind("flat, fp16 (as stored)", flat, time.process_time() - used, _ask(flat, 0)))
    used = time.process_time()
    inverted = ann.inverted_file(ids, vectors)
    plan = ann.measured(inverted, ids, vectors, sentences)
    name = f"IVF{plan.lists}, SQ8, {plan.probes} probes (measured for recall {ann.TARGET_RECALL})"
    out.append(Kind(name, inverted, time.process_time() - used, _ask(inverted, plan.probes)))
    for name, graph in (
        ("HNSW16, fp32", faiss.IndexHNSWFlat(dimension, 16, inner)),
        ("HNSW16, SQ8", faiss.IndexHNSWSQ(dimension, faiss.ScalarQuantizer.QT_8bit, 16, inner)),
    ):
        used = time.process_time()
        graph.hnsw.efConstruction = 80
        graph.train(vectors)
        whole = faiss.IndexIDMap2(graph)
        whole.add_with_ids(vectors, ids)
        building = time.process_time() - used
        out += [Kind(f"{name}, ef {ef}", whole, building, _ask_graph(whole, ef)) for ef in (64, 256)]
    return out


def _ask(index: Any, probes: int) -> Ask:
    return lambda query, selector, share: ann.search(index, query, K, probes, selector, share)[1]


def _ask_graph(index: Any, ef: int) -> Ask:
    import faiss

    def ask(query: Vectors, selector: Any, share: float) -> Any:
        faiss.omp_set_num_threads(1)
        given = faiss.SearchParametersHNSW(efSearch=ef, sel=selector)
        return index.search(query.reshape(1, -1), K, params=given)[1][0]

    return ask


def size(index: Any) -> int:
    """Bytes of the index as a file."""
    import faiss

    return len(faiss.serialize_index(index))


if __name__ == "__main__":
    raise SystemExit(main())
