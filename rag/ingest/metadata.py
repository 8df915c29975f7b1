"""What a catalogue card says of a speech, each entry with where it was found and how sure that is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.ingest.dates import find_date
from rag.ingest.marks import genre_of, is_salutation, is_title, numbered_title
from rag.ingest.nature import language
from rag.ingest.people import find_organisation, find_place, find_speaker
from rag.text.normalize import CJK
from rag.text.sentences import sentences
from rag.text.words import Analyzer
from rag.types import Found, Section, Span

_MEETING = "会议|大会|全会|全委会|全体会|座谈会|动员会|现场会|推进会|培训班|推介会|报告会|调度会|表彰会|茶话会|交流会|部署会|启动会|党员大会|代表大会|工作会|总结会|(?<![机社协])会"
_OCCASION = re.compile(
    rf"^(?:.{{0,30}}?(?:同志)?在|关于)?(?P<occasion>[^，。；]{{2,60}}?(?:{_MEETING}|仪式|典礼|班|活动|论坛))(?!议)(?:上|期间|中|时)?的?(?:总结|动员|主持|主旨|工作)?(?:讲话|致辞|致词|发言|报告|主持词|讲稿|交流|汇报|总结|表态|经验|贺词|开幕词|闭幕词)"
)
_STOP = r"(?=[，,。；：:、]|主要|的主要|既|是|暨|上|开得|圆满|十分|非常|，)"
_OPENS = re.compile(
    r"(?:今天|今日|今晚|上午|下午|现在|此次|这次|这里|之际)[^。；]{0,20}?(?:召开|举行|举办|迎来|参加)(?:了|的是|的)?(?:这次|这个|此次)?(?:一年一度的|隆重的)?"
    rf"(?P<what>[^，。；：,;:]{{3,40}}?(?:{_MEETING})){_STOP}"
)
_THIS = re.compile(rf"(?:今天|这次|此次|本次)(?:召开)?的?(?P<what>[^，。；：,;:]{{3,36}}?(?:{_MEETING})){_STOP}")
_BARE_MEETING = re.compile(
    rf"^(?:{_MEETING}|.{{0,6}}(?:这个会|这次会议|这样一次会议|一次(?:重要)?(?:的)?会议|此次会议|一个会议|个会)|专题会议|全委会议|全委会|全会|(?:的|区委|我们).*|.*(?:这个|这次|此次|一个|一次|主要任务|目的|是|都|就|将|把|了).*)$"
)
_SUBJECT = re.compile(
    r"共同探讨(?P<a>[^，。；：,;:]{4,22})|(?:就|围绕|关于)(?P<b>[^，。；：,;:]{4,22}?)(?:问题|工作)?[，,]?(?:再)?(?:讲|谈|提)[^，。]{0,6}(?:意见|要求|看法|想法|体会)"
)
# «县信访局科长　贺延舟（2018年11月20日，在全县…报告会上）», under a title that need not look like one.
_BYLINE = re.compile(r"[^。；;！!？?：:（）()]{2,40}[（(][^。（）()]*\d{4}\s*年[^。（）()]*[）)]")
MAX_BYLINE = 70
MAX_NOTICE_LINES = 24
MAX_NOTICE = 600
_DATE_HEADING = re.compile(r"(?:回顾|总结|概况|简要|情况)|20[\dxX]{2}年|\*+年")
_MASKED_YEAR = re.compile(r"(?:[*＊×]{2,}|20[xX×*_]{1,2})\s*年(?:度)?")


@dataclass(frozen=True)
class Front:
    """The lines before the text proper: the title, and what stands between it and the salutation."""

    title: str
    lines: tuple[str, ...]
    body_start: int


def read_front(text: str, paragraphs: Sequence[Span]) -> Front:
    """Separates title, date and speaker lines from the body of a speech."""
    if paragraphs and (title := _numbered_title(text, paragraphs)):
        return _front_at_top(text, [title, *paragraphs[1:]])
    front = _front_at_top(text, paragraphs)
    return front if is_title(front.title.lstrip("—–- 　")) else _front_below(text, paragraphs, front)


def _numbered_title(text: str, paragraphs: Sequence[Span]) -> Span | None:
    """The title behind the number of a collection's member («2. 在…会议上的讲话»), where it is sure to be one."""
    first = paragraphs[0]
    own = numbered_title(text[slice(*first)])
    below = text[slice(*paragraphs[1])] if len(paragraphs) > 1 else ""
    if not own or not (is_title(own) or _is_byline(below)):
        return None
    start = text.rindex(own, first.start, first.end)
    return Span(start, start + len(own))


