"""The twelve rhetorical functions, in the order in which they are stored and offered."""

from __future__ import annotations

from typing import NamedTuple

LABELS: tuple[str, ...] = (
    "开场谦辞",
    "感谢祝贺",
    "成绩数据",
    "形势意义",
    "存在问题",
    "部署要求",
    "具体举措",
    "比喻警句",
    "引经据典",
    "排比",
    "过渡",
    "号召结尾",
)


class SentenceFunction(NamedTuple):
    """What a sentence does: one of `LABELS`, and the probability (0 to 1) that this is right."""

    label: str
    confidence: float


class SentenceInContext(NamedTuple):
    """A sentence, and whether it is one of the `EDGE` first or last of its speech."""

    text: str
    first: bool = False
    last: bool = False


EDGE = 3
