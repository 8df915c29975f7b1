"""Odd input must not make cleaning slow: eight times the text may take about eight times as long, never sixty-four."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable

import pytest
from speeches import PAST, ingest

from rag.errors import ReadError
from rag.text.words import Analyzer

SMALL, FACTOR = 6_000, 8
SECONDS = 1.5  # SMALL * FACTOR characters may take that long however fast the small text went; 0.02 to 0.5 s are usual

CASES: dict[str, Callable[[int], str]] = {
    "one line of prose": lambda n: PAST * (n // len(PAST)),
    "one line without stops": lambda n: "好" * n,
    "white space inside a line": lambda n: "会" + " " * n + "议",
    "white space after a digit": lambda n: ("1" + " " * (n // 4) + "x\f") * 4,
    "NULs": lambda n: "a" + "\0" * n + "b",
    "blank lines": lambda n: "甲" + "\n\0" * (n // 2) + "乙",
    "dots": lambda n: "目" + "." * n + "x",
    "ellipses": lambda n: "…" * n + "x",
    "asterisks": lambda n: "我" + "*" * n + "x",
    "emphasis": lambda n: "**要**，" * (n // 6),
    "openings of emphasis": lambda n: "（__要" * (n // 4),
    "masks": lambda n: "x" * n + "的",
    "open brackets": lambda n: "（" * n,
    "nested brackets": lambda n: "(" * (n // 2) + ")" * (n // 2),
    "quotation marks": lambda n: "“ " * (n // 2),
    "short lines": lambda n: "\n".join(f"抓好信息{i}" for i in range(n // 8)),
    "headings": lambda n: "一、学\n（一）习\n1.好\n（1）快\n一是抓。二是干。\n" * (n // 36),
    "headings that start again": lambda n: "\n".join(f"{i % 20 + 1}、抓好" for i in range(n // 5)),
    "glued headings": lambda n: "完了。一、加强学习，提高认识" * (n // 14),
    "salutations": lambda n: "同志们：\n" * (n // 5),
    "long salutations": lambda n: ("各位" + "、" * 50 + "领导x:\n") * (n // 58),
    "collection marks": lambda n: "\n".join(f"讲话 篇{i % 900 + 1}" for i in range(n // 7)),
    "titles": lambda n: "\n".join(f"在第{i}次会议上的讲话" for i in range(n // 14)),
    "breadcrumbs": lambda n: ("首页>" * 25 + "，\n") * (n // 77),
    "pages": lambda n: "抓好信息\f" * (n // 5),
    "spaces between characters": lambda n: "信 息 报 送 " * (n // 8),
    "years": lambda n: "2019年" * (n // 5),
}


def seconds(text: str, analyzer: Analyzer, format: str) -> float:
    start = time.process_time()
    with contextlib.suppress(ReadError):
        ingest(text, analyzer, format)
    return time.process_time() - start


@pytest.mark.parametrize("case", CASES)
def test_time_grows_with_the_text(case: str, analyzer: Analyzer) -> None:
    seconds("吉林" + PAST, analyzer, "txt")  # loads dictionaries
    small = seconds(CASES[case](SMALL), analyzer, "md")
    large = seconds(CASES[case](SMALL * FACTOR), analyzer, "md")
    assert large < max(SECONDS, 3 * FACTOR * small)
