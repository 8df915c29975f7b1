"""Is this Chinese? The share of common characters in a text, which tells right decodings from wrong ones."""

from __future__ import annotations

import unicodedata
from collections import Counter
from functools import cache
from typing import NamedTuple

SAMPLE = 20_000
MOST_SCRIPTS = 8
# Less than 1, so that a reading as simplified Chinese wins over one that needs traditional characters.
_TRADITIONAL = 0.8
_PUNCTUATION = frozenset("，。、；：？！“”‘’（）《》〈〉【】「」『』〔〕—…·　～％＋－／＝＂．○●■◆★①②③④⑤⑥⑦⑧⑨⑩×℃§€￥")


@cache
def simplified_characters() -> frozenset[str]:
    """Level 1 of GB 2312: the 3755 characters that ordinary texts are made of."""
    pairs = (bytes((high, low)) for high in range(0xB0, 0xD8) for low in range(0xA1, 0xFF))
    return frozenset("".join(pair.decode("gb2312", "ignore") for pair in pairs))


@cache
def traditional_characters() -> frozenset[str]:
    """Level 1 of Big5, 5401 characters, less what simplified texts have in common with it."""
    lows = (*range(0x40, 0x7F), *range(0xA1, 0xFF))
    pairs = (bytes((high, low)) for high in range(0xA4, 0xC7) for low in lows)
    return frozenset("".join(pair.decode("big5", "ignore") for pair in pairs if pair <= b"\xc6\x7e")) - (
        simplified_characters()
    )


class Weight(NamedTuple):
    """How Chinese a text looks: the common characters among those that are not ASCII, and among all. 0 to 1."""

    share: float
    density: float


def weigh(text: str) -> Weight:
    """The weight of ``text``, which is (0, 0) for pure ASCII; long texts are judged by their ``sample``."""
    judged = sample(text)
    foreign = {char: times for char, times in Counter(judged).items() if char > "\x7f"}
    if not foreign:
        return Weight(0.0, 0.0)
    simplified, traditional = simplified_characters(), traditional_characters()
    common = rare = 0
    for char, times in foreign.items():
        if char in simplified or char in _PUNCTUATION or "！" <= char <= "～":
            common += times
        elif char in traditional:
            rare += times
    count = common + _TRADITIONAL * rare
    return Weight(count / sum(foreign.values()), count / len(judged))


def sample(text: str) -> str:
    """At most three times ``SAMPLE`` characters from the beginning, the middle and the end."""
    if len(text) <= 3 * SAMPLE:
        return text
    middle = len(text) // 2
    return text[:SAMPLE] + text[middle : middle + SAMPLE] + text[-SAMPLE:]


def is_ideograph(char: str) -> bool:
    """True for Han characters, extensions and compatibility forms included."""
    return "\u3400" <= char <= "\u9fff" or "\uf900" <= char <= "\ufaff" or "\U00020000" <= char <= "\U0003ffff"


def is_garbled(text: str) -> bool:
    """True where a text is made of ideographs but hardly of common ones: decoded wrongly before it came here."""
    ideographs = {char: times for char, times in Counter(sample(text)).items() if is_ideograph(char)}
    total = sum(ideographs.values())
    if total < 50:
        return False
    common = simplified_characters() | traditional_characters()
    return sum(times for char, times in ideographs.items() if char in common) < 0.6 * total


def mixes_scripts(text: str) -> bool:
    """True for letters of more scripts than any document has: bytes that are no text, read as if they were."""
    letters = {char: times for char, times in Counter(sample(text)).items() if char.isalpha() and char > "\x7f"}
    scripts: Counter[str] = Counter()
    for char, times in letters.items():
        scripts[unicodedata.name(char, "").partition(" ")[0]] += times
    return sum(count > scripts.total() / 200 for count in scripts.values()) > MOST_SCRIPTS


def unreadable_share(text: str) -> float:
    """The share, 0 to 1, of characters that no reader can make sense of: U+FFFD, private use, controls."""
    visible = {char: times for char, times in Counter(sample(text)).items() if not char.isspace()}
    unreadable = ("Co", "Cc", "Cn", "Cs")
    bad = sum(times for char, times in visible.items() if unicodedata.category(char) in unreadable or char == "\ufffd")
    return bad / sum(visible.values()) if visible else 0.0
