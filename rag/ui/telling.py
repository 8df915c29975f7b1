"""Sentences that the library makes whole, in the language of the page: a file's report, its notes, a search's notices."""

from __future__ import annotations

import re
from functools import lru_cache

from rag.i18n import DEFAULT, current, messages
from rag.i18n import gettext as _

_FIELD = re.compile(r"{\w+}")


def N_(message: str) -> str:
    """Marks a sentence for the catalogues (`rag/locale/update.py`) without translating it."""
    return message


EXPANDED = N_("{word} 同时按「{terms}」检索")
CORRECTED = N_("档案中没有「{written}」，已按「{meant}」检索")
# What the library says besides sentences with a full stop, which the catalogues collect by themselves.
BESIDES = (
    N_("按年份筛选未计入 {n} 篇年份不明的讲话"),
    N_("按称呼和标题拆成 {n} 篇"),
    N_("标题称共 {announced} 篇，文件中实有 {n} 篇"),
    N_("第{n}篇《{title}》与 {file} 第{other}篇《{same}》内容相同"),
    N_("页眉页脚没有计入正文：{text}"),
    N_("「遥」疑为句号「。」的误识"),
    N_("此处疑有文字被抹去"),
    N_("占位符，原文未给出"),
    N_("文字之间有多余空格"),
    N_("标题与正文连在一行，已分行"),
    N_("修订中已删除的文字"),
    N_("隐藏文字"),
    N_("批注"),
)


def told(sentence: str) -> str:
    """The sentence in the language of the page; the Chinese one where no translation fits.

    A sentence is matched with the message ids that have fields, and what stands in their places is kept.
    """
    if current() == DEFAULT or not sentence:
        return sentence
    if (whole := _(sentence)) != sentence:
        return whole
    for message, pattern in _patterns():
        if found := pattern.fullmatch(sentence):
            return _(message).format(**{name: told(value) for name, value in found.groupdict().items()})
    return sentence


def is_expansion(notice: str) -> bool:
    """Whether a search says that it looked for other words than those typed."""
    return any(_pattern(one).fullmatch(notice) for one in (EXPANDED, CORRECTED))


@lru_cache(maxsize=1)
def _patterns() -> list[tuple[str, re.Pattern[str]]]:
    """Message ids with fields, those that say the most first."""
    ids = [message for message in messages() if _FIELD.search(message) and len(_FIELD.sub("", message)) > 3]
    return [(one, _pattern(one)) for one in sorted(ids, key=lambda one: -len(_FIELD.sub("", one)))]


def _pattern(message: str) -> re.Pattern[str]:
    out, seen = "", set[str]()
    for part in re.split(r"({\w+})", message):
        name = part[1:-1] if _FIELD.fullmatch(part) else ""
        out += (f"(?P={name})" if name in seen else f"(?P<{name}>.+?)") if name else re.escape(part)
        seen.add(name)
    return re.compile(out, re.DOTALL)
