"""python -m benchmarks.speed [--sources FOLDER] [--questions FILE] [--copies N] [--repeat N] [--out TABLE.md]"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.page import command_line, page, put
from benchmarks.quality import keyword, ours
from benchmarks.quality.__main__ import quiet, warm_up
from benchmarks.quality.corpus import Corpus
from benchmarks.speed.measures import Pair, cold, ingested, ingestion, warm
from rag.config import ROOT
from rag.errors import YanjuError
from rag.evaluate.questions import read_questions
from rag.evaluate.report import Table
from rag.evaluate.report_markdown import markdown_table
from rag.session import chosen_encoder

SOURCES, QUESTIONS = ROOT / "data" / "speeches", ROOT / "data" / "eval" / "questions.jsonl"


def main(arguments: Sequence[str] | None = None) -> int:
    options = parser().parse_args(arguments)
    quiet()
    try:
        lines = measured(Path(options.sources), Path(options.questions), options.copies, options.repeat)
    except YanjuError as error:
        print(error, file=sys.stderr)
        return 2
    put(page("Speed beside simpler programs", command_line("benchmarks.speed", arguments), lines), options.out)
    return 0


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(
        prog="python -m benchmarks.speed", description="Speed, as ratios to simpler programs."
    )
    top.add_argument("--sources", default=SOURCES, metavar="FOLDER")
    top.add_argument("--questions", default=QUESTIONS, metavar="FILE")
    top.add_argument("--copies", type=int, default=5, metavar="N", help="copies of each text to ingest (default 5)")
    top.add_argument("--repeat", type=int, default=3, metavar="N", help="counted rounds (default 3)")
    top.add_argument("--out", metavar="TABLE.md")
    return top


def measured(sources: Path, questions: Path, copies: int, repeat: int) -> list[str]:
    """All measurements as a Markdown table."""
    asked = read_questions(questions)
    corpus = Corpus.read(sources, chosen_encoder())
    warm_up([*ours.SYSTEMS, *keyword.SYSTEMS], corpus.encoder)
    with ingested(sources, corpus.encoder) as archive:
        pairs = [*cold(archive, sources, asked, max(5, repeat)), *warm(archive, corpus, asked, repeat)]
    pairs += ingestion(corpus, copies)
    about = (
        f"{len(corpus.texts)} files, {corpus.characters:,} characters, {len(asked)} questions; "
        f"encoder {corpus.encoder.name} ({corpus.encoder.fingerprint}); {os.cpu_count()} cores. "
        "A ratio above 1 means slower than the peer for times, faster than the peer for rates."
    )
    return [about, "", *markdown_table(_table(pairs))]


def _table(pairs: Sequence[Pair]) -> Table:
    rows = [
        (p.what, p.unit, _number(p.ours, p.rate), p.peer_name, _number(p.peer, p.rate), f"{p.ratio:.2f}") for p in pairs
    ]
    return Table("", ("measurement", "unit", "ours", "peer", "peer's", "ratio"), tuple(rows))


def _number(value: float, rate: bool) -> str:
    return f"{value:,.0f}" if rate else f"{value:.2f}"


if __name__ == "__main__":
    raise SystemExit(main())
