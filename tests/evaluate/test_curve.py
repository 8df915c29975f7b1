"""The curve of answering and refusing, with an answerer whose thresholds are written down."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from rag.answer.refusal import Threshold
from rag.evaluate import curve as module
from rag.evaluate.answer_metrics import CitedText
from rag.evaluate.curve import MAIN, CurvePoint, curve, curve_json, curve_lines
from rag.evaluate.questions import Evidence, Question

QUOTE, OTHER = "信息报送要做到不迟报不漏报", "会议要开得短开得实开得管用才行"
QUESTIONS = [
    Question("a", "甲", "topic", (Evidence("a.txt", QUOTE, 2),)),
    Question("b", "乙", "topic", (Evidence("a.txt", QUOTE, 2),)),
    Question("c", "丙", "unanswerable", ()),
    Question("d", "丁", "unanswerable", ()),
]
# The highest threshold at which each question is answered, and with what; 丁 is never answered.
LIMITS = {"甲": 0.6, "乙": 0.3, "丙": 0.4, "丁": -1.0}
SAID = {"甲": [CitedText(QUOTE, "a.txt")], "乙": [CitedText(QUOTE, "a.txt"), CitedText(OTHER, "a.txt")]}


@dataclass(frozen=True)
class Settings:
    threshold: Threshold | None = None


class Answerer:
    """Answers up to its limit, with the quotations of `SAID`; counts how often it is asked."""

    asked = 0

    def __init__(self, retriever: Any = None, settings: Settings | None = None) -> None:
        self.retriever = retriever
        self.settings = settings or Settings()
        self.threshold = self.settings.threshold or Threshold(**{MAIN: 0.3})

    def ask(self, query: str) -> list[CitedText] | None:
        Answerer.asked += 1
        passes = getattr(self.threshold, MAIN) <= LIMITS[query]
        return SAID.get(query, [CitedText(OTHER, "a.txt")]) if passes else None


@pytest.fixture
def answerer(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(module, "Answerer", Answerer)
    monkeypatch.setattr(module, "cited", lambda answer: answer)
    Answerer.asked = 0
    return Answerer()


def test_every_point_by_hand(answerer: Any) -> None:
    points = curve(QUESTIONS, answerer, [0.0, 0.35, 0.5, 0.7, 0.9])
    # Precision is 1 for 甲 and ½ for 乙; recall 1 where answered; 丁 is always refused, 丙 above 0.4.
    assert points == [
        CurvePoint(0.0, False, 0.75, 1.0, 1.0, 0.5, 0.75),
        CurvePoint(0.3, True, 0.75, 1.0, 1.0, 0.5, 0.75),  # the one in use joins; 乙 is answered at 0.3 itself
        CurvePoint(0.35, False, 1.0, 0.5, 0.5, 0.5, 0.5),
        CurvePoint(0.5, False, 1.0, 0.5, 0.5, 1.0, 0.75),
        CurvePoint(0.7, False, None, 0.0, 0.0, 1.0, 0.5),  # nothing is answered: the curve ends
    ]


def test_questions_are_asked_as_often_as_halving_takes(answerer: Any) -> None:
    ticks: list[int] = []
    curve(QUESTIONS, answerer, [n / 63 for n in range(64)], lambda: ticks.append(1))
    assert len(ticks) == 4
    assert Answerer.asked <= 4 * (1 + 7)  # 65 thresholds: once at the lowest, then at most seven halvings


def test_without_values_the_whole_range_is_swept(answerer: Any) -> None:
    points = curve(QUESTIONS, answerer)
    assert [point.threshold for point in points[:3]] == [0.0, 0.025, 0.05]
    assert points[-1].threshold == 0.625  # the first step above 甲's 0.6
    assert [point.threshold for point in points if point.chosen] == [0.3]


def test_unanswerable_questions_alone(answerer: Any) -> None:
    points = curve(QUESTIONS[2:], answerer, [0.0, 0.5, 0.9])
    assert [(p.threshold, p.answered, p.refused, p.balanced) for p in points] == [
        (0.0, None, 0.5, None), (0.3, None, 0.5, None), (0.5, None, 1.0, None),
    ]  # fmt: skip


def test_shown_as_a_table_and_as_json(answerer: Any) -> None:
    points = curve(QUESTIONS, answerer, [0.0, 0.7])
    head, *rows = curve_lines(points)
    assert head.split() == ["threshold", "precision", "recall", "answered", "refused", "balanced"]
    assert rows[1].split() == ["0.3000", "0.7500", "1.0000", "1.0000", "0.5000", "0.7500", "←"]
    assert rows[2].split() == ["0.7000", "–", "0.0000", "0.0000", "1.0000", "0.5000"]
    assert curve_json(points)[1]["chosen"] is True
