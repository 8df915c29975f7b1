"""A speech that is passed on under a notice, in a letter or below a page's data has its own title and date."""

from __future__ import annotations

import pytest
from speeches import CALL, PAST, TASKS, TITLE, ingest, joined

from rag.text.words import Analyzer

NOTICE = [
    "澜川县委办公室文件",
    "澜办发〔2019〕12号",
    "关于印发《贺延舟同志在全市办公室工作会议上的讲话》的通知",
    "各乡镇党委、政府，县直各单位：",
    "现将贺延舟同志的讲话印发给你们，请认真组织学习，抓好贯彻落实。",
    "澜川县委办公室",
    "2019年3月10日",
]
LETTER = ["发件人：县委办秘书科", "发送时间：2019年3月4日 17:22", "收件人：各乡镇党委办"]
PAGE = ["页数：5页", "大小：23KB", "格式：DOCX"]


@pytest.mark.parametrize("above", [NOTICE, LETTER, PAGE])
def test_the_title_above_the_greeting(above: list[str], analyzer: Analyzer) -> None:
    text = joined([*above, TITLE, "（2019年3月5日）", "贺延舟", "同志们：", PAST, TASKS, CALL])
    (one,) = ingest(text, analyzer, name="无题.txt").speeches
    found = {key: one.metadata[key].value for key in ("title", "date", "speaker", "genre")}
    assert found == {"title": TITLE, "date": "2019-03-05", "speaker": "贺延舟", "genre": "讲话"}
    assert [line for line in above if line not in one.text] == (PAGE if above is PAGE else [])  # site furniture
