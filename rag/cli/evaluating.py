"""The subcommands that measure: eval and compare."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rag.cli.output import Progress, print_json
from rag.cli.status import DONE
from rag.config import archive_folder
from rag.errors import UsageError

if TYPE_CHECKING:
    from rag.answer.compose import Answerer
    from rag.evaluate.curve import CurvePoint
    from rag.evaluate.questions import Question


def eval(options: Namespace) -> int:
    from rag.evaluate.curve import curve_json, curve_lines
    from rag.evaluate.questions import read_questions
    from rag.evaluate.run import figures_of, source_texts
    from rag.evaluate.runs import collect
    from rag.session import Session

    report = _report_path(options.report)
    questions = read_questions(Path(options.questions))
    answerer = Session.open(archive_folder(options.archive)).answerer
    run = collect(questions, answerer, _Steps("评测", len(questions)))
    sources = source_texts(answerer)
    figures = figures_of(questions, run, sources)
    points = _curve(questions, answerer) if options.curve or report else []
    if report:
        from rag.evaluate.report import about_archive, make_report
        from rag.evaluate.report_files import write_report

        about = about_archive(answerer, Path(options.questions))
        write_report(report, make_report(questions, run, sources, points, about))
    if options.json:
        print_json({**figures, "curve": curve_json(points)} if options.curve else figures)
        return DONE
    for group, row in figures["search"].items():
        print(f"{group:14}", *(f"{key} {value}" for key, value in row.items()), sep="  ")
    print("answers       ", *(f"{key} {value}" for key, value in figures["answers"].items()), sep="  ")
    if options.curve:
        print("", *curve_lines(points), sep="\n")
    return DONE


def compare(options: Namespace) -> int:
    from rag.evaluate.compare import compare as compare_runs
    from rag.evaluate.compare import compare_json, compare_lines
    from rag.evaluate.questions import read_questions
    from rag.evaluate.runs import read_run

    questions = read_questions(Path(options.questions))
    found = compare_runs(questions, read_run(Path(options.run_a)), read_run(Path(options.run_b)))
    if options.json:
        print_json(compare_json(found))
    else:
        print(*compare_lines(found), sep="\n")
    return DONE


class _Steps:
    """A progress bar that moves on by one at each call."""

    def __init__(self, label: str, total: int) -> None:
        self._bar, self._done, self._total = Progress(label), 0, total

    def __call__(self) -> None:
        self._done += 1
        self._bar(self._done, self._total)


def _curve(questions: Sequence[Question], answerer: Answerer) -> list[CurvePoint]:
    from rag.evaluate.curve import curve

    return curve(questions, answerer, tick=_Steps("曲线", len(questions)))


def _report_path(name: str | None) -> Path | None:
    """The place of the report, checked before minutes of work go into it.

    Raises:
        UsageError: it is no place for a report.
    """
    if not name:
        return None
    from rag.evaluate.report_files import renderer

    path = Path(name)
    renderer(path)
    if not path.parent.is_dir() or path.is_dir():
        raise UsageError(f"无法写入 {path}（文件夹不存在，或它是文件夹）。请换一个位置。")
    return path
