"""What today's sites put around a text, and sentences of speeches with the same words."""

from __future__ import annotations

import pytest
from speeches import CALL, PAST, TASKS, TITLE, ingest, joined

from rag.ingest import furniture
from rag.text.words import Analyzer


@pytest.mark.parametrize(
    "line",
    [
        "点击上方蓝字关注我们",
        "阅读 1.2万　在看 35",
        "赞同 12",
        "12 人赞同了该文章",
        "编辑于 2021-05-01 10:20",
        "1 条评论",
        "申请转载",
        "关注他",
        "页数：5页",
        "大小：23KB",
        "该文档来自网络，如有侵权请联系我们删除。",
        "联系电话：0000-0000000 网站标识码：0000000000",
    ],
)
def test_site_lines(line: str) -> None:
    assert furniture.is_strong(line)


@pytest.mark.parametrize(
    "line",
    [
        "要严查侵权假冒行为，联系群众要经常。",
        "一要阅读 原著",
        "会议的主办单位和承办单位要搞好衔接。",
        "关注他们的冷暖。",
    ],
)
def test_what_a_speaker_may_say(line: str) -> None:
    assert not furniture.is_strong(line)


def test_a_government_sites_foot(analyzer: Analyzer) -> None:
    foot = ["主办：澜川县人民政府办公室 承办：澜川县信息中心", "网站标识码：0000000000"]
    document = ingest(joined([TITLE, "同志们：", PAST, TASKS, CALL, *foot]), analyzer)
    (one,) = document.speeches
    assert one.text.endswith(CALL)
    assert not one.flags
