"""The marks that give structure to a speech: heading labels, salutations, titles, numerals."""

from __future__ import annotations

import re
from typing import NamedTuple

from rag.text.normalize import skeleton

_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_NUM = "[一二三四五六七八九十百零〇]{1,4}"
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"


def chinese_number(text: str) -> int:
    """Value of a Chinese or Arabic numeral up to 999.

    Raises:
        ValueError: not a numeral.
    """
    if text.isdecimal():
        return int(text)
    total = current = 0
    for char in text:
        if char in _DIGITS:
            current = _DIGITS[char]
        elif char in "十百":
            total += (current or 1) * (10 if char == "十" else 100)
            current = 0
        else:
            raise ValueError(f"not a numeral: {text!r}")
    return total + current


class Label(NamedTuple):
    """A heading label such as 「（二）」: its kind, its number, and how many characters it takes."""

    kind: str
    number: int
    length: int


# Order matters: the first that matches wins.
_LABELS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("part", re.compile(rf"第({_NUM}|\d{{1,2}})(?:部分|章|编)[、：:，,\s]*")),
    ("paren", re.compile(rf"[（(〔]\s*({_NUM})\s*[）)〕][、，,.．：:]?\s*")),
    ("paren-digit", re.compile(r"[（(]\s*(\d{1,2})\s*[）)][、，,.．]?\s*")),
    ("cjk", re.compile(rf"({_NUM})\s*(?:[、.．](?!\d)|、(?=(?:19|20)[\dxX*_]{{2}}年))\s*")),
    ("digit", re.compile(r"(\d{1,2})\s*(?:[、．]|[.](?!\d))\s*")),
    ("digit", re.compile(r"(\d{1,2})[)）]\s*")),
    ("circled", re.compile(rf"([{_CIRCLED}])[、.]?\s*")),
)
LEVELS = {"part": 1, "format": 1, "cjk": 2, "paren": 3, "digit": 4, "paren-digit": 5, "circled": 5, "inline": 6}

_ORDINAL = re.compile(
    rf"第({_NUM})[，,、：:]\s*|其({_NUM})[，,、：:是]\s*|(首先|其次|再次|最后)[，,、]?\s*|({_NUM})(?:是|要|则)(?=[^一])"
)
_WORDS = {"首先": 1, "其次": 2, "再次": 3}


def heading_label(text: str, at: int = 0) -> Label | None:
    """The label of an outline heading at ``text[at:]``, if one stands there."""
    for kind, pattern in _LABELS:
        match = pattern.match(text, at)
        if match and match.end() < len(text):
            raw = match.group(1)
            number = _CIRCLED.index(raw) + 1 if raw in _CIRCLED else chinese_number(raw)
            return Label(kind, number, match.end() - at)
    return None


MAX_NUMBERED = 60


def numbered_title(line: str) -> str:
    """The title behind the number of a part («二、信访窗口前的三千六百天»), an empty string where there is none."""
    label = heading_label(line) if len(line) <= MAX_NUMBERED else None
    return line[label.length :].strip() if label else ""


def inline_label(text: str, at: int = 0) -> Label | None:
    """The label of a point made inside a paragraph (一是, 其二, 第三，, 首先)."""
    match = _ORDINAL.match(text, at)
    if not match:
        return None
    raw = next(group for group in match.groups() if group)
    number = 0 if raw == "最后" else _WORDS.get(raw) or chinese_number(raw)
    return Label("inline", number, match.end() - at)


_PEOPLE = (
    "同志|领导|代表|委员|朋友|来宾|嘉宾|同事|女士|先生|老师|乡亲|同仁|伙伴|战友|职工|会员|主席|书记|同学|职代表|各位"
)
_SALUTATION = re.compile(
    rf"^[（(]?(?:尊敬的|敬爱的|亲爱的)?[^。；;！!？?]{{0,40}}?(?:{_PEOPLE})(?:们)?(?:[、，,\s]*[^。；;！!？?：:]{{0,30}})?[：:]$"
)


def is_salutation(text: str) -> bool:
    """Whether the line is nothing but a form of address («各位委员、同志们：»)."""
    return len(text) <= 60 and bool(_SALUTATION.match(text)) and heading_label(text) is None


