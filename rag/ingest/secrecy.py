"""Marks at a document's head that say it is not for an open archive: 「机密★1年」, 「内部文件 注意保存」.

Formats: GB/T 9704-2012 (7.2.2), which puts the mark on a line of its own above the text. A speech about secrecy that
merely mentions one is not held back.
"""

from __future__ import annotations

import re

HEAD_LINES = 12
HEAD_CHARS = 40  # a line that carries a mark carries little else: a copy number, a degree of urgency

_GRADE = r"[绝機机秘]\s*密"
_TERM = r"(?:长期|启用前|解密前|\d{1,3}\s*(?:年|个?月|日|天)|[×xX_*]{1,3}\s*年)"
_STAR = "[★☆⭐✩✭]"
# With its star a mark is unmistakable, whatever stands beside it; without, it must have the line to itself.
_STARRED = re.compile(rf"{_GRADE}\s*{_STAR}\s*{_TERM}?")
_ALONE = re.compile(rf"(?:密\s*级\s*[:：]?\s*)?{_GRADE}(?:\s*[·•—-]?\s*{_TERM})?")
_INTERNAL = re.compile(
    r"(?:内部(?:文件|资料|材料|刊物|传阅|文稿|讲话)|党内(?:文件|资料))"
    r"(?:[\s，,、：:·—-]*(?:注意保存|注意保密|妥善保管|(?:严禁|禁止|不得|请勿|不准)(?:外传|复制|翻印|转载|公开)|阅后(?:即焚|收回)))*"
)
_EDGES = " \t\u3000\xa0\u200b\ufeff\x00（）()【】[]〔〕《》<>*#_"


def secrecy_mark(text: str) -> str | None:
    """The mark at the head of ``text`` as it stands there, None where there is none."""
    found = 0
    for line in text[: HEAD_LINES * 400].splitlines():
        bare = line.strip(_EDGES).rstrip("。！!")
        if not bare:
            continue
        found += 1
        if found > HEAD_LINES:
            return None
        if len(bare) > HEAD_CHARS:
            continue
        if match := _STARRED.search(bare) or _ALONE.fullmatch(bare) or _INTERNAL.fullmatch(bare):
            return match.group().strip()
    return None
