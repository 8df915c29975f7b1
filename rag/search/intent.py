"""What kind of answer a question wants."""

from __future__ import annotations

import re

TOPIC, FACT, PHRASE, PRECEDENT, COMPARISON = "topic", "fact", "phrase", "precedent", "comparison"

_PHRASE = re.compile(
    r"句子|金句|警句|比喻|排比|说法|提法|讲法|表述|比方|形容|把.{1,20}(?:比作|比成|说成|叫做)|怎么写|怎么措辞|好词|开场白|结尾怎么|现成|phras|wording|metaphor|how to (?:say|put|word)",
    re.I,
)
_FACT = re.compile(
    r"多少|几[个家名次位人条项天年月届轮种成篇份点层]|哪(?:一)?[年月天]|哪(?:个月|个人|位|家)|何时|什么时候|谁|多久|多长|多大|多高|几点|第几|比例|百分之|是哪几|哪几|叫什么|什么名次"
    r"|how (?:many|much|long|often)|\bwhen\b|\bwho\b|which year|what (?:percentage|number|share|rank)",
    re.I,
)
_PRECEDENT = re.compile(
    r"有没有.{0,30}(?:过|先例|做法|单位|地方)|先例|经验|案例|哪(?:儿|里|家|个地方|个单位|些地方|些单位)|别的地方|别处|其他地方|人家|各地|做过|怎么做的|成效|example|precedent|has any|anyone|elsewhere|other (?:places|units)",
    re.I,
)
_COMPARISON = re.compile(
    r"(?:历年|逐年|这些年|前后|不同年份|几年(?:间|来)|从\d{4}.{0,4}到).{0,12}(?:变化|不同|怎么变|演变)|变化|演变|over the years|changed|compare",
    re.I,
)
_BROAD = re.compile(
    r"他们|各地|各家|大家|几篇|(?:怎么|如何|怎样|咋)(?:讲|说|谈|看|论述)|哪些|方方面面|都(?:有|讲|说)|what did they|what do they|what was said",
    re.I,
)


def read_intent(question: str) -> str:
    """One of the five intents; a plain topic when nothing tells."""
    for intent, pattern in ((COMPARISON, _COMPARISON), (PHRASE, _PHRASE), (FACT, _FACT), (PRECEDENT, _PRECEDENT)):
        if pattern.search(question):
            return intent
    return TOPIC


def is_broad(question: str) -> bool:
    """Whether the question asks what several people or places said."""
    return bool(_BROAD.search(question)) and read_intent(question) not in (FACT, PHRASE)
