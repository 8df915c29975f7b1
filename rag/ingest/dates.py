"""When a speech was given. Placeholders are unknown, never guessed."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Sequence

from rag.types import Found

_CN_DIGIT = {c: str(i) for i, c in enumerate("〇一二三四五六七八九")} | {"零": "0", "○": "0", "Ｏ": "0"}
_FULL_WIDTH = str.maketrans("０１２３４５６７８９", "0123456789")
_CN_YEAR = re.compile(r"([一二])([〇零○Ｏ九])([〇零○Ｏ一二三四五六七八九])([〇零○Ｏ一二三四五六七八九])年")
_DATE = re.compile(r"((?:19|20)\d{2})\s*[年./-]\s*(\d{1,2})\s*[月./-]\s*(\d{1,2})\s*日?")
_MONTH = re.compile(r"((?:19|20)\d{2})\s*年\s*(\d{1,2})\s*月")
_BRACKETED = re.compile(r"[（(]([^（）()]*)[）)]\s*$")
# A page's or a bulletin's own date: the speech was given before it, nobody knows how long.
_PUBLISHED = re.compile(r"\d{1,2}[:：]\d{2}|^原创|发布|来源|印发|编印?(?=\s)")
_HELD = re.compile(r"^[（(]?(?:会议|讲话)?时间\s*[:：]")
_RANGE_END = "至到—–-~～"
_YEAR = re.compile(r"(?<!\d)((?:19[5-9]|20[0-4])\d)\s*年(?!代|\s*以来|\s*底以来)(?:度)?")
_OWN_YEAR = (
    (re.compile(r"今年(?:，|,|就)?(?:是|为)\s*((?:19|20)\d{2})\s*年"), 0.9, "正文「今年是…年」"),
    (re.compile(r"(?:召开|举行).{0,6}((?:19|20)\d{2})年.{2,24}?(?:会议|大会|全会)"), 0.85, "正文所述会议"),
    (
        re.compile(r"((?:19|20)\d{2})年[，,]?(?:将)?是[^。]{0,40}?(?:之年|一年|开局|收官|元年|起步|攻坚|关键)"),
        0.8,
        "正文「…年是…之年」",
    ),
    (
        re.compile(r"(?:安排|部署|谋划|研究)[^。]{0,12}((?:19|20)\d{2})年[^。]{0,12}(?:工作|任务)"),
        0.75,
        "正文所部署的年度",
    ),
    (
        re.compile(r"((?:19|20)\d{2})年(?:的)?(?:主要|重点)?(?:工作)?(?:任务|安排|打算|思路|要点)"),
        0.6,
        "正文所安排的年度",
    ),
)


def western_digits(text: str) -> str:
    """The text with years in Chinese digits («二〇一九年») and full-width digits in ASCII ones, as long as before."""
    return _CN_YEAR.sub(
        lambda m: "".join({"一": "1", "二": "2"}.get(c) or _CN_DIGIT[c] for c in m.group()[:-1]) + "年",
        text.translate(_FULL_WIDTH),
    )


def find_date(title: str, front: Sequence[str], body: str, closing: Sequence[str]) -> tuple[Found, Found]:
    """(date, year) of a speech. ``date`` is ISO «2019-03-05» or «2019-03»; both None where nothing names them.

    ``front`` holds the lines between title and text, ``closing`` the last short lines (a signature's date).
    """
    published = [line for line in front if _PUBLISHED.search(line) and not _HELD.match(line)]
    lines = [(line, "标题下的日期行", 0.97) for line in front if line not in published]
    lines += [(line, "落款日期", 0.9) for line in closing]
    for line, where, sure in lines:
        if date := _full_date(line):
            return Found(date, where, sure), Found(int(date[:4]), where, sure)
    if date := _title_date(title):
        return Found(date, "标题", 0.95), Found(int(date[:4]), "标题", 0.95)
    if (year := _title_year(title)).value:
        return Found(None), year
    text = western_digits(body)
    for pattern, sure, where in _OWN_YEAR:
        years = [int(m.group(1)) for m in pattern.finditer(text)]
        if years:
            return Found(None), Found(max(years), where, sure)
    dates = [date for line in published if (date := _full_date(line))]
    if dates:
        return Found(dates[0], "标题旁的发布日期", 0.4), Found(int(dates[0][:4]), "标题旁的发布日期", 0.4)
    return Found(None), Found(None)


def _title_date(title: str) -> str | None:
    bracketed = _BRACKETED.search(title)
    if bracketed and (date := _full_date(bracketed.group(1))):
        return date
    return _full_date(title) if _DATE.search(western_digits(title)) else None


def _title_year(title: str) -> Found:
    """The latest of the years that a title names («2018年总结暨2019年部署会议»), the end of a range left out."""
    text = western_digits(title)
    found = list(_YEAR.finditer(text))
    years = {int(m.group(1)) for m in found if text[m.start() - 1 : m.start()] not in tuple(_RANGE_END)}
    years = years or {int(m.group(1)) for m in found[:1]}
    return Found(max(years), "标题", 0.95 if len(years) == 1 else 0.7) if years else Found(None)


def _full_date(line: str) -> str | None:
    bare = western_digits(line)
    if match := _DATE.search(bare):
        year, month, day = (int(g) for g in match.groups())
        if 1 <= month <= 12:
            return _iso(year, month, day)
    if (match := _MONTH.search(bare)) and 1 <= int(match.group(2)) <= 12:
        return f"{int(match.group(1)):04d}-{int(match.group(2)):02d}"
    if match := re.search(
        r"((?:19|20)\d{2})年([一二三四五六七八九十]{1,2})月(?:([一二三四五六七八九十]{1,3})日)?", bare
    ):
        return _chinese_date(match)
    return None


def _chinese_date(match: re.Match[str]) -> str | None:
    from rag.ingest.marks import chinese_number

    month = chinese_number(match.group(2))
    if not 1 <= month <= 12:
        return None
    return _iso(int(match.group(1)), month, chinese_number(match.group(3)) if match.group(3) else 0)


def _iso(year: int, month: int, day: int) -> str:
    """The date, or the month alone where it has no such day."""
    exists = 1 <= day <= monthrange(year, month)[1]
    return f"{year:04d}-{month:02d}-{day:02d}" if exists else f"{year:04d}-{month:02d}"
