"""What kind of text this is: its language, and whether it reads like a speech at all.

Nothing is refused for it. Whoever puts a file into the archive wants it there; they are told, so that they can look.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

from rag.text.normalize import CJK

SAMPLE = 4000
LONG = 1000  # characters without a single full stop that make a list rather than a speech

_TRADITIONAL = frozenset("們會議報導發關經濟進與為國學習實現組織黨員幹部門問題點強調應對機構導")
_SCRIPTS = {
    "zh": re.compile(f"[{CJK}\U00020000-\U0003ffff]"),
    "ja": re.compile("[\u3041-\u3096\u30a1-\u30fa]"),
    "ko": re.compile("[\uac00-\ud7a3]"),
    "en": re.compile("[A-Za-z]"),
}
_NAMES = {"en": "西文", "ja": "日文", "ko": "朝鲜文", None: "其他文字"}
_STOP = re.compile("[。！？!?；;…遥]|\\.\\s")


def language(text: str) -> str | None:
    """«zh», «zh-Hant», «ja», «ko», «en» (Latin letters of whatever language), or None for any other script."""
    sample = text[:SAMPLE]
    letters = sum(map(str.isalpha, sample))
    count = {name: len(pattern.findall(sample)) for name, pattern in _SCRIPTS.items()}
    if letters > 2 * sum(count.values()):
        return None
    if count["ja"] > 0.1 * (count["zh"] + count["ja"]):
        return "ja"
    if count["ko"] > count["zh"]:
        return "ko"
    if count["zh"] * 2 < count["en"]:
        return "en"
    return "zh-Hant" if sum(map(_TRADITIONAL.__contains__, sample)) > 0.02 * max(1, count["zh"]) else "zh"


def nature_notes(text: str) -> list[str]:
    """What the report says of a text that is not Chinese or does not read like a speech."""
    sample = text[:SAMPLE]
    visible = [char for char in sample if not char.isspace()]
    if not visible:
        return []
    notes = []
    spoken = language(text)
    if spoken not in ("zh", "zh-Hant"):
        notes.append(f"正文不是中文（多为{_NAMES[spoken]}），已照常导入，请核对是否选对了文件。")
    letters = sum(n for char, n in Counter(visible).items() if unicodedata.category(char)[0] in "LM")
    if letters < len(visible) / 2:
        notes.append("内容多为数字和符号，不像讲话，已照常导入，请核对。")
    elif len(sample) >= LONG and not _STOP.search(sample):
        notes.append("通篇没有句号，不像讲话，已照常导入，请核对。")
    return notes
