"""Answering against refusing: what becomes of the figures when the threshold for an answer moves."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace

from rag.answer.compose import Answerer
from rag.evaluate.answer_metrics import CitedText, score_answers
from rag.evaluate.questions import Question
from rag.evaluate.run import answer_figures
from rag.evaluate.runs import cited

MAIN = "passage"  # the number of `rag.answer.refusal.Threshold` that is swept
STEPS = 40  # from 0 to 1, as that number is a cosine


@dataclass(frozen=True)
class CurvePoint:
    """Figures at one threshold; None where nothing was there to be averaged. ``chosen`` marks the one in use."""

    threshold: float
    chosen: bool
    precision: float | None
    recall: float | None
    answered: float | None
    refused: float | None
    balanced: float | None


def curve(
    questions: Sequence[Question],
    answerer: Answerer,
    values: Sequence[float] = (),
    tick: Callable[[], None] = lambda: None,
) -> list[CurvePoint]:
    """Points by rising threshold, from 0 until everything is refused; the one in use (0 for none) is among them.

    What is answered at a threshold is answered at every lower one, so that each question is asked only as often as
    halving takes, and what an answer says does not depend on the threshold.
    """
    chosen = float(getattr(answerer.threshold, MAIN) or 0.0)
    steps = sorted({chosen, *(values or (n / STEPS for n in range(STEPS + 1)))})
    reached: dict[str, int] = {}
    said: dict[str, Sequence[CitedText] | None] = {}
    for question in questions:
        said[question.id], reached[question.id] = _last_answered(question, answerer, steps)
        tick()
    points = [
        _point(questions, {key: said[key] if reached[key] > n else None for key in said}, value, chosen)
        for n, value in enumerate(steps)
    ]
    return _until_silent(points)


def _last_answered(
    question: Question, answerer: Answerer, steps: Sequence[float]
) -> tuple[Sequence[CitedText] | None, int]:
    """The answer and how many of the thresholds, from the lowest on, let it through."""

    def ask(n: int) -> Sequence[CitedText] | None:
        threshold = replace(answerer.threshold, **{MAIN: steps[n]})
        settings = replace(answerer.settings, threshold=threshold)
        return cited(Answerer(answerer.retriever, settings).ask(question.query))

    answer = ask(0)
    if answer is None:
        return None, 0
    passed, refused = 0, len(steps)
    while refused - passed > 1:
        middle = (passed + refused) // 2
        passed, refused = (passed, middle) if ask(middle) is None else (middle, refused)
    return answer, refused


def _point(
    questions: Sequence[Question], answers: Mapping[str, Sequence[CitedText] | None], value: float, chosen: float
) -> CurvePoint:
    figures = answer_figures(score_answers(questions, answers, {}))
    kept = {name: figures[name] for name in ("precision", "recall", "answered", "refused", "balanced")}
    return CurvePoint(value, value == chosen, **kept)


def _until_silent(points: Sequence[CurvePoint]) -> list[CurvePoint]:
    """Without the points after the first that answers nothing (unless the threshold in use is there)."""
    silent = next((n for n, p in enumerate(points) if not p.answered and p.refused in (1.0, None)), len(points))
    return [point for n, point in enumerate(points) if n <= silent or point.chosen]


def curve_json(points: Sequence[CurvePoint]) -> list[dict[str, float | bool | None]]:
    return [asdict(point) for point in points]


def curve_lines(points: Sequence[CurvePoint]) -> list[str]:
    """A table; ← marks the threshold in use."""
    names = ("precision", "recall", "answered", "refused", "balanced")
    lines = ["threshold   " + "".join(f"{name:>11}" for name in names)]
    for point in points:
        row = asdict(point)
        cells = "".join(f"{'–' if row[name] is None else format(row[name], '.4f'):>11}" for name in names)
        lines.append(f"{point.threshold:<12.4f}{cells}{'  ←' if point.chosen else ''}")
    return lines
