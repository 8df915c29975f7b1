"""Answers to rephrase."""

from __future__ import annotations

import json
from pathlib import Path

from rag.types import Answer, Citation, Place, Point, Quote

QUOTES = (
    "紧急信息要在2小时内向市委值班室报告，先电话、后文字，最迟不超过4小时。",
    "对迟报、漏报、瞒报的，一律通报批评；各县（区）不得以任何理由拖延上报时间。",
    "今年以来，云堰市共编发信息1,268条，采用率24.6%，比去年同期提高3.2个百分点。",
    "他常说：“信息就是信任，报得准才站得住。”这句话写进了《云堰市政务信息工作办法》。",
)


def answer_of(*quotes: str, question: str = "紧急信息怎么报") -> Answer:
    """An answer with these quotations, numbered from 1, one a point."""
    points, citations = [], []
    for n, text in enumerate(quotes, 1):
        points.append(Point(f"要点{n}", (Quote(text, n, 0, len(text)),)))
        citations.append(Citation(n, Place(f"s{n}", f"讲话{n}", f"{n}.txt", 2020, (), 0, len(text), None)))
    return Answer(question, bool(quotes), tuple(points), tuple(citations), len(quotes))


def reply(*sentences: tuple[str, list[int]]) -> str:
    """A reply as the model is asked for."""
    return json.dumps([{"sentence": text, "citations": cited} for text, cited in sentences], ensure_ascii=False)


def written_claims() -> list[dict[str, list[str]]]:
    """Quotations from the sample speeches with sentences that they support and sentences that they do not."""
    loaded: list[dict[str, list[str]]] = json.loads((Path(__file__).parent / "claims.json").read_text("utf-8"))
    return loaded
