"""Invented speeches for the tests of ingestion, and short ways to put them through it."""

from __future__ import annotations

from collections.abc import Sequence

from rag.ingest.document import take_apart
from rag.ingest.lines import Line, split_lines
from rag.text.words import Analyzer
from rag.types import Document, SourceText

TITLE = "在全市办公室工作会议上的讲话"
GREETING = "同志们："
PAST = (
    "这一年，全市办公室系统紧扣中心、服务大局，办文办会办事都有了新的起色，信息报送的数量和质量同步提高，"
    "得到了各方面的肯定，成绩来之不易，要倍加珍惜。"
)
TASKS = (
    "面对新的形势和任务，我们必须看到自身的不足，有的人满足于收收发发，有的部门报喜不报忧，有的信息迟报漏报，"
    "这些问题要在今后的工作中切实加以解决。"
)
CALL = "让我们把今天的会议当作新的起点，一件事一件事地办，一个环节一个环节地抓，努力开创办公室工作的新局面。"


def speech(*paragraphs: str, title: str = TITLE, greeting: str = GREETING, indent: str = "　　") -> str:
    return "\n".join(line for line in (title, greeting, *(indent + p for p in paragraphs)) if line)


def wrapped(paragraph: str, width: int = 30, indent: str = "　　") -> str:
    """The paragraph broken into lines of ``width`` characters, wherever that falls."""
    text = indent + paragraph
    return "\n".join(text[i : i + width] for i in range(0, len(text), width))


def source(text: str, format: str = "txt") -> SourceText:
    return SourceText(text, format)


def lines_of(text: str, format: str = "txt") -> list[Line]:
    return [line for line in split_lines(source(text, format)) if not line.blank]


def ingest(text: str, analyzer: Analyzer, format: str = "txt", name: str = "无题.txt") -> Document:
    return take_apart(source(text, format), name, analyzer)


def removed(document: Document, reason: str) -> list[str]:
    return [document.source.text[r.start : r.end] for r in document.removals if r.reason == reason]


def paragraphs_of(document: Document) -> list[str]:
    """The paragraphs of all speeches."""
    return [line for one in document.speeches for line in one.text.split("\n")]


def joined(parts: Sequence[str]) -> str:
    return "\n".join(parts)