GENRES: tuple[tuple[str, str], ...] = (
    ("主持词", "主持词|主持讲话|主持稿|主持辞"),
    ("致辞", "致辞|致词|贺词|祝词|欢迎词|祝酒词|开幕词|闭幕词|答谢词|献词|贺信"),
    ("交流发言", "交流发言|经验交流|典型发言|表态发言|发言材料|发言稿|发言提纲|述职|汇报材料|经验介绍|发言|体会"),
    ("报告", "工作报告|总结报告|报告|工作总结|工作汇报|汇报"),
    ("讲话", "讲话|讲稿|总结讲话|动员|讲评|党课|演讲|致全体"),
)
_GENRE = re.compile("|".join(f"(?P<g{i}>{words})" for i, (_, words) in enumerate(GENRES)))
_TITLE_END = re.compile(
    "(?:讲话|报告|致辞|致词|主持词|发言|总结|讲稿|讲话稿|讲话要点|贺词|祝词|开幕词|闭幕词|发言稿|(?:发言|汇报|交流|述职|典型|经验)材料|汇报|讲评|提纲|摘要|讲话摘要|党课|演讲)(?:稿)?(?:[（(【].{0,20}[）)】])?$"
)


def genre_of(title: str) -> str | None:
    """Genre that a title names, judged by the last such word in it (a 「工作报告」 read at a 「讲话」 is rare)."""
    found = list(_GENRE.finditer(title))
    return GENRES[int(str(found[-1].lastgroup)[1:])][0] if found else None


def is_title(text: str) -> bool:
    """Whether a line reads like the title of a speech: short, unpunctuated, ending in the name of a genre."""
    bare = text.strip("《》 　")
    return (
        4 <= len(bare) <= 60
        and bare[-1] not in "。；;，,！!？?：:"
        and not re.search(r"[。；;！!？?]", bare)
        and heading_label(bare) is None
        and bool(_TITLE_END.search(bare))
        and len(skeleton(bare)) >= 4
    )


_TITLE_HEAD = re.compile(r"在|关于|中共|全|[^，。]{2,20}(?:市|县|区|省|局|委|会)")
_NO_TITLE_HEAD = re.compile(r"[。；;，,！!？?：:）)编]$|\d{4}|^[^:：]{1,3}[人间件题期][:：]")


def is_wrapped_title(a: str, b: str) -> bool:
    """Whether two lines only together read as a title (a long one that the page width broke)."""
    return (
        len(a) + len(b) <= 60
        and not is_title(a)
        and bool(_TITLE_HEAD.match(a))
        and not _NO_TITLE_HEAD.search(a)
        and is_title(a + b)
        and (not is_title(b) or len(b) <= 14)
    )


_MEMBER = re.compile(
    rf"^(?P<base>[^。；;！!？?]{{0,50}}?)[\s\-—–_·:：]*[（(【\[]?\s*(?:篇|范文|例文|样本)\s*(?P<n>\d{{1,3}}|{_NUM})\s*[）)】\]]?"
    rf"(?P<sep>[\s:：、.\-—–]*)(?P<own>[^。；;]{{0,60}})$"
)
_NTH = re.compile(
    rf"^[（(【\[]?第\s*(?P<n>\d{{1,3}}|{_NUM})\s*篇(?P<sep>[）)】\]]?[\s:：、.\-—–]*)(?P<own>[^。；;]{{0,60}})$"
)
# «领导讲话稿 第2篇»: only at the end, or a sentence about articles would do.
_BASE_NTH = re.compile(
    rf"^(?P<base>[^。；;！!？?，,：:]{{2,50}}?)[\s\-—–_·]*[（(【\[]?第\s*(?P<n>\d{{1,3}}|{_NUM})\s*篇(?P<sep>)(?P<own>)[）)】\]]?[：:]?$"
)
ANNOUNCED = re.compile(
    rf"(?:精选|共|汇编|合集|集锦|推荐|通用|范文|最新|大全|热门|优秀|实用|必备|整理)?\s*(?<![第\d一二三四五六七八九十百])(?P<n>\d{{1,3}}|{_NUM})\s*篇(?!章|文章|幅)"
)


MAX_MARK = 90


class Member(NamedTuple):
    """A line that opens a member of a collection: its number, the collection's name, the member's own title."""

    number: int
    base: str
    own: str


def collection_member(text: str) -> Member | None:
    """Reads lines such as 「…讲话 篇3」, 「第三篇：在…会议上的讲话」 and 「【第3篇】题目」."""
    if len(text) > MAX_MARK:
        return None
    for pattern in (_NTH, _BASE_NTH, _MEMBER):
        match = pattern.match(text)
        if match:
            own = match.group("own").strip()
            if own and not match.group("sep") and not (own.startswith("《") and own.endswith("》")):
                continue
            base = match.groupdict().get("base") or ""
            return Member(chinese_number(match.group("n")), base.strip(), own)
    return None


def announced_count(text: str) -> int | None:
    """How many members a collection's title says it has («(精选14篇)»)."""
    match = ANNOUNCED.search(text) if len(text) <= MAX_MARK else None
    return chinese_number(match.group("n")) if match else None
