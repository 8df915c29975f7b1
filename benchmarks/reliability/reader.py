"""python -m benchmarks.reliability.reader ARCHIVE COUNTS.json END PAUSE: searches and looks for half files.

END is a time of the monotonic clock, which all processes of a machine share. Prints one JSON object: ``times`` (for each
search when it began, and the seconds it took), ``looks`` (how often all files were counted) and ``faults``.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from benchmarks.reliability.kill import QUERIES
from rag.archive.reader import Archive
from rag.search.retriever import Retriever
from rag.session import chosen_encoder, shared_analyzer

_COUNTS = (
    "SELECT s.path, count(DISTINCT p.id), count(q.id), (SELECT count(*) FROM words w WHERE w.rowid IN"
    " (SELECT x.id FROM passages x JOIN speeches y ON y.id = x.speech WHERE y.source = s.id))"
    " FROM sources s LEFT JOIN speeches p ON p.source = s.id LEFT JOIN passages q ON q.speech = p.id GROUP BY s.id"
)


def counts(archive: Archive) -> dict[str, list[int]]:
    """File name → its numbers of speeches, passages and rows of the word index, all at one moment."""
    with archive.snapshot():
        return {Path(path).name: list(numbers) for path, *numbers in archive.db.execute(_COUNTS).fetchall()}


def read(folder: Path, allowed: dict[str, list[list[int]]], end: float, pause: float) -> dict[str, object]:
    archive = Archive(folder)
    retriever = Retriever(archive, chosen_encoder(), shared_analyzer())
    found = {query: bool(retriever.search(query, 10).hits) for query in QUERIES}
    times, looks, faults = [], 0, []
    while not looks or time.monotonic() < end:
        for query in QUERIES:
            started = time.monotonic()
            hits = retriever.search(query, 10).hits
            times.append((started, time.monotonic() - started))
            if bool(hits) != found[query]:
                faults.append(f"«{query}» found {len(hits)} passages")
            time.sleep(pause)
        looks += 1
        for name, numbers in counts(archive).items():
            if numbers not in allowed[name]:
                faults.append(f"{name}: {numbers} is neither of {allowed[name]}")
    return {"times": times, "looks": looks, "faults": faults}


if __name__ == "__main__":
    known = json.loads(Path(sys.argv[2]).read_text(encoding="utf-8"))
    json.dump(read(Path(sys.argv[1]), known, float(sys.argv[3]), float(sys.argv[4])), sys.stdout)
