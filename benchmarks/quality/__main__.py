"""python -m benchmarks.quality --sources FOLDER --questions FILE [--systems …] [--out TABLE.md]"""

from __future__ import annotations

import argparse
import logging
import os
import shlex
import sys
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from benchmarks.quality import keyword, langchain, llamaindex, ours, txtai
from benchmarks.quality.corpus import Corpus, PeerMissing, System
from benchmarks.quality.measure import Measured, Missing, measure
from benchmarks.quality.table import section
from rag.encoder.base import Encoder
from rag.errors import YanjuError
from rag.evaluate.questions import Question, read_questions
from rag.evaluate.run import search_figures
from rag.session import chosen_encoder

SYSTEMS: tuple[System, ...] = (
    *ours.SYSTEMS,
    *keyword.SYSTEMS,
    *llamaindex.SYSTEMS,
    *langchain.SYSTEMS,
    *txtai.SYSTEMS,
)


def main(arguments: Sequence[str] | None = None) -> int:
    options = parser().parse_args(arguments)
    if len(options.sources) != len(options.questions):
        parser().error(f"{len(options.sources)} --sources, but {len(options.questions)} --questions")
    chosen = [system for system in SYSTEMS if not options.systems or _named(system, options.systems)]
    quiet()
    try:
        lines = ["# Search quality beside other systems", "", "Made by:", "", "```", _command(arguments), "```", ""]
        for sources, questions in zip(options.sources, options.questions, strict=True):
            lines += _one(Path(sources), Path(questions), chosen)
    except YanjuError as error:
        print(error, file=sys.stderr)
        return 2
    text = "\n".join(lines).rstrip() + "\n"
    if options.out:
        Path(options.out).write_text(text, encoding="utf-8")
    else:
        print(text)
    return 0


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(prog="python -m benchmarks.quality", description="Search quality, side by side.")
    top.add_argument("--sources", action="append", required=True, metavar="FOLDER", help="files; may be repeated")
    top.add_argument("--questions", action="append", required=True, metavar="FILE", help="one for each --sources")
    top.add_argument(
        "--systems",
        nargs="+",
        metavar="NAME",
        help=f"only these (or all that begin so): {', '.join(s.key for s in SYSTEMS)}",
    )
    top.add_argument("--out", metavar="TABLE.md")
    return top


def _one(sources: Path, questions: Path, systems: Sequence[System]) -> list[str]:
    asked = read_questions(questions)
    corpus = Corpus.read(sources, chosen_encoder())
    warm_up(systems, corpus.encoder)
    results: list[Measured | Missing] = []
    for system in systems:
        result = measure(system, corpus, asked)
        results.append(result)
        print(f"{sources.name}  {system.key:22}{_progress(result, asked)}", file=sys.stderr, flush=True)
    return section(sources.resolve().name, corpus, asked, results)


def _progress(result: Measured | Missing, asked: Sequence[Question]) -> str:
    if isinstance(result, Missing):
        return result.reason
    return f"nDCG@10 {search_figures(asked, result.run)['all']['ndcg@10']:.3f}  {result.build:.1f} s"


def _named(system: System, names: Sequence[str]) -> bool:
    return any(system.key == name or system.key.startswith(name + "-") for name in names)


def warm_up(systems: Sequence[System], encoder: Encoder) -> None:
    """Builds each system once on three sentences, so that imports and dictionaries count in nobody's time."""
    import jieba

    jieba.setLogLevel(logging.WARNING)
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "a.txt").write_text(
            "全市信息工作会议讲话\n\n要抓好信息报送。要开好会议。要改进作风。\n", encoding="utf-8"
        )
        corpus = Corpus.read(Path(folder), encoder)
        for system in systems:
            with suppress(PeerMissing):
                system.build(corpus)("信息报送")


def quiet() -> None:
    """Nothing is fetched from a hub, and libraries keep their progress bars and notes to themselves."""
    for name, value in (("HF_HUB_OFFLINE", "1"), ("TRANSFORMERS_OFFLINE", "1"), ("TQDM_DISABLE", "1")):
        os.environ.setdefault(name, value)
    logging.basicConfig()
    logging.getLogger("bm25s").setLevel(logging.ERROR)  # it sets its own logger to DEBUG


def _command(arguments: Sequence[str] | None) -> str:
    given = sys.argv[1:] if arguments is None else arguments
    return shlex.join(["python", "-m", "benchmarks.quality", *given])


if __name__ == "__main__":
    raise SystemExit(main())
