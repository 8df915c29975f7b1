"""What a rephrased sentence must repeat to the letter: numbers with their units, names, titles, words that fix a degree.

All of it works on matching copies. Where a rule cannot tell, it demands too much: the price of that is a sentence less.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from rag.text.normalize import CJK, normalize
from rag.text.words import Analyzer, normalize_keeping_gaps

if TYPE_CHECKING:
    from jieba.posseg import POSTokenizer

_HAN = "〇零一二两三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟廿卅"
_VALUE = rf"(?:\d{{1,3}}(?:,\d{{3}})+(?!\d)|\d+)(?:\.\d+)*[十百千万亿]*|[{_HAN}]+(?:点[{_HAN}]+|分之(?:\d+(?:\.\d+)?|[{_HAN}]+(?:点[{_HAN}]+)?))?"
_NUMBER = re.compile(rf"(?P<order>第|周|星期|礼拜|初)?(?P<value>{_VALUE})(?P<unit>个?[{CJK}]|[%‰℃])?")
# After a number these begin something else than its unit.
_NO_UNIT = "的了以和与及或在是为到至并而也都就要从向由比"
# Words that hold a numeral and count nothing.
_COUNTS_NOTHING = re.compile("进一步|一些|一定|一般|一直|一样|一切|一旦|一起|一致|统一|一方面|一同|十分|唯一|之一|百姓")
_LATIN = re.compile(r"[a-z]+")
_TITLE = re.compile("《[^《》]*》")
_QUOTED = re.compile('「([^「」]*)」|『([^『』]*)』|“([^“”]*)”|‘([^‘’]*)’|"([^"]*)"')
_QUOTE_MARKS = '「」『』“”‘’"'

# Direction, range, degree, obligation and time: one of them put for another turns the statement round.
_BINDING = re.compile(
    "增长|增加|提高|上升|上涨|扩大|加快|增强|下降|减少|降低|下滑|下跌|缩小|缩短|放缓|减弱|压减|压缩|延长|取消|恢复|暂停|停止"
    "|以上|以下|以内|超过|高于|低于|至少|至多|最多|最少|最高|最低|达到|突破|首位|第一|倒数|领先|落后|翻番|翻倍"
    "|全部|所有|一律|部分|个别|多数|少数|一半|过半|大半|半年|半天|半数|半月|唯一|普遍|主要|首次|最后|从来|经常|偶尔"
    "|必须|务必|应当|可以|允许|鼓励|自愿|强制|免费|收费|合格|优秀|先进|胜利|失败|完成|同意|支持|批准|赞成|立即|马上"
    "|今年|去年|前年|明年|后年|上半年|下半年|年初|年底|月底|季度|每年|每月|每周|每天|每季|当天|次日|昨天|今天|明天|之前|之后|以前|以后"
)
# «多安排» and «少安排» differ in one character: it must stand before the same one as quoted.
_MORE_OR_LESS = re.compile(f"(?<![很许至不减缺增更较最太大众诸])[多少][{CJK}]")
# Organisations and posts that the dictionary takes for common words, and people called by their surname alone.
_OFFICE = re.compile(
    "人大|政协|纪委|监委|纪检|政法委|妇联|团委|共青团|科协|文联|残联|侨联|工商联|工会|法院|检察院|公安|消防|武警|海关|税务"
    "|书记|主席|主任|部长|局长|厅长|处长|科长|股长|省长|市长|县长|区长|镇长|乡长|村长|州长|秘书长|院长|校长|厂长|矿长|所长|站长|队长|组长"
    "|班长|会长|馆长|行长|台长|社长|店长|园长|经理|总裁|董事|政委|委员|专员|主编|干事|教授|院士|总理|总统"
    "|[小老][王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗郑梁谢宋唐许韩冯邓曹彭曾肖董袁潘蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范廖贾夏韦邹孟熊秦邱尹薛闫段雷侯陶黎贺顾郝龚邵钱严覃戴莫汤费葛]"
)
# The ends of the names of organisations and places.
_BODY = re.compile(
    "(?:局|厅|部|委|院|会|校|厂|矿|社|所|站|队|处|科|省|市|县|区|镇|乡|村|州|公司|集团|办公室|中心|银行|政府|党委|市委|县委|省委|区委|大学)$"
)
_PLACE_ENDS = frozenset("省市县区镇乡村局厅处科队站")
_NAME_FLAGS = ("nr", "ns", "nt", "nz")
_RARE = 200


class Measure(NamedTuple):
    """A number as it stands in «第3次»: 第, 3, 次. ``order`` and ``unit`` may be empty."""

    order: str
    value: str
    unit: str


@dataclass(frozen=True)
class Facts:
    """What of a text another text must hold as well. ``numbers`` are bare values."""

    numbers: frozenset[str]
    measures: frozenset[Measure]
    latin: frozenset[str]
    literal: frozenset[str]

    def missing_from(self, other: Facts, folded: str) -> bool:
        """Whether a text with the facts ``other`` and the matching copy ``folded`` lacks one of these."""
        if self.numbers - other.numbers or self.measures - other.measures or self.latin - other.latin:
            return True
        return any(one not in folded for one in self.literal)


def facts_of(text: str, analyzer: Analyzer) -> Facts:
    """The facts of a text."""
    spaced, folded = normalize_keeping_gaps(text), normalize(text)
    measures = measures_in(spaced)
    numbers = frozenset(measure.value for measure in measures)
    literal = {
        *_TITLE.findall(folded),
        *_BINDING.findall(folded),
        *_MORE_OR_LESS.findall(folded),
        *_OFFICE.findall(folded),
        *_names(text, analyzer),
        *_strange(folded),
    }
    return Facts(
        numbers,
        frozenset(m for m in measures if m.order or m.unit),
        frozenset(_LATIN.findall(spaced)),
        frozenset(literal),
    )


def measures_in(folded: str) -> frozenset[Measure]:
    """The numbers of a matching copy."""
    found = set()
    for match in _NUMBER.finditer(_COUNTS_NOTHING.sub("。", folded)):
        unit = match["unit"] or ""
        found.add(Measure(match["order"] or "", match["value"], "" if unit[:1] in _NO_UNIT else unit))
    return frozenset(found)


def quotations(text: str) -> list[str] | None:
    """What stands between quotation marks in a text, inner ones included; None where the marks do not pair."""
    found, left = [], text
    while match := _QUOTED.search(left):
        inner = next(group for group in match.groups() if group is not None)
        found.append(inner)
        left = left[: match.start()] + "\n" + left[match.end() :]
        if any(mark in inner for mark in _QUOTE_MARKS):
            nested = quotations(inner)
            if nested is None:
                return None
            found += nested
    return None if any(mark in left for mark in _QUOTE_MARKS) else found


def quotes_exactly(text: str, quotes: Iterable[str]) -> bool:
    """Whether all that a text puts between quotation marks stands in one of the quotes, character for character."""
    found, kept = quotations(text), tuple(quotes)
    if any(text in quote for quote in kept):
        return True
    return found is not None and all(any(one in quote for quote in kept) for one in found)


def _names(text: str, analyzer: Analyzer) -> set[str]:
    """Words that look like names: by their part of speech, their ending, or because no dictionary knows them."""
    known = analyzer.tokenizer.FREQ
    names, before = set(), ""
    for token, flag in _tagger(analyzer).lcut(text):
        word, last = normalize(token), before
        before = word if re.fullmatch(f"[{CJK}]+", word) else ""
        if not before:
            continue
        if word in _PLACE_ENDS and len(last) > 1:
            names.add(last + word)
        unknown = known.get(word, 0) == 0 if len(word) > 1 else known.get(word, 0) < _RARE
        named = flag.startswith(_NAME_FLAGS) and len(word) > 1
        if unknown or named or (len(word) > 2 and _BODY.search(word)):
            names.add(word)
    return names


def _strange(folded: str) -> set[str]:
    """Letters, numerals and symbols beyond Chinese and ASCII: each must be quoted."""
    strange = re.sub(f"[{CJK}\x00-\x7f]", "", folded)
    return {char for char in strange if unicodedata.category(char)[0] in "LNSM"}


@lru_cache(maxsize=2)
def _tagger(analyzer: Analyzer) -> POSTokenizer:
    """jieba's part-of-speech tagger over the analyzer's dictionary (its table takes about a second)."""
    from jieba.posseg import POSTokenizer

    return POSTokenizer(analyzer.tokenizer)
