"""python -m benchmarks.browser [--sources FOLDER] [--questions FILE] [--count N] [--files N] [--out TABLE.md]

Starts the application on a fresh archive of the sources, asks in a real Chromium, then uploads generated files through the
page of the archive's keeper and asks again while they are taken in. Needs `chromium` and the dev requirements.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.browser.application import serving
from benchmarks.browser.chromium import Readings, asked, uploading
from benchmarks.browser.files import written
from benchmarks.page import command_line, page, put
from rag.config import ROOT
from rag.errors import UsageError, YanjuError
from rag.evaluate.questions import read_questions
from rag.evaluate.report import Table
from rag.evaluate.report_markdown import markdown_table
from rag.pipeline.run import Ingester
from rag.session import chosen_encoder, shared_analyzer

SOURCES, QUESTIONS = ROOT / "data" / "speeches", ROOT / "data" / "eval" / "questions.jsonl"


def main(arguments: Sequence[str] | None = None) -> int:
    options = parser().parse_args(arguments)
    try:
        lines = measured(Path(options.sources), Path(options.questions), options.count, options.files)
    except YanjuError as error:
        print(error, file=sys.stderr)
        return 2
    put(page("Answers in the browser", command_line("benchmarks.browser", arguments), lines), options.out)
    return 0


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(prog="python -m benchmarks.browser", description="Time to a rendered answer.")
    top.add_argument("--sources", default=SOURCES, metavar="FOLDER")
    top.add_argument("--questions", default=QUESTIONS, metavar="FILE")
    top.add_argument("--count", type=int, default=20, metavar="N", help="questions asked each time (default 20)")
    top.add_argument("--files", type=int, default=200, metavar="N", help="files to ingest meanwhile (default 200)")
    top.add_argument("--out", metavar="TABLE.md")
    return top


def measured(sources: Path, questions: Path, count: int, files: int) -> list[str]:
    """Both series as a Markdown table. No question is asked twice, so that no answer comes from a cache."""
    chromium = next((path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None)
    if chromium is None:
        raise UsageError("没有找到 chromium，请先安装。")
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
    texts = [question.query for question in read_questions(questions)]
    if len(texts) < 2 * count + 1:
        raise UsageError(f"需要 {2 * count + 1} 个问题，{questions} 只有 {len(texts)} 个。")
    with tempfile.TemporaryDirectory(prefix="yanju-browser-") as name:
        folder = Path(name)
        Ingester.open(folder / "archive", chosen_encoder(), shared_analyzer()).ingest_paths([sources])
        paths = written(folder / "files", sources, files)
        with serving(folder / "archive", folder / "server.log") as server:
            rest = asked(chromium, server.address, texts[1 : count + 1], first=texts[0])
            with uploading(chromium, server, paths) as upload:
                busy = asked(chromium, server.address, texts[count + 1 : 2 * count + 1], first=texts[0], until=upload.count)
    errors = f"Page errors: {len(rest.errors) + len(busy.errors)}."
    return [*_table(rest, busy), "", f"{busy.note} {errors}", "", f"Load average at the start: {load:.1f} on {os.cpu_count()} cores."]


def _table(rest: Readings, busy: Readings) -> list[str]:
    rows = [
        (what, str(len(one.seconds)), f"{one.quantile(0.5):.2f}", f"{one.quantile(0.95):.2f}", f"{max(one.seconds):.2f}")
        for what, one in (("at rest", rest), ("while files are ingested", busy))
    ]
    return list(markdown_table(Table("", ("", "questions", "p50, s", "p95, s", "slowest, s"), tuple(rows))))


if __name__ == "__main__":
    raise SystemExit(main())
