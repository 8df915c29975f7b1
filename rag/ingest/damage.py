"""Damage that a careful reader would mark: what is cut off, mis-recognised, scrubbed or left blank."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.text.normalize import CJK
from rag.text.sentences import misread_stops
from rag.types import Flag, Span

TRUNCATED = "truncated"
MISREAD = "misread"
SCRUBBED = "scrubbed"
PLACEHOLDER = "placeholder"
STRAY_SPACE = "stray-space"
GLUED = "glued-heading"
BROKEN_SERIES = "broken-series"

_SCRUBBED = re.compile(
    r"(?<=[以同与和])同志为(?:核心)?的党中央|同志为的党中央|党的以来|学习(?:贯彻)?同志(?:系列)?重要讲话|贯彻(?:落实)?精神(?=[，,。])"
    r"|“\s*”|‘\s*’|《\s*》|\[\s*\]\s*\d*号|（\s*）|\(\s*\)|[，,]{2,}|。{2}(?!。)"
)
_PLACEHOLDER = re.compile(
    r"20[xX×_＿*]{1,2}(?:\s*年)?|(?<![*＊×])[*＊×]{2,}年|(?<![xX×])[xX×]{2,}(?=[省市县区乡镇村年月日局厅委办同志某])|(?<![A-Za-z0-9])[XxＸ×某](?=(?:省|市|县|区|镇|乡|村|局|厅|公司|同志|书记|主席|主任|届|次))"
    r"|(?<![A-Za-z0-9*])\*{1,3}(?=[\u4e00-\u9fff])|某某|_{2,}|第[Xx×]{1,2}[届次]|(?<=[\u4e00-\u9fff])_(?=[\u4e00-\u9fff])"
)
_STRAY = re.compile(f"(?<=[{CJK}])[ \u3000\xa0]+(?=[{CJK}])|(?<=[{CJK}])[ \u3000\xa0]+(?=[。，；])")
_FINISHED = re.compile(
    r"[。！？!?…；;][”’」』）)》\"'\s]*$|谢谢(?:大家|各位)?\W*$|(?:\d{1,2}|[一二三四五六七八九十]{1,3})\s*日[）)]?\s*$|[”）)]$"
)
_SIGNATURE = re.compile(r"^.{2,30}(?:委员会|办公室|总工会|局|厅|人民政府|党组|支部)$")
MIN_TEXT = 40

NOTES = {
    MISREAD: "「遥」疑为句号「。」的误识",
    SCRUBBED: "此处疑有文字被抹去",
    PLACEHOLDER: "占位符，原文未给出",
    STRAY_SPACE: "文字之间有多余空格",
    TRUNCATED: "结尾疑被截断",
    GLUED: "标题与正文连在一行，已分行",
}


def find_damage(text: str, paragraphs: Sequence[Span], glued: Sequence[int]) -> list[Flag]:
    """Flags in text order. ``glued`` holds the offsets at which cleaning set a glued heading free."""
    flags = [Flag(MISREAD, i, i + 1, NOTES[MISREAD]) for i in misread_stops(text)]
    flags += [_flag(SCRUBBED, m) for m in _SCRUBBED.finditer(text)]
    flags += [_flag(PLACEHOLDER, m) for m in _PLACEHOLDER.finditer(text)]
    flags += [
        _flag(STRAY_SPACE, m)
        for span in paragraphs
        if span.end - span.start > MIN_TEXT
        for m in _STRAY.finditer(text, *span)
    ]
    flags += [Flag(GLUED, at, at, NOTES[GLUED]) for at in glued]
    if len(text) >= MIN_TEXT and paragraphs and is_cut_off(text[paragraphs[-1].start : paragraphs[-1].end]):
        flags.append(Flag(TRUNCATED, max(0, len(text) - 20), len(text), NOTES[TRUNCATED]))
    return sorted(flags, key=lambda flag: (flag.start, flag.end))


def is_cut_off(last_paragraph: str) -> bool:
    """Whether a speech's last paragraph stops in the middle of a sentence."""
    tail = last_paragraph.strip()
    return not _FINISHED.search(tail) and not (len(tail) <= 30 and _SIGNATURE.match(tail))


def _flag(kind: str, match: re.Match[str]) -> Flag:
    return Flag(kind, match.start(), match.end(), NOTES[kind])
