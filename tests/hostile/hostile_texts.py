"""Plain texts that are broken, odd, huge, foreign or no speeches at all."""

from __future__ import annotations

import random
from pathlib import Path

from hostile_case import GOOD, LINE, Case, of

NO_SPEECH = "不像讲话"
FOREIGN = "不是中文"
RUSSIAN = "Уважаемые товарищи! Сегодня мы говорим о том, как наладить работу с информацией. " * 20
JAPANESE = "みなさん、おはようございます。きょうは、じょうほうの報告について、お話しします。" * 20
KOREAN = "동지 여러분, 오늘 우리는 정보 보고 사업에 대하여 이야기하겠습니다. " * 20
ARABIC = "أيها الرفاق، نتحدث اليوم عن العمل الإعلامي وعن السرعة في الإبلاغ. " * 20
TIBETAN = "བློ་མཐུན་རྣམ་པ། དེ་རིང་ང་ཚོས་ཆ་འཕྲིན་གྱི་ལས་དོན་གླེང་བ་ཡིན། " * 20
ENGLISH = "Comrades, today we speak about reporting. Report at once, and report what is true. " * 20
TRADITIONAL = "同志們：\n" + "今天召開全市信息工作會議，總結經驗，部署任務，要實現機構與人員的協調發展。" * 12
CODE = "def main(argv):\n    for i in range(10):\n        print(i, argv[i])\n    return {'a': [1, 2, 3]}\n" * 60
LOG = "2024-01-02 03:04:05.678 [12] 0x7f3a 10.0.0.1 -> 10.0.0.2 200 512 0.003\n" * 300
TABLE = "".join(f"{n},{n * 7 % 100},{n * 13 % 997}.{n % 10}\n" for n in range(2000))
NAMES = (
    "、".join(f"{a}{b}{c}" for a in "章陶沈梁顾邵" for b in "庭槐明远建国" for c in "志强秀英文博海燕")
    + "、"
    + "甲乙丙" * 200
)
ZALGO = "信" + "".join(chr(0x300 + n % 0x70) for n in range(20_000)) + "息工作。" + LINE


def _noise() -> bytes:
    return random.Random(7).randbytes(200_000)


def _sparse(size: int) -> object:
    def make(path: Path) -> None:
        with path.open("wb") as stream:
            stream.truncate(size)

    return make


def _half_a_gigabyte(path: Path) -> None:
    with path.open("wb") as stream:
        for _ in range(500):
            stream.write((LINE * 18_000).encode()[:1_000_000])


