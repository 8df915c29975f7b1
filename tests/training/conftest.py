"""A tiny world for the pipeline: public corpora, written pairs and a recipe that trains in a second."""

import json
from pathlib import Path

import pytest
import zstandard

from training.config import Recipe

THEMES = {
    "文件": ("精简文件简报，切实改进文风。可发可不发的文件一律不发。", ["红头文件太多了怎么办", "文件 精简", "少发文件的说法", "fewer documents"]),
    "会议": ("压缩会议数量，提倡开短会、讲短话。能合并的会议合并召开。", ["天天开会开到烦怎么治", "会议 压缩", "讲短话的说法", "shorter meetings"]),
    "调研": ("深入基层调查研究，掌握第一手材料。每人每年下乡三十天。", ["坐办公室不了解情况咋办", "调研 三十天", "下基层的要求", "field visits"]),
    "值班": ("严格执行值班制度，重要情况半小时内报告。节假日领导带班。", ["出了事多久得往上说", "值班 报告", "放假谁盯着", "report within half an hour"]),
}
REPORT = "第一章 工作回顾\n" + "\n".join(passage + f"{theme}工作要认真抓好。" for theme, (passage, _) in THEMES.items())
LAW = "## 第一章 总则\n第一条 为了规范值班工作，制定本条例。\n## 第二章 值班制度\n第二条 值班人员应当坚守岗位。重要情况应当及时报告。"


def _compressed(path: Path, rows: list[dict]) -> None:
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    path.write_bytes(zstandard.compress(text.encode()))


@pytest.fixture
def corpora(tmp_path: Path) -> Path:
    """Folder of public corpora with a few documents of every source."""
    folder = tmp_path / "corpora"
    folder.mkdir()
    _compressed(folder / "documents.jsonl.zst", [
        {"source": "report", "title": "政府工作报告", "year": 2010, "text": REPORT},
        {"source": "report", "title": "第十三届全国人民代表大会决议", "year": 0, "text": "不应当读入的决议。" * 9},
        {"source": "law", "title": "值班条例", "text": LAW},
        {"source": "news", "title": "各地精简会议", "date": "20130101",
         "text": "央视网消息(新闻联播)：各地压缩会议数量。提倡开短会、讲短话，把时间留给下基层抓落实。\n\xa0\xa0(视频编辑：某某)"},
        {"source": "general", "title": "a tool", "text": "这个工具可以帮助我们保存文件并且快速地粘贴文本。它的使用非常简单方便。"},
    ])
    _compressed(folder / "parallel.jsonl.zst", [{"zh": "减少文件和会议", "en": "reduce documents and meetings", "year": 2010}])
    _compressed(folder / "pairs_public.jsonl.zst", [
        {"source": "stard", "licence": "MIT", "q": "值班的人能走开吗？", "p": "值班人员应当坚守岗位，不得擅自离开。"}])
    _compressed(folder / "synonyms.jsonl.zst", [{"words": ["会议", "大会"]}, {"words": ["文件", "公文"]}])
    return folder


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Folder of written material; its last line is cut off, as while a file grows."""
    folder = tmp_path / "data"
    folder.mkdir()
    rows = [{"p": passage, "q": queries, "theme": theme} for theme, (passage, queries) in THEMES.items()]
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    (folder / "pairs_1.jsonl").write_text(text + '{"p": "没写完', encoding="utf-8")
    (folder / "lexicon_1.jsonl").write_text(
        json.dumps({"e": "力戒形式主义", "q": ["别搞花架子", "别做样子", "反对做表面文章", "no window dressing"]}) + "\n",
        encoding="utf-8")
    return folder


@pytest.fixture
def recipe() -> Recipe:
    """Eight dimensions, six steps."""
    return Recipe.from_dict({
        "vocabulary": {"size": 400, "min_char": 1, "min_english": 1},
        "start": {"min_written": 1, "english": True},
        "vectors": {"dimension": 8, "epochs": 2},
        "contrastive": {"steps": 6, "batch": 4, "dimensions": [8, 4], "hard_negatives": 2, "sentence_weight": 0.5,
                        "sources": {"written": 2.0, "lexicon": 1.0, "report_rest": 1.0}}})
