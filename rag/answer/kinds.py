"""The kind of fact that a question asks for, and whether a sentence states one of that kind.

A passage on the right subject that lacks the amount, the date or the share asked for is the commonest near miss.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.ingest.people import SURNAMES

_N = r"(?:\d[\d,，.]*|[〇零一二两三四五六七八九十百千万亿]+(?:点[〇零一二三四五六七八九]+)?|[一二两三四五六七八九]?半)(?:多|余|来|几)?"


@dataclass(frozen=True)
class Kind:
    """``asked`` recognises the question, ``stated`` a sentence that can answer it."""

    name: str
    asked: re.Pattern[str]
    stated: re.Pattern[str]


def _kind(name: str, asked: str, stated: str) -> Kind:
    return Kind(name, re.compile(asked, re.I), re.compile(stated, re.I))


KINDS: tuple[Kind, ...] = (
    _kind(
        "money",
        r"多少钱|多少(?:万|亿)?元|几(?:块|元)钱?|花了?多少|(?:报销|补贴|补助|奖励|奖|罚|发|给|出|拨|筹|收入|工资|津贴|经费|资金|标准)[^，。？?]{0,8}多少(?!人|名|家|个|户|次|天|年)"
        r"|how much (?:money|was|is|did|do|does|are|were|unpaid|funding)|salary|subsidy|allowance|\bcosts?\b|reward (?:for|of)|what (?:amount|sum)|fine for",
        rf"{_N}\s*(?:万|亿|千|百)?\s*(?:元|块钱|块|美元|人民币)|{_N}\s*(?:万|亿)(?=[，。；、）)]|$)",
    ),
    _kind(
        "share",
        r"利率|比例|百分之(?:几|多少)|占(?:了)?多少|几成|[率比]是?(?:多少|多高)|(?:增长|提高|下降)了?多少|percent|what (?:share|proportion|rate|ratio)|interest rate",
        rf"\d\s*[%％‰]|百分之{_N}|{_N}\s*(?:个)?百分点|千分之{_N}|{_N}成(?!立|为|功|果|绩|员|长)|{_N}分之{_N}|一半|过半|[倍]",
    ),
    _kind(
        "duration",
        r"几(?:天|年(?!里|来|间)|个?月|个?小时|分钟|周|日)(?!份)|多少(?:天|年|个月|小时|分钟|日|工作日)|多久|多长时间|多长(?!远)|how long|how many (?:hours|days|years|months|weeks|minutes)|within how",
        rf"{_N}\s*(?:个)?(?:工作日|小时|钟头|分钟|天|日|周|星期|月|年|季度|期)|每[天日周月季年]|当[天日]|半[天年月]|即时|立即|第一时间",
    ),
    _kind(
        "people",
        r"多少(?:个|名|位)?(?:人|职工|会员|党员|代表|选手|干部|同志|群众)|几(?:个|名|位)?人|多少名|(?<!第)几[名位]|how many (?:people|workers|members|cadres|contestants|persons|staff|employees)",
        rf"{_N}\s*(?:万|千|百)?\s*(?:多|余)?\s*(?:人|名|位|人次|户|对)",
    ),
    _kind(
        "date",
        r"哪(?:一)?年|哪(?:个)?月|几月|哪(?:一)?天|几号(?!字|文)|何时|什么时候|什么时间|\bwhen\b|which (?:year|month|date)|what (?:year|date)",
        rf"(?:19|20)\d{{2}}|{_N}月|{_N}日|20[xX×*_]{{2}}年|[去今明前]年|上半年|下半年|年底|年初|月底|[一二三四五六七八九十]+届",
    ),
    _kind(
        "rank",
        r"第几|什么名次|排名|排第|名列|what (?:rank|place)|how .{0,12}rank",
        rf"第{_N}(?:名|位)|{_N}等奖|特等奖|前{_N}(?:名|位|强|列|甲)?(?![年天个月季次])|名列|位列|位居|首位|榜首|冠军|亚军|季军|倒数|金奖|银奖|铜奖",
    ),
    _kind(
        "person",
        r"叫什么(?!名堂)|姓什么|姓名是|名字(?:是|叫)(?:什么|谁)|是谁(?!家|的)|(?:^|[，,是])哪位|^\s*who (?:is|was|were|are)\b|what (?:is|was) (?:the|his|her|their) names?",
        rf"[{SURNAMES}][\u4e00-\u9fff]{{1,2}}(?:、|同志|先生|女士|师傅|老师|教授|医生|书记|主席|主任|[省市县区镇乡局厅处科部院校站所队班]长|支书)"
        rf"|(?:名叫|叫做|叫|姓名|[同志员记席任长者人])[{SURNAMES}][\u4e00-\u9fff]{{1,2}}(?=[，。、；：（）“”]|$)",
    ),
    _kind("score", r"几分(?!钟|之)|多少分(?!钟|之)", rf"{_N}分(?!之|钟|类|别|工|管|析|期|批|步|层|级|头|为|成)"),
    _kind(
        "layout",
        r"字号|几号字|什么字体|页边距|行距|多大的字|font|margin",
        r"号字|仿宋|宋体|黑体|楷体|毫米|厘米|磅|mm|字号|行距",
    ),
    _kind(
        "count",
        r"多少(?:家|个|件|篇|辆|场|次|户|项|份|台|亩|公里|条|所|座|处|套|期|宗|起|批|班|条|封|部|字|吨|平方)|几(?:家|辆|场|次|户|份|台|期|起|批|封|趟|所|座|处|道|关|项|条|件|种|类|步|支|块|口|轮)|how many|number of",
        rf"{_N}\s*(?:多|余)?\s*(?:个|家|件|篇|辆|场|次|户|项|份|台|亩|公里|条|所|座|处|套|期|宗|起|批|班|封|部|字|吨|平方|趟|道|关|种|类|步|支|块|口|轮|人|名|位|届|册|万|千|百)|[一二三四五六七八九十]是|第[一二三四五六七八九十]",
    ),
)


_FIGURE = re.compile(
    rf"(?:\d[\d,，.]*|{_N})\s*(?:多|余)?\s*(?:个)?(?:小时|分钟|天|工作日|万元|亿元|元|%|％|百分点|人次|人|名|家|篇|份|件|户|条|期|亩|公里|平方米)"
)


def states_figure(text: str) -> bool:
    """Whether a sentence states a measured fact: a limit, an amount, a count."""
    return bool(_FIGURE.search(text))


def asked_kinds(question: str) -> tuple[Kind, ...]:
    """The kinds of fact a question asks for; a count only where nothing more special is asked."""
    found = [kind for kind in KINDS if kind.asked.search(question)]
    special = [kind for kind in found if kind.name != "count"]
    return tuple(special or found)
