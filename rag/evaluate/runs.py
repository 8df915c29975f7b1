"""What a system gave for each question: made by asking it, or read from a file that `batch` wrote."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rag.answer.compose import Answerer
from rag.errors import UsageError
from rag.evaluate.answer_metrics import CitedText
from rag.evaluate.questions import Question
from rag.evaluate.search_metrics import Ranked
from rag.types import Answer

DEPTH = 20


@dataclass(frozen=True)
class Run:
    """Passages (best first) and answers (None for a refusal) by question id.

    Either is None where the system was not asked for it; a question that it has nothing for has no passages, or was
    refused.
    """

    passages: Mapping[str, Sequence[Ranked]] | None = None
    answers: Mapping[str, Sequence[CitedText] | None] | None = None

    def passages_of(self, question: Question) -> Sequence[Ranked]:
        return (self.passages or {}).get(question.id, ())

    def answer_of(self, question: Question) -> Sequence[CitedText] | None:
        return (self.answers or {}).get(question.id)


def collect(questions: Sequence[Question], answerer: Answerer, tick: Callable[[], None] = lambda: None) -> Run:
    """Passages and answers of this program."""
    passages: dict[str, Sequence[Ranked]] = {}
    answers: dict[str, Sequence[CitedText] | None] = {}
    for question in questions:
        hits = answerer.retriever.search(question.query, DEPTH).hits
        passages[question.id] = [Ranked(hit.place.file, hit.text, hit.place.title) for hit in hits]
        answers[question.id] = cited(answerer.ask(question.query))
        tick()
    return Run(passages, answers)


def cited(answer: Answer) -> list[CitedText] | None:
    """The quotations of an answer with their files; None for a refusal."""
    if not answer.answered:
        return None
    files = {c.n: c.place.file for c in answer.citations}
    return [CitedText(q.text, files[q.citation]) for point in answer.points for q in point.quotes]


def read_run(path: Path) -> Run:
    """A file of lines {"id", "passages": [{"file", "text"}]} or {"id", "answer": {…as `ask --json` prints…}}.

    Raises:
        UsageError: the file cannot be read, or a line is neither; the message names it.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"无法读取 {path}（{error}）。") from error
    passages: dict[str, Sequence[Ranked]] = {}
    answers: dict[str, Sequence[CitedText] | None] = {}
    for n, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            if "passages" in row:
                passages[str(row["id"])] = [_ranked(passage) for passage in row["passages"]]
            else:
                answers[str(row["id"])] = _cited_json(row["answer"])
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise UsageError(f"{path} 第 {n} 行不是 batch 写出的结果（{type(error).__name__}：{error}）。") from error
    if not passages and not answers:
        raise UsageError(f"{path} 是空的。请先运行：python -m rag batch QUESTIONS.jsonl --out {path}")
    return Run(passages or None, answers or None)


def _ranked(passage: Mapping[str, Any]) -> Ranked:
    return Ranked(str(passage["file"]), str(passage["text"]), str(passage.get("title") or ""))


def _cited_json(answer: Mapping[str, Any]) -> list[CitedText] | None:
    if not answer["answered"]:
        return None
    files = {c["n"]: str(c["file"]) for c in answer["citations"]}
    return [CitedText(str(q["text"]), files[q["citation"]]) for point in answer["points"] for q in point["quotes"]]