def _front_below(text: str, paragraphs: Sequence[Span], front: Front) -> Front:
    """The title right above the first greeting, where a notice, a letter's head or a page's data stand before it."""
    lines = [text[p.start : p.end] for p in paragraphs[:MAX_NOTICE_LINES]]
    greeting = next((n for n, line in enumerate(lines) if is_salutation(line)), 0)
    title = next((n for n in range(greeting - 1, max(0, greeting - 5), -1) if is_title(lines[n])), 0)
    between = lines[title + 1 : greeting]
    if not title or paragraphs[title].start > MAX_NOTICE or any(len(line) > 45 or "。" in line for line in between):
        return front
    return Front(lines[title], tuple(between), front.body_start)


def _front_at_top(text: str, paragraphs: Sequence[Span]) -> Front:
    front: list[Span] = []
    for n, paragraph in enumerate(paragraphs[:8]):
        line = text[paragraph.start : paragraph.end]
        titled = any(_title_rank(text[s.start : s.end], s is front[0]) for s in front)
        if is_salutation(line) or not _is_front_line(line, n, titled):
            break
        front.append(paragraph)
    ranks = [_title_rank(text[s.start : s.end], n == 0) for n, s in enumerate(front)]
    best = ranks.index(max(ranks)) if any(ranks) else None
    title = text[front[best].start : front[best].end] if best is not None else ""
    below = (best or 0) + 1
    # What stands under the title speaks of it; what stands above may be a bulletin's or a page's.
    others = tuple(text[s.start : s.end] for s in (*front[below:], *front[: below - (best is not None)]))
    start = paragraphs[len(front)].start if len(front) < len(paragraphs) else len(text)
    return Front(title, others, start)


def _title_rank(line: str, first: bool) -> int:
    """How much a front line looks like the title: 3 names an occasion, 2 a genre, 1 merely opens the page."""
    bare = line.lstrip("—–- 　")
    if is_title(bare):
        return 3 if re.match(r"在|关于|[^，]{2,20}同志在", bare) else 2
    return int(first and _may_be_title(line))


def _is_front_line(line: str, position: int, titled: bool) -> bool:
    if is_title(line.lstrip("—–- 　")):
        return not titled or position <= 3
    if titled and _is_byline(line):
        return True
    if len(line) > 45 or re.search(r"[。；;！!？?]$|[，,：]$", line):
        return False
    if position == 0:
        return _may_be_title(line)
    return (
        titled
        and (len(line) <= 30 or line[0] in "（(【—-")
        and not re.match(r"[一二三四五六七八九十]、|[（(][一二三四五六七八九十]{1,3}[）)]", line)
    )


def _is_byline(line: str) -> bool:
    return len(line) <= MAX_BYLINE and _BYLINE.fullmatch(line) is not None


def _may_be_title(line: str) -> bool:
    return (
        4 <= len(line) <= 45
        and not re.search(r"[。；;！!？?，,：:]", line)
        and not re.match(r"[一二三四五六七八九十]+、|\d", line)
    )


@dataclass(frozen=True)
class Hints:
    """What is known of a speech from outside its own text."""

    file_stem: str
    document_title: str = ""
    collection: str = ""
    member: str = ""
    own_title: str = ""


def find_metadata(
    text: str, paragraphs: Sequence[Span], front: Front, nodes: Sequence[Section], hints: Hints, analyzer: Analyzer
) -> dict[str, Found]:
    """All metadata of one speech; unknown values are ``Found(None)``."""
    body = text[front.body_start :]
    last = [text[s.start : s.end] for s in paragraphs[-3:] if s.start > front.body_start]
    closing = [line for line in last if len(line) <= (MAX_BYLINE if line[:1] in ("（", "(") else 40)]
    title = _title(front, body, hints, _subject(text, front, nodes))
    named = str(title.value)
    trusted = named if title.confidence >= 0.6 else ""
    date, year = find_date(front.title or hints.document_title, front.lines, body, closing)
    speaker, post = find_speaker(front.title, front.lines, body)
    words = analyzer.cut(body[:6000])
    genre = genre_of(hints.own_title or front.title)
    return {
        "title": title,
        "occasion": _occasion(trusted, body),
        "speaker": speaker,
        "post": post,
        "organisation": find_organisation(front.title, front.lines, body, closing, str(post.value or "") or None),
        "place": find_place(front.title or trusted, body[:300], words),
        "date": date,
        "year": year,
        "genre": Found(genre, "标题", 0.9) if genre else _genre_from_body(body, hints),
        "language": _language(text),
    }


