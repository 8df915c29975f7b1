"""What a request for wording asks for: the thing to be put into words, and the kind of sentence wanted."""

from __future__ import annotations

import re
from dataclasses import dataclass

LEAST = 2

_KIND = (
    r"(?:说法|讲法|写法|提法|表述|表达|措辞|句子|句|短句|对句|语句|话语?|话头|段子|段落?|比喻|比方|拟人|警句|金句|名句|名言|格言|俗语|俗话|谚语"
    r"|歇后语|古语|老话|俏皮话|妙喻|顺口溜|排比句?|对仗句?|典故|诗句|用语|词|例子|素材|开场白|开头|结尾|结束语|收尾)"
)
_PRAISE = r"(?:现成|形象|生动|漂亮|好听|经典|精彩|感人|动情|硬气|有力|提气|通俗|接地气|地道|好用?|合适|得体|贴切|简短|类似|相关|那种|这种)"
_COUNT = r"(?:一|两|几|那|这|哪)?(?:些|个|句|段|条|篇)?"
# The words of asking, from the outside in, until nothing changes.
_ASKING = tuple(
    re.compile(pattern, re.I)
    for pattern in (
        r"[？?。！!，,、；;：:\s]+$",
        r"^[，,、；;：:\s]+",
        r"^(?:请问|请|帮我|帮忙|麻烦|给我|我?想(?:要|找|写)?|求|查|找|搜|[来要](?=[一两几]))(?:一下|找)?[一两几]?[些个句段条]?(?=.{3})",
        rf"(?:^|[，,\s])(?:有没有|有无|有|找|求){_COUNT}(?:什么|啥|哪些)?(?:{_PRAISE}的?)*{_KIND}(?:没有|吗|呢|么|可用)?$",
        r"(?:[，,\s]|应该|该|要|可以|能|都|是|又)*(?:怎么|怎样|如何|咋)(?:去)?(?:形容|描述|描写|比喻|表达|表述|说|讲|写|措辞|开头|收尾|结尾)(?:才?(?:好|得体|合适)|的|比较好)?(?:呢|吗)?$",
        r"(?:有|用|是)(?:什么|啥|哪些|哪几种)(?:来形容)?$",
        rf"的(?:那|这|几|一)?(?:种|些|句|段|个|条)?(?:{_PRAISE}的?)*{_KIND}(?:在哪(?:里|儿)?|有吗|有哪些|怎么写|怎么说|是哪句)?$",
        r"(?:金句|警句|名言|排比句|比喻句|开场白|结束语|俗语|谚语|歇后语|有没有)$",
        rf"^(?:有没有|有无|有)?{_COUNT}(?:{_PRAISE}的?)*(?:用来|用于|可以|能)?(?:形容|描述|描写|比喻|表达|表示|刻画)(?:的是)?(?=.{{2}})",
        rf"^(?:有没有|有无|哪{_COUNT}话?)(?:现成的?)?(?:{_KIND}是?)?(?=.{{2}})",
        r"^(?:关于|有关|表示|表达|说明|说的是|讲的是)(?=.{2})",
        r"^(?:怎么|怎样|如何|咋)(?:去)?(?:形容|描述|描写|比喻|表达|表述|说|讲|写)(?=.{2})",
        r"^(?:is there|are there|find(?: me)?|give me|show me|i (?:need|want)|any)\s+",
        r"^(?:an?|some|the)\s+(?:\w+\s+){0,2}?(?:metaphors?|sayings?|sentences?|phrases?|phrasings?|wordings?|quotes?|lines?|ways?|expressions?|passages?)\s+(?:for|about|on|to (?:say|put|describe|express)|describing|that says?|saying)\s+",
        r"^how (?:to|do (?:i|they|you|we)|did they) (?:say|put|phrase|word|describe|express)\s+",
    )
)

# Which words ask for which rhetorical function (`rag.functions.labels.LABELS`).
_WANTED: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (label, re.compile(pattern, re.I))
    for label, pattern in (
        (
            "比喻警句",
            r"比喻|比方|比作|比成|比做|说成|当成|形象|拟人|警句|金句|格言|俗[语话]|谚语|歇后语|老话|俏皮|妙喻|顺口溜|metaphor|saying|proverb|simile",
        ),
        ("引经据典", r"引用|典故|古语|古人|古话|诗句|诗词|名言|名句|老话|引经据典|allusion|classic|proverb"),
        ("排比", r"排比|对仗|对句|parallel"),
        ("号召结尾", r"结尾|结束语|收尾|收束|号召|鼓劲|鼓动|closing|ending|rallying"),
        ("开场谦辞", r"开场|开头|谦辞|客套|opening"),
        ("感谢祝贺", r"感谢|致谢|祝贺|慰问|致敬|thank|congratulat"),
        ("过渡", r"过渡句|承上启下|转折句|transition"),
    )
)


@dataclass(frozen=True)
class PhraseRequest:
    """``thing`` is what the wording is about; ``functions`` are the rhetorical functions that the request names."""

    text: str
    thing: str
    functions: tuple[str, ...] = ()


def read_request(text: str) -> PhraseRequest:
    """Tells the thing to be put into words from the words of asking; the text itself when little would be left."""
    functions = tuple(label for label, pattern in _WANTED if pattern.search(text))
    return PhraseRequest(text, _thing(text.strip()), functions)


def _thing(text: str) -> str:
    current = text
    for _ in range(5):
        before = current
        for pattern in _ASKING:
            shorter = pattern.sub("", current).strip()
            if len(shorter) >= LEAST:
                current = shorter
        if current == before:
            break
    return current