CASES = (
    Case("empty.txt", of(""), ("empty",)),
    Case("white.txt", of(" \n\u3000\t\ufeff" * 3000), ("empty",)),
    Case("nuls.txt", of(GOOD.replace("信", "\x00信")), ("binary",)),
    Case("only-nuls.txt", of(b"\x00" * 100_000), ("binary", "empty")),
    Case("noise.txt", of(_noise), ("binary", "encoding")),
    Case("line-100kB.txt", of(LINE * 1_700), keeps=LINE),
    Case("line-1MB.txt", of(LINE * 18_000), keeps=LINE, long=True),
    Case("line-10MB.txt", of(LINE * 180_000), keeps=LINE, long=True),
    Case("line-without-stops.txt", of("同志们：\n" + "好" * 30_000), keeps="好好好"),
    Case("sparse-500MB.txt", _sparse(500_000_000), ("oversized",)),  # type: ignore[arg-type]
    Case("text-500MB.txt", _half_a_gigabyte, ("oversized",), long=True),
    Case(
        "text-190MB.txt",
        of(lambda: (GOOD * 160_000).encode()[:190_000_000]),
        ("oversized", "memory", "timeout", "crashed"),
        long=True,
    ),
    Case("utf-16-unmarked.txt", of(GOOD.encode("utf-16-le")), keeps="信息抓紧"),
    Case("gb18030.txt", of(GOOD.encode("gb18030")), keeps="信息抓紧"),
    Case("big5.txt", of(TRADITIONAL.encode("big5hkscs")), keeps="總結經驗"),
    Case("traditional.txt", of(TRADITIONAL), keeps="總結經驗"),
    Case("cut-inside-a-character.txt", of(GOOD.encode()[:-3]), ("added", "encoding")),
    Case("two-byte-order-marks.txt", of(b"\xef\xbb\xbf\xef\xbb\xbf" + GOOD.encode()), keeps="信息抓紧"),
    Case("two-encodings.txt", of(GOOD.encode() + GOOD.encode("gb18030")), ("added", "encoding")),
    Case("surrogates.txt", of(GOOD.encode() + b"\xed\xa0\x80\xed\xb0\x80"), ("added", "encoding")),
    Case("mojibake.txt", of(GOOD.encode().decode("gb18030", "replace")), ("added", "encoding")),
    Case("replacement-characters.txt", of("\ufffd" * 5000), ("encoding", "binary")),
    Case("private-use.txt", of("".join(chr(0xE000 + n % 6000) for n in range(9000))), ("encoding", "added")),
    Case("controls.txt", of("".join(chr(n) for n in range(1, 32)) * 200 + GOOD), ("added", "binary"), keeps=""),
    Case("terminal-escapes.txt", of("\x1b[2J\x1b]0;owned\x07" + GOOD), ("added", "binary")),
    Case("bidi.txt", of(GOOD.replace("信息", "\u202e信息\u202c\u2066\u2069")), keeps="\u202e信息\u202c"),
    Case("zero-width.txt", of(GOOD.replace("信息", "信\u200b息\u200d")), keeps="抓紧"),
    Case("only-zero-width.txt", of("\u200b\u200d\u2060\ufeff" * 3000), ("empty", "no-text", "encoding", "binary")),
    Case("tag-characters.txt", of(GOOD + "".join(chr(0xE0020 + n % 0x5F) for n in range(3000))), ("added", "encoding"), keeps=""),
    Case("utf-32.txt", of(GOOD.encode("utf-32")), ("added", "binary", "encoding")),
    Case("combining.txt", of(ZALGO), keeps="息工作"),
    Case("astral.txt", of("同志们：\n" + "𠮷野家🀄的信息要快。" * 200), keeps="𠮷野家🀄"),
    Case("line-breaks.txt", of("\n" * 100_000 + GOOD), keeps="信息抓紧"),
    Case("line-separators.txt", of(GOOD.replace("。", "。\u2028\x85\x0b\x1c")), keeps="抓紧"),
    Case("form-feeds.txt", of(GOOD + "\f" * 50_000 + "信息要快。"), keeps="信息要快"),
    Case("brackets.txt", of("（" * 50_000 + LINE), keeps="（（（"),
    Case("headings.txt", of("一、学\n（一）习\n1.好\n一是抓。\n" * 1000), keeps="一是抓"),
    Case("salutations.txt", of("同志们：\n" * 4_000), ("added", "no-text")),
    Case("collection-of-4000.txt", of("\n".join(f"讲话 篇{n}" for n in range(4_000))), ("added", "no-text")),
    Case("punctuation.txt", of("，。！？；：" * 3000), ("added", "no-text", "encoding")),
    Case("one-character.txt", of("好"), ("added", "no-text")),
    Case("digits.txt", of("3.14159 " * 3000), note=NO_SPEECH),
    Case("table.csv.txt", of(TABLE), note=NO_SPEECH),
    Case("log.txt", of(LOG), note=NO_SPEECH),
    Case("names.txt", of(NAMES), note=NO_SPEECH),
    Case("code.txt", of(CODE), note=FOREIGN),
    Case("english.txt", of(ENGLISH), note=FOREIGN),
    Case("russian.txt", of(RUSSIAN), note=FOREIGN),
    Case("japanese.txt", of(JAPANESE), note=FOREIGN),
    Case("korean.txt", of(KOREAN), note=FOREIGN),
    Case("arabic.txt", of(ARABIC), note=FOREIGN),
    Case("tibetan.txt", of(TIBETAN), note=FOREIGN),
    Case(
        "markup.txt",
        of(GOOD.replace("信息抓紧", "<script>alert(1)</script>信息抓紧")),
        keeps="<script>alert(1)</script>",
    ),
    Case("sql.txt", of(GOOD + "'; DROP TABLE speeches; --\n"), keeps="DROP TABLE"),
    Case("quotes.md", of(">" * 50_000 + " " + LINE), ("added", "no-text")),
    Case("front-matter.md", of("---\n" + "a: b\n" * 4_000 + "---\n" + GOOD), keeps="抓紧"),
    Case("secret.txt", of("机密★1年\n" + GOOD), ("marked",)),
    Case("internal.txt", of("000123\n内部文件 注意保存\n" + GOOD), ("marked",)),
)