def _title(front: Front, body: str, hints: Hints, subject: str) -> Found:
    if hints.own_title:
        return Found(_tidy(hints.own_title), f"合集中的篇名{'（' + hints.member + '）' if hints.member else ''}", 0.9)
    if front.title:
        return Found(_tidy(front.title), "文内标题", 0.95 if is_title(front.title) else 0.75)
    if hints.document_title and not hints.member and len(hints.document_title) <= 60:
        return Found(_tidy(hints.document_title), "文件属性", 0.7)
    derived = derive_title(body, hints.collection or hints.document_title)
    if derived:
        return Found(derived, f"据正文开头推定{'（' + hints.member + '）' if hints.member else ''}", 0.6)
    if hints.collection:
        title = f"{hints.collection}（{hints.member}）" if hints.member else hints.collection
        return Found(f"{title}：{subject}" if subject else title, f"据合集标题和正文推定（{hints.member}）", 0.4)
    if re.search(f"[{CJK}]{{4}}", hints.file_stem):
        return Found(hints.file_stem, "文件名", 0.5)
    first = next((body[s.start : s.end] for s in sentences(body[:400]) if not is_salutation(body[s.start : s.end])), "")
    return Found(first[:30] or hints.file_stem, "首句" if first else "文件名", 0.2)


def derive_title(body: str, collection: str) -> str:
    """A title for a speech without one, from the meeting that its first sentences open («在…会议上的讲话»)."""
    meeting = _meeting(body)
    if not meeting:
        return ""
    genre = genre_of(collection) or "讲话"
    return f"在{meeting}上的{'工作报告' if genre == '报告' else genre}"


def _meeting(body: str) -> str:
    """The meeting that the first sentences of a speech say is being held, or an empty string."""
    opening = body[:260]
    for pattern in (_OPENS, _THIS):
        for match in pattern.finditer(opening):
            what = re.sub(r"[“”]{2}", "", _MASKED_YEAR.sub("", match["what"])).strip('“”" 　')
            if len(what) >= 5 and not _BARE_MEETING.match(what):
                return what
    return ""


def _subject(text: str, front: Front, nodes: Sequence[Section]) -> str:
    """What a speech is about in a few words: its announced subject, or its first telling heading."""
    for node in nodes:
        if (
            len(node.heading) >= 4
            and node.kind in ("cjk", "part", "paren", "format")
            and not _DATE_HEADING.search(node.heading)
        ):
            clauses = [c.lstrip("要想、") for c in re.split(r"[，,。;；:：]", _tidy(node.heading))]
            return max((c for c in clauses if len(c) <= 24), key=len, default=clauses[0][:24])
    match = _SUBJECT.search(text[front.body_start : front.body_start + 400])
    return (match["a"] or match["b"]) if match else ""


def _tidy(title: str) -> str:
    title = re.sub(r"\s+", " ", title).strip(" 《》　—–-#*")
    return re.sub(f"(?<=[{CJK}]) (?=[{CJK}])", "", title)


def _occasion(title: str, body: str) -> Found:
    if match := _OCCASION.search(title):
        return Found(match["occasion"], "标题", 0.9)
    meeting = _meeting(body)
    return Found(meeting, "正文开头", 0.6) if meeting else Found(None)


def _genre_from_body(body: str, hints: Hints) -> Found:
    if re.search(r"(?:作|做)(?:工作)?报告[，,。]|请予审议|报告如下", body[:800]):
        return Found("报告", "正文开头", 0.7)
    if re.search(r"下面[，,]?(?:请|有请).{2,30}(?:讲话|发言|致辞)", body[:1500]):
        return Found("主持词", "正文", 0.6)
    genre = genre_of(hints.collection) or genre_of(hints.document_title) or genre_of(hints.file_stem)
    return Found(genre, "合集或文件名", 0.5) if genre else Found("讲话", "默认", 0.3)


def _language(text: str) -> Found:
    found = language(text)
    return Found(found, "文字", 0.95 if found == "zh" else 0.9) if found else Found(None)
