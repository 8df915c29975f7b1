"""An archive of two matters that five speeches raise, and of speeches that copy each other."""

from __future__ import annotations

from pathlib import Path

import pytest
from fakes import FakeEncoder, ingester, speech, write

from rag.archive.reader import Archive
from rag.explore.explorer import Explorer
from rag.text.words import Analyzer

FLOOD = (
    "防汛的预警必须提前发出，险情报告不得超过三十分钟，{place}备足防汛物资，预警电话打到每一户。",
    "防汛责任落实到人，险情一出现就转移，{place}去年转移群众一千二百人，预警没有漏掉一户。",
)
WAGES = (
    "欠薪案件一律挂牌督办，工会帮农民工讨薪，{place}去年追回欠薪三百五十万元，农民工签字领钱。",
    "农民工的工资不能拖，欠薪线索工会当天受理，{place}欠薪投诉下降百分之四十。",
)


def text_of(n: int, place: str) -> str:
    """Two headings with a paragraph of some 200 characters on each matter."""
    flood, wages = ("".join(one.format(place=place) for one in pair) * 2 for pair in (FLOOD, WAGES))
    return speech(
        f"在{place}工作会议上的讲话之{n}", "一、抓防汛", flood, "二、抓欠薪", wages, date=f"20{14 + n}年3月5日"
    )


@pytest.fixture(scope="session")
def explored(tmp_path_factory: pytest.TempPathFactory, analyzer: Analyzer) -> Path:
    folder = tmp_path_factory.mktemp("explored")
    sources = folder / "sources"
    for n, place in enumerate(("鹭洲县", "鹤汀县", "白禾县", "朔岭县", "沧屏县")):
        write(sources / f"讲话{n}.txt", text_of(n, place))
    write(sources / "副本.txt", text_of(0, "鹭洲县").replace("之0", "之0（副本）"))
    report = ingester(folder / "archive", analyzer, FakeEncoder(("防汛", "欠薪"))).ingest_paths([sources])
    assert not report.failed
    return folder / "archive"


@pytest.fixture
def explorer(explored: Path) -> Explorer:
    return Explorer(Archive(explored))
