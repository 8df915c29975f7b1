"""What n-grams cannot see of a sentence: parallel clauses, quotations, figures, list marks, its place."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from rag.functions.labels import SentenceInContext
from rag.functions.ngrams import fold

NAMES: tuple[str, ...] = (
    "first", "last", "length", "short", "clauses", "clause length", "even clauses",
    "same opening 1", "same opening 2", "same opening 3", "same ending 1", "same ending 2",
    "repeated character", "repeated pair", "in step", "three openings", "three in step", "semicolons", "commas 、",
    "figures", "two figures", "percent", "counted things", "deadline",
    "quoted", "quoted share", "long quotation", "quotation with lead-in", "book title", "quotation at the end",
    "question", "exclamation", "no end mark", "ends in colon", "list mark", "heading mark", "I", "we", "you",
    "demand", "demands", "shortcoming", "shortcomings", "attainment", "measure", "likeness", "weight", "somebody said",
    "somebody named", "modest", "thanks", "rousing", "announcing",
)  # fmt: skip

_CLAUSE = re.compile("[，；：。！？…—]+")
_MARKS = re.compile("[“”（）《》、]")
_FIGURE = re.compile("0+(?:\\.0+)?|[一二三四五六七八九十百千万亿两半]{2,}")
_PERCENT = re.compile("%|％|百分之|个百分点|成以上|倍")
_COUNTED = re.compile("(?:[0一二三四五六七八九十百千万亿两]|多)(?:余|多)?[个件项次人名户家亩吨元条份篇期处场起座公里平米天年]")
_DEADLINE = re.compile("[0一二三四五六七八九十]+[月日号天年周小]时?(?:底|末|份)?(?:前|内|之前|以前|以内)|年底前|年内|月底前|今后|下一步")
_QUOTED = re.compile("“([^”]*)”")
_LEAD_IN = re.compile(
    "(?:说|讲|云|曰|言|道|写|诗|句|强调|指出|提出|要求|古人|古语|常言|老话|名言|题|叹|训|之说|典故|所谓|叫|是|有)[过的]?[^，。“]{0,5}[，：]?“"
)
_LIST_MARK = re.compile("(?:[一二三四五六七八九十]是|其[一二三四五]|第[一二三四五六七八九十]|首先|其次|再次|最后|另外)")
_HEADING_MARK = re.compile("(?:[一二三四五六七八九十]+、|（[一二三四五六七八九十0]+）|0+[.、．])")
# Words that carry one function in this genre; the weight that each deserves is learnt.
_DEMAND = re.compile(
    "(?:^|[，；。])(?:(?:各[^，；。]{1,8}|我们|希望[^，；。]{0,8}|广大[^，；。]{1,8}|任何[^，；。]{1,8}|今[年后]|明年|下半年|今后[^，；。]{0,3})?"
    "(?:都|也|更|还|一定|就|首先|尤其|特别)?(?:要(?!求|不是|说|么|闻)|必须|务必|务于|不得|不准|不许|严禁|坚决|决不|绝不|确保|力争|切实|坚持|严格|加[强快大]|进一步|继续|深入|凡))"
)
_SHORTCOMING = re.compile(
    "不足|不够|不到位|不强|不高|不力|不实|不清|不严|不敢|不愿|滞后|缺乏|缺失|薄弱|短板|差距|流于|形同虚设|走过场|应付|敷衍|推诿|扯皮|脱节|漏洞|隐患"
    "|突出问题|个别|有的|有些|少数|部分|一些|至今|仍然|依然|屡禁不止|教训|通报|败坏|恶劣|浪费|失之于|欠账|不及|只有|连[^，；。]{1,10}[都也]|却"
)
_ATTAINMENT = re.compile(
    "达到|达[0一二三四五六七八九十百千]|突破|增长|下降|提高[到了]|提升[到了]|缩短[到了]|由[^，；。]{1,14}[到降升增缩提]|荣获|获得|夺得|名列|位[居列]|第[一二三0]|首[次位个]|实现了?|完成|建成|办结|累计|翻了?[一两]番|连续|全年|一年来|[0一二三四五两]年[来间里下]|新增|率[达为在]|没有发生|肯定|表扬|创"
)
_MEASURE = re.compile(
    "推行|实行|建立|设立|设了|开设|开通|开展|采[取用]|组建|成立|出台|推出|试点|试行|选派|抽调|聘请|引入|搭建|借鉴|牵头|每[月周季天日年半两]|统一|制度|机制|办法|台账|清单|平台|扫码|张榜|公示|上门|轮[岗换值]|一[户人案事企车站键][一]|通过[^，；。]{2,12}，|把[^，；。]{2,20}(?:到|成|进|在|给|为)"
)
_LIKENESS = re.compile("好比|犹如|如同|好似|就像|像[^，；。]{1,12}[，一]|好像|仿佛|不是[^，；。]{1,6}，(?:而)?是|是[^，；。]{0,4}[一把面台条座盏根扇张杆块][^，；。]{1,6}")
_WEIGHT = re.compile(
    "关系[到着]|事关|意味着|重要|关键|根本|基础|基石|生命线|形势|当前|随着|机遇|挑战|压力|越来越|前所未有|时期|阶段|时代|背景|本质|取决于|之所以|因为|必然|趋势|体现|反映|要求|不可替代|意义"
)
_SAID = re.compile("(?:^|[，；。])[^，；。]{0,16}(?:说|讲|云|曰|言|道|指出|强调|写道|提出|主张|告诫|提倡|有言|有云|要求|规定|记载)[过的得]?(?:[^，；。“]{0,6})?(?:，|：|“)")
_NAMED = re.compile("古[人语训]|先生|同志[^们]{0,4}[说讲指曾早]|总书记|主席|总理|先贤|诗[人句云]?|词|名言|典故|孔子|孟子|老子|《[^》]{1,14}》|常言|有言|有云|之说|家训|条例|公报|决定")
_MODEST = re.compile("汇报|请[^，；。]{0,12}(?:指正|批评|审议|评议|包涵|担待|纠正|补充|指教|见谅|谅解|原谅)|不当|不妥|不成熟|粗浅|抛砖|班门弄斧|体会|参考|简要|简单|荣幸|委托|我[^，；。]{0,6}(?:讲|谈|说)[^，；。]{0,4}(?:几|两|三)[句点]|大家好|水平有限|献丑|唠|学习来")
_THANKS = re.compile("感谢|谢谢|致谢|谢意|祝贺|祝愿|[祝愿](?:大家|各位|同志|同学|老师|你)|[，。；]祝|^祝|慰问|欢迎|敬意|致敬|问候|辛苦|道贺|贺|拜[个年]|预祝|鞠躬")
_ROUSING = re.compile("让我们|[吧啊]！|奋斗！|相信|坚信|深信|愿[^，；。]{1,10}[，！]|携手|同志们，[^，]{2,}|再[接创立上]|一定[能会要]|努力！|答卷|号角|征程|明天|未来|不负")
_ANNOUNCING = re.compile("下面|接下来|首先|以上|前面|刚才|现在(?:请|进行|开)|议程|以下|如下|[几两三四五六七八]个?(?:方面|问题|点|层|句|项|条|部分)|为什么|怎么|谈谈|讲讲|说说|再[说看谈]")
_I, _WE, _YOU = re.compile("我(?!们|市|县|省|国|区|镇|局|乡|厅|校|院|办|州)"), re.compile("我们|咱们"), re.compile("大家|你们|各位|同志们|诸位")

_FEW = 12  # of which counting each is quicker than a Counter


def patterns(sentence: SentenceInContext) -> list[float]:
    """One number for each of `NAMES`, most of them between 0 and 1."""
    text = fold(sentence.text)
    clauses = [_MARKS.sub("", clause) for clause in _CLAUSE.split(text)]
    clauses = [clause for clause in clauses if clause]
    return [
        float(sentence.first), float(sentence.last), min(len(text), 120) / 60, float(len(text) < 15),
        min(len(clauses), 8) / 4, min(len(text) / max(1, len(clauses)), 40) / 20,
        *_parallels(clauses), min(text.count("；"), 3) / 2, min(text.count("、"), 4) / 2,
        *_figures(text), *_quotations(text),
        float("？" in text), float("！" in text), float(text[-1:] not in "。！？；…”"), float(text[-1:] == "："),
        float(_LIST_MARK.match(text) is not None), float(_HEADING_MARK.match(text) is not None),
        float(_I.search(text) is not None), float(_WE.search(text) is not None), float(_YOU.search(text) is not None),
        *_cues(text),
    ]  # fmt: skip


def _cues(text: str) -> list[float]:
    demands, shortcomings = len(_DEMAND.findall(text)), len(_SHORTCOMING.findall(text))
    found = [
        float(cue.search(text) is not None)
        for cue in (_MEASURE, _LIKENESS, _WEIGHT, _SAID, _NAMED, _MODEST, _THANKS, _ROUSING, _ANNOUNCING)
    ]
    attained = min(len(_ATTAINMENT.findall(text)), 3) / 2
    return [float(demands > 0), min(demands, 4) / 2, float(shortcomings > 0), min(shortcomings, 3) / 2, attained, *found]


def _parallels(clauses: Sequence[str]) -> list[float]:
    """How much of a sentence is made of clauses built alike: even lengths, shared openings and endings, repetition."""
    if len(clauses) < 3:
        return [0.0] * 11
    openings = [_most([clause[:n] for clause in clauses if len(clause) > n]) for n in (1, 2, 3)]
    endings = [_most([clause[-n:] for clause in clauses if len(clause) > n]) for n in (1, 2)]
    characters = _most([char for clause in clauses for char in set(clause)])
    # Clauses that share a couple share its characters; one or two count for nothing.
    couples = _most([c for clause in clauses for c in {a + b for a, b in pairwise(clause)}]) if characters > 2 else 0
    even = _most([len(clause) for clause in clauses if len(clause) > 2])
    step = _in_step(clauses)
    return [
        _above(even),
        *map(_above, openings), *map(_above, endings), _above(characters), _above(couples), _above(step),
        float(openings[0] >= 3), float(step >= 3),
    ]  # fmt: skip


def _in_step(clauses: Sequence[str]) -> int:
    """The longest run of clauses in which neighbours are about as long and share a character at the same place."""
    best = run = 1
    for before, after in pairwise(clauses):
        alike = abs(len(before) - len(after)) <= 1 and len(before) > 2
        run = run + 1 if alike and any(a == b for a, b in zip(before, after, strict=False)) else 1
        best = max(best, run)
    return best


def _most(items: Sequence[str] | Sequence[int]) -> int:
    """How often the most frequent of them occurs."""
    if len(items) <= _FEW:
        return max(map(items.count, items), default=0)
    return max(Counter(items).values())


def _above(count: int) -> float:
    """0 for one or two, then rising to 1 at five."""
    return min(max(count - 2, 0), 3) / 3


def _figures(text: str) -> list[float]:
    figures = len(_FIGURE.findall(text))
    return [
        float(figures > 0), float(figures > 1), float(_PERCENT.search(text) is not None),
        float(_COUNTED.search(text) is not None), float(_DEADLINE.search(text) is not None),
    ]  # fmt: skip


def _quotations(text: str) -> list[float]:
    titled = float("《" in text)
    quoted = _QUOTED.findall(text) if "“" in text else []
    if not quoted:
        return [0.0, 0.0, 0.0, 0.0, titled, 0.0]
    return [
        1.0, sum(map(len, quoted)) / len(text), float(max(map(len, quoted)) >= 8),
        float(_LEAD_IN.search(text) is not None), titled, float(text.rstrip("。！？；").endswith("”")),
    ]  # fmt: skip
