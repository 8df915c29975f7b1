"""Collections whose members are titled «1. 在…会议上的讲话»."""

from __future__ import annotations

import pytest
from speeches import CALL, GREETING, PAST, TASKS, ingest, joined

from rag.text.words import Analyzer

TITLES = ("在全县信访工作会议上的讲话", "在全县统计工作会议上的讲话", "在全县档案工作会议上的讲话")


@pytest.mark.parametrize("labels", ["1. ,2. ,3. ", "一、,二、,三、", "（一）,（二）,（三）"])
def test_what_stands_under_a_numbered_title_is_read(labels: str, analyzer: Analyzer) -> None:
    members = [
        joined([label + title, f"（2019年{n}月5日）", "县委书记 贺延舟", GREETING, PAST, TASKS, CALL])
        for n, (label, title) in enumerate(zip(labels.split(","), TITLES, strict=True), 1)
    ]
    found = ingest(joined(["领导讲话汇编", *members]), analyzer).speeches
    assert [speech.title for speech in found] == list(TITLES)
    assert [speech.metadata["date"].value for speech in found] == ["2019-01-05", "2019-02-05", "2019-03-05"]
    assert {speech.metadata["speaker"].value for speech in found} == {"贺延舟"}
    assert all(not speech.sections for speech in found)
