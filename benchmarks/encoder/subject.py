"""python -m benchmarks.encoder.subject MODEL PASSAGES.json QUERIES.json: one encoder, measured in a process of its own."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import numpy as np


def main(model: str, passages: str, queries: str) -> int:
    started = time.perf_counter()
    from rag.encoder.load import load_encoder

    encoder = load_encoder(model)
    encoder.encode_queries(["开始"])
    ready = time.perf_counter() - started
    texts = json.loads(Path(passages).read_text(encoding="utf-8"))
    asked = json.loads(Path(queries).read_text(encoding="utf-8"))
    before = time.perf_counter()
    encoder.encode_passages(texts)
    rate = sum(map(len, texts)) / (time.perf_counter() - before)
    times = []
    for query in asked:
        before = time.perf_counter()
        encoder.encode_queries([query])
        times.append(time.perf_counter() - before)
    found = {
        "ready": ready,
        "rate": rate,
        "p50": float(np.percentile(times, 50)) * 1000,
        "p95": float(np.percentile(times, 95)) * 1000,
        "memory": peak_memory() / 1e6,
        "size": size(model) / 1e6,
    }
    print(json.dumps(found))
    return 0


def peak_memory() -> int:
    """Bytes of memory that this process held at most (resource is not on Windows)."""
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def size(model: str) -> int:
    return sum(path.stat().st_size for path in Path(model).rglob("*") if path.is_file())


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
