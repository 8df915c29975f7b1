"""What can be chosen, and how what was chosen is said."""

from __future__ import annotations

from dataclasses import fields

from rag.config import SHIPPED_MODEL
from rag.types import Filters
from rag.ui.evidence import limits
from rag.ui.health import encoders

EVERY = Filters(
    years=(2018, 2020), speaker=("甲",), organisation=("乙局",), place=("丙县",), genre=("讲话",), speech_ids=("x",),
    function=("号召结尾",), contains="铜锣",
)  # fmt: skip
NO_NEWS = "yanju-static-no-news"


def test_every_active_filter_is_summarised() -> None:
    said = limits(EVERY, lambda speech_id: f"题名{speech_id}")
    assert all(getattr(EVERY, one.name) for one in fields(Filters))
    assert said == [
        "年份 2018–2020", "讲话人 甲", "单位 乙局", "地区 丙县", "体裁 讲话", "句子功能 号召结尾", "只看 题名x", "含有 铜锣",
    ]  # fmt: skip


def test_only_encoders_can_make_vectors_and_the_present_one_comes_first() -> None:
    assert encoders("BAAI/bge-small-zh-v1.5") == ["BAAI/bge-small-zh-v1.5", SHIPPED_MODEL, NO_NEWS]
    assert encoders(SHIPPED_MODEL) == [SHIPPED_MODEL, NO_NEWS]
