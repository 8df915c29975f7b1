"""Figures that a text states: a number, its unit and the clause that says what was counted.

Not figures are dates and years, ordinals (第三次), numbers of lists, documents and congresses, set phrases that hold a
numeral (一带一路, 四个意识, 千家万户), estimates without a value (几十个, 三五天), and «one» or «two» of something in prose.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rag.explore.numerals import number_value
from rag.text.sentences import sentences
from rag.types import Span

_D = "0-9０-９"
_H = "零〇一二两三四五六七八九十百千万亿"
_ARABIC = rf"[{_D}]{{1,3}}(?:[,，][{_D}]{{3}})+(?:[.．][{_D}]+)?|[{_D}]+(?:[.．][{_D}]+)?"
_HAN = rf"[{_H}]+(?:点[零〇一二三四五六七八九]+[万亿]*)?"
_VALUE = rf"(?:(?:{_ARABIC})\s?[十百千万亿]*|{_HAN})"
_MORE = "(?:多|余|来)?"
MONEY = ("元", "块钱", "美元", "港元", "欧元")
MEASURES = (
    *MONEY, "平方公里", "平方米", "立方米", "立方", "公里", "千米", "厘米", "毫米", "海里", "米", "万吨", "吨", "公斤", "千克", "斤", "亩", "公顷",
    "千瓦时", "千瓦", "度电", "毫克", "微克", "升", "摄氏度", "℃", "个百分点", "百分点", "倍",
)  # fmt: skip
DURATIONS = (
    "个多小时",
    "个半小时",
    "个多月",
    "个半月",
    "个小时",
    "小时",
    "分钟",
    "秒",
    "个工作日",
    "工作日",
    "个月",
    "天",
    "周年",
)
COUNTED = (
    "人次", "人", "名", "位", "户", "家", "个", "件", "次", "份", "篇", "条", "项", "场次", "场", "期", "台", "辆", "套", "所", "座", "处", "间",
    "张", "封", "本", "册", "部", "支", "批", "类", "种", "起", "宗", "例", "只", "头", "棵", "株", "箱", "袋", "艘", "架", "列", "班", "对", "笔",
    "村", "县", "镇", "字", "页", "幢", "栋", "盏", "口", "把", "根", "块", "遍", "趟", "句", "顿", "站", "门", "班次", "床", "桌", "票",
)  # fmt: skip
_UNIT = "|".join(sorted({*MEASURES, *DURATIONS, *COUNTED}, key=lambda unit: (-len(unit), unit)))
_FIGURE = re.compile(
    rf"(?P<percent>百分之(?P<p>{_ARABIC}|{_HAN}))"
    rf"|(?P<clock>(?P<hours>{_VALUE})个?小时零?(?P<minutes>{_VALUE})分钟)"
    r"|(?P<tenths>(?P<t>[一二三四五六七八九])成(?P<tenth>[一二三四五六七八九半])?(?![立为员果效绩本长功就分都天]))"
    rf"|(?P<fraction>(?P<below>[{_H}]+)分之(?P<above>[{_H}]+))"
    rf"|(?P<value>{_VALUE}){_MORE}(?:\s?(?:-|—|–|~|～|至|到)\s?(?P<high>{_VALUE}){_MORE})?\s?(?:(?P<sign>[%％‰])|(?P<unit>{_UNIT}){_MORE})"
)
# What may stand right before a number that is no figure.
_NOT_AFTER = re.compile(rf"(?:第|届|编号|年级|[A-Za-z/／〔\[]|[{_D}{_H}]|[{_D}][.．:：])[ \u3000]*\Z")
_NOT_AFTER_HAN = re.compile(r"(?:周|星期|礼拜|初|头|几|数|上|零下|十之)\Z")  # «人数65人» is one, «数十人» is none
_NOT_AS_UNIT = re.compile(
    r"个(?:[“‘「亿万]|方面|字|问题|环节|层面|坚持|确保|到位|统一|意识|自信|维护|全面|代表|必须|务必|关键|重点|关系|转变|提升|突破|结合|着力|样|劲|道理|性|体系|文明|不|更|不能)"
    r"|(?:项|条|大)(?:规定|禁令|原则|纪律|要求|任务|措施|重点|职能)|(?:条)(?:心|龙|腿)|(?:次)(?:性|元)|(?:种)(?:形态)"
    r"|人(?:大|心|民|家|说|均|们|格|手|才|工|事|生)|家(?:子|长|里|庭|人|家|乡|伙|常)"
    r"|天(?:气|然|下|地)|部(?:门|署|队|委|分|长)|门(?:口|前|槛)|班(?:子|长|组|车)|口(?:人|号|头|径)|对(?:于|象|照|待|外|口)|把(?:手|关|握)|位(?:置|于)|期间|期(?:望|待)"
    r"|本(?:人|身|地|市|级|领|来|质|职|着|次)|种(?:植|子)|项目|起(?:来|到|步|草|点)|处(?:长|理|在|于|置|室)|站(?:在|长|起|着)|场(?:所|地)|条(?:件|例)|件事|类似|例(?:如|会|子)|套路|根(?:本|据)|块(?:头)|支(?:部|持|书|付)|列(?:入|为|出)"
    r"|次(?:日|年|要|执委|全会|全体|全委|职工|职代|党代|代表|会员|常委|会议|中央|工会|大会)|名(?:字|单|称|义|列)|级|号|届|县(?:委|长|里|政府|区|级|总|直)|村(?:委|支|里|民|两|干部|级|子|口)|镇(?:党|长|里|政府|总|级)|周年(?:纪念)?|字(?:当头|经|诀)|句(?:话)|顿(?:时)|只(?:有|要|能|是|管)|间(?:接|隔)|张(?:罗|口)|斤(?:计较)"
)
_SET_PHRASE = re.compile(
    r"千家万户|一亩三分地|千方百计|百花齐放|万无一失|一[^，。；、]{0,3}[一二]|三番五次|四面八方|五花八门|千[^，。；、]万|百[^，。；、]百|七[上嘴手][八]|三[天言]两|两[头手]抓|一把手|一个人|一家人"
)
_SAME_UNIT = {
    "个小时": "小时",
    "个多小时": "小时",
    "个多月": "个月",
    "个工作日": "工作日",
    "百分点": "个百分点",
    "块钱": "元",
}
_OPENING = ("“", "‘", "「", "每")  # «“五个一”工程», «每一个百分点»
_SMALL = 3  # «one, two, three of something» in Chinese numerals is prose
_CLAUSE_END = "，。；！？：,;!?\n"
_THIN = 8  # a clause with fewer characters beside its figures does not say what was counted


@dataclass(frozen=True)
class Figure:
    """``text[start:end]`` with its value (of a range: the lower; ``high`` the upper) in ``unit``; ``clause`` says of what.

    Percentages have the unit «%» whatever they were written as. «万» and «亿» are part of the value.
    """

    start: int
    end: int
    value: float
    high: float | None
    unit: str
    clause: Span


def figures(text: str, start: int = 0, end: int | None = None) -> list[Figure]:
    """The figures of ``text[start:end]`` in order, as offsets into ``text``."""
    return [one for span in sentences(text, start, end) for one in _in_sentence(text, span)]


def _in_sentence(text: str, span: Span) -> Iterator[Figure]:
    phrases = [m.span() for m in _SET_PHRASE.finditer(text, *span)]
    for match in _FIGURE.finditer(text, *span):
        read = _read(match)
        if read is None or not _may_follow(text[max(0, match.start() - 3) : match.start()], match["value"] or ""):
            continue
        if any(a < match.end() and match.start() < b and b - a > match.end() - match.start() for a, b in phrases):
            continue
        value, high, unit = read
        yield Figure(match.start(), match.end(), value, high, unit, _clause(text, span, match.start(), match.end()))


def _may_follow(before: str, value: str) -> bool:
    """Whether a number that stands after these characters can be a figure."""
    if _NOT_AFTER.search(before):
        return False
    return not (value[:1] in _H and value and (_NOT_AFTER_HAN.search(before) or before.endswith(_OPENING)))


def _read(match: re.Match[str]) -> tuple[float, float | None, str] | None:
    """(value, upper value, unit) of a match, None where it is no figure."""
    if match["percent"]:
        value = number_value(match["p"])
        return None if value is None else (value, None, "%")
    if match["clock"]:
        hours, minutes = number_value(match["hours"]), number_value(match["minutes"])
        return None if hours is None or minutes is None else (hours * 60 + minutes, None, "分钟")
    if match["tenths"]:
        half = 5.0 if match["tenth"] == "半" else number_value(match["tenth"] or "零")
        return (number_value(match["t"]) or 0.0) * 10 + (half or 0.0), None, "%"
    if match["fraction"]:
        above, below = number_value(match["above"]), number_value(match["below"])
        return (round(above / below * 100, 2), None, "%") if above and below and above < below else None
    value, high = number_value(match["value"]), number_value(match["high"]) if match["high"] else None
    if value is None or (match["high"] and (high is None or high <= value)):
        return None
    if match["sign"]:
        return value, high, match["sign"].replace("％", "%")
    unit = match["unit"]
    rest = match.string[match.start("unit") : match.end("unit") + 3]
    if unit not in MONEY and _NOT_AS_UNIT.match(rest):
        return None
    han = match["value"][0] in _H
    if han and (match["value"].strip("百千万亿十") == "" and match["value"] != "十"):
        return None  # «百家», «千万人»: many, not a hundred
    if han and match["value"][0] in "零〇" and len(match["value"]) > 1 and "点" not in match["value"]:
        return None  # «一年零七个月»
    if unit.startswith("个半"):
        value, unit = value + 0.5, unit.replace("半", "")
    unit = _SAME_UNIT.get(unit, unit)
    small = (unit in COUNTED and value <= _SMALL) or (unit == "天" and value == 1)
    return None if han and small and high is None else (value, high, unit)


def _clause(text: str, sentence: Span, start: int, end: int) -> Span:
    """The clause around ``text[start:end]``, with the one before it where it says too little by itself."""
    left, right = start, end
    while left > sentence.start and not _ends_clause(text, left - 1):
        left -= 1
    while right < sentence.end and not _ends_clause(text, right):
        right += 1
    if right - left - (end - start) < _THIN and left > sentence.start:
        left -= 1
        while left > sentence.start and not _ends_clause(text, left - 1):
            left -= 1
    while left < start and text[left].isspace():
        left += 1
    return Span(left, right)


def _ends_clause(text: str, at: int) -> bool:
    """Whether a clause ends at an offset: a comma or colon between digits belongs to the number."""
    if text[at] not in _CLAUSE_END:
        return False
    inside = 0 < at < len(text) - 1 and text[at - 1].isdigit() and text[at + 1].isdigit()
    return not (inside and text[at] in ",，:：")
