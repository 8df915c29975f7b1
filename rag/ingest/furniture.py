"""Lines that belong to a website, a print template or a page, not to a speech.

`STRONG` lines are furniture wherever they stand. `AMBIGUOUS` and `WEAK` ones are so only in their company: every one
of these phrases can occur in a real sentence. What stands between two strong lines before the text begins is
one block and goes as a whole, whatever the site calls itself.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import pairwise

from rag.ingest.joining import is_open_ended, wrap_width
from rag.ingest.lines import Line
from rag.ingest.marks import announced_count, collection_member, heading_label, is_salutation, is_title
from rag.types import SourceText

SITE = "site furniture"
NAVIGATION = "navigation"
PAGE_EDGE = "page header or footer"
PAGE_NUMBER = "page number"
CONTENTS = "table of contents"
FRONT_MATTER = "front matter"
RULE = "rule line"

# Phrases of websites and templates that no speech needs.
STRONG = re.compile(
    r"""下载(?:文档|本文|全文|word|pdf|原文)|一键(?:复制|下载)|复制全文|全文复制|立即(?:下载|购买)|禁止外传|请勿(?:外传|转载|商用)
    |仅供(?:学习|参考|内部学习|个人学习)(?:[与和、]?(?:交流|研究|参考))*[\s，,。!！]*(?:$|禁止|请勿|不得)
    |打击倒卖|倒卖(?:会员|资料)|会员(?:群|专享)|热门(?:标签|文章|推荐|范文|搜索)|相关(?:推荐|文章|阅读|范文|热词|搜索|链接)[:：]?$|^\W*相关(?:推荐|文章|阅读|范文|链接)[:：]|文档预览结束|^[【\[]本文关键词|猜你喜欢|更多(?:范文|文章)
    |(?:上|下)一(?:篇|页|条)[:：]|返回(?:首页|顶部|列表)|字(?:体|号)[:：]?\s*[【\[]?\s*大|【?打印(?:本页|此文)?】?\s*【?关闭|关闭窗口
    |^\W*(?:来源|文章来源|稿源|(?:责任|文字|网站)?编辑|发布(?:时间|日期|者|人)?|(?:浏览|阅读|点击|访问|下载)(?:次数|量|数))\s*[:：]\s*[^，。；！？、]{1,120}$
    |剩余\s*\d+\s*字|(?:会员|VIP|登录|注册)后(?:即|方)?可(?:查看|下载|阅读)|^\W*点击(?:下载|查看|这里|收藏|购买|此处)|更多精彩(?:内容|文章|资讯)
    |ICP备|^\W*(?:https?://|www\.)\S+|(?:范文|文库|文秘)(?:网|帮|库|吧|之家)(?:$|[\s,，|_-]|整理|提供|收集)
    |template\s+file|not\s+found\s+or\s+have\s+no\s+access|undefined\s+(?:index|variable)|(?:Fatal|Parse)\s+error|Warning:\s|<\?php|\{\{.*\}\}|\$\{.*\}
    |(?:小编|编者)(?:为|给|在|精心|整理|今天|收集)|(?:以上|上面|上述)(?:就)?是.{0,30}(?:小编|范文)|本(?:文|站)(?:由|为).{0,20}(?:整理|原创|收集|发布|提供|转载)
    |(?:范文|讲话稿?|文章)(?:大全|参考|精选)?(?:免费)?下载|免费(?:下载|领取|赠送)|订阅(?:立享|后|即可)
    |^(?:文件|文档|资料)名称?\s*[:：]|^上传(?:会员|者|时间|用户|日期)\s*[:：]|^[^\s。，]{2,12}(?:\s*[>›»]+\s*[^\s。，>›»]{2,20}){2,}$
    |(?:登录|注册)(?:\s*[|/｜]\s*|后)(?:注册|登录|查看|下载)|当前位置\s*[:：]|您(?:现在|当前|所在)的?位置\s*[:：]|首页\s*(?:>|»|›|/|\|)
    |点击上方.{0,4}蓝字|长按.{0,6}(?:识别|扫描)二维码|网站标识码|公网安备|侵权.{0,12}(?:删|联系)
    |^阅读\s*[\d.]+\s*[万wW]?\+?(?:\s*(?:在看|赞|点赞)\s*\d*)*$|^赞同\s*\d+$|^\d+\s*人赞同了该(?:文章|回答)$|^(?:编辑|发布)于\s*\d{4}-
    |^(?:\d+\s*条|添加)评论$|^申请转载$|^关注[他她]$|^(?:页数|大小|格式|价格|所需积分)\s*[:：]\s*[\d￥¥A-Za-z.]+\s*(?:页|元|KB|MB|分)?$
    |(?:^|\s)(?:点赞|收藏|举报|评论)(?:\s*\(?\d*\)?\s*(?:$|点赞|收藏|举报|评论|分享))""",
    re.X | re.I,
)
# What websites say, and speakers too: furniture only in its company, or as a bare line at the head or the foot.
AMBIGUOUS = re.compile(
    r"""点击(?:下载|查看|这里|收藏|购买|此处)|立即开通|禁止(?:转载|传播|翻印|商用)|(?:加入|开通|成为)(?:本站)?(?:会员|VIP)|会员(?:资料|下载)
    |(?:QQ|微信|交流|读者|公文)\s*群|公众号|扫(?:码|一扫)|二维码|推荐阅读|延伸阅读|拓展阅读|更多(?:资讯|相关)|(?:分享|转发)到
    |(?:浏览|阅读|点击|访问|下载)(?:次数|量|数)\s*[:：]|(?:^|\s)来源\s*[:：]|编辑\s*[:：]|发布(?:时间|日期|者|人)?\s*[:：]|文章来源|稿源\s*[:：]
    |版权(?:所有|声明|归)|备案号|主办(?:单位)?\s*[:：].*(?:承办|协办)(?:单位)?\s*[:：]|(?:https?://|www\.)\S+|(?:公文|资料|写作)(?:网|帮|库|吧|之家)(?:$|[\s,，|_-]|整理|提供|收集)
    |(?:以上|上面|上述)(?:就)?是(?!.{0,6}[我讲]).{0,30}(?:全部内容|的内容)|(?:希望|但愿)(?:能|可以)?(?:对)?(?:您|你|大家)(?:有所|有)帮助
    |欢迎(?:阅读|参考借鉴|大家阅读|下载)|您(?:的|现在的|当前)?(?:位置|所在)""",
    re.X | re.I,
)
_EITHER = re.compile(f"{STRONG.pattern}|{AMBIGUOUS.pattern}", re.X | re.I)
# A site that speaks of itself: enough even in a whole sentence.
_SITE_VOICE = re.compile(
    r"侵权.{0,12}删|小编|本站|本网站|一键复制|倒卖(?:会员|资料)|打击倒卖|template\s+file|<\?php", re.I
)
WEAK = re.compile(
    r"平台|会员|订阅|权益|资料|分享|免费|赠送|举报|下载|收藏|复制|更新|迭代|原创|浏览|标签|首页|登录|注册|客服|VIP|网$|群[:：]|[0-9.]+\s*[KkMm万]$"
)
_DATE_ONLY = re.compile(r"^\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?(?:\s*\d{1,2}:\d{2}(?::\d{2})?)?$")
_PAGE_NUMBER = re.compile(
    r"^[-—–－·\s]*(?:第\s*)?\d{1,4}\s*(?:页)?[-—–－·\s]*(?:[/／,，共\s]*(?:共\s*)?\d{1,4}\s*页?)?$"
)
_DIGITS = re.compile(r"\d+")
# What stands between a title and the text: a date, a post.
_SIGNED = re.compile(r"^[（(].*[）)]$|\d{4}\s*年.*日|书记|主席|主任|[县市区镇乡局部院]长")
_FENCE = re.compile(r"-{3,}\s*")
MAX_FURNITURE = 160
MAX_PAGE_NUMBER = 30
MAX_CONTENTS_ENTRY = 200
EDGE_LINES = 3


def find_furniture(source: SourceText, lines: Sequence[Line]) -> dict[int, str]:
    """Which lines (by index) are furniture, with the reason for each."""
    found = _navigation(source, lines)
    for index, reason in _page_edges(lines).items():
        found.setdefault(index, reason)
    mid_sentence = _in_mid_sentence(lines)
    for line in lines:
        if line.index not in found and (layout := _layout(line.text)):
            found[line.index] = layout
        elif line.index in found or not is_strong(line.text) or _names_collection(line.text):
            continue
        elif line.index not in mid_sentence or _SITE_VOICE.search(line.text):
            found[line.index] = SITE
    found |= _front_matter(source, lines)
    _grow([line for line in lines if not line.blank], found, mid_sentence, bool(source.boilerplate))
    return found


def _in_mid_sentence(lines: Sequence[Line]) -> frozenset[int]:
    """Lines of a hard-wrapped text that go on with the sentence of the line above, or leave theirs to the line below."""
    margin = wrap_width([line for line in lines if not line.blank])
    if margin is None:
        return frozenset()
    found: set[int] = set()
    for above, below in pairwise(lines):
        if above.blank or below.blank or is_title(above.text) or not is_open_ended(above, margin):
            continue
        found.add(below.index)
        if re.search("[，、]", above.text):
            found.add(above.index)
    return frozenset(found)


def is_strong(text: str) -> bool:
    """Whether a line is furniture by itself. A sentence or a heading is so only if it says two such things, or names the site."""
    if len(text) > MAX_FURNITURE or not STRONG.search(text):
        return False
    return not _is_prose(text) or _says_it_twice(text)


def _says_it_twice(text: str) -> bool:
    return sum(1 for _ in _EITHER.finditer(text)) > 1 or bool(_SITE_VOICE.search(text))


def _names_collection(text: str) -> bool:
    """Whether a line says how many speeches follow («(精选14篇)»), which the report needs."""
    return announced_count(text) is not None and not STRONG.match(text)


def _is_prose(text: str) -> bool:
    return "。" in text or text[-1] in "！!？?；;" or heading_label(text) is not None


def _layout(text: str) -> str | None:
    """The reason for lines that only lay out the page: rules, and entries of a table of contents."""
    if re.fullmatch(r"[-=_*—–~.·+#\s]{5,}", text):
        return RULE
    if len(text) > MAX_CONTENTS_ENTRY:
        return None
    if re.search(r"(?:[….·‥⋯]\s?|\s-){4,}\s*\d{1,4}$|(?:…\s*){2,}\d{1,4}$", text) or re.fullmatch(r"目\s*录", text):
        return CONTENTS
    return None


def _front_matter(source: SourceText, lines: Sequence[Line]) -> dict[int, str]:
    """The YAML block at the head of a Markdown file."""
    if source.format != "md" or source.text.lstrip("\ufeff \n\r")[:3] != "---":
        return {}
    marks = [line.index for line in lines if any(_FENCE.fullmatch(source.text, a, b) for a, b, _ in line.marks)]
    if len(marks) < 2 or marks[1] > 40:
        return {}
    return {line.index: FRONT_MATTER for line in lines if marks[0] < line.index < marks[1] and not line.blank}


def _grow(content: Sequence[Line], found: dict[int, str], mid_sentence: frozenset[int], extracted: bool) -> None:
    """Takes in what lies between strong lines of the head, and ambiguous neighbours of strong lines anywhere.

    Where an extractor has already told main text from furniture (``extracted``), its word stands.
    """
    head = next((n for n, line in enumerate(content) if _begins_text(line)), len(content))
    foot = next((n for n in range(len(content), head, -1) if _is_text(content[n - 1].text)), head)
    for line in (*content[:head], *content[foot:]):
        bare = not _is_prose(line.text) and line.index not in mid_sentence
        if bare and len(line.text) <= MAX_FURNITURE and _EITHER.search(line.text) and not _names_collection(line.text):
            found.setdefault(line.index, SITE)
    strong = [n for n, line in enumerate(content[:head]) if found.get(line.index) == SITE]
    for line in content[strong[0] : strong[-1]] if len(strong) > 1 and not extracted else []:
        if not is_title(line.text) and not _names_collection(line.text):
            found.setdefault(line.index, SITE)
    for order in (content, content[::-1]):
        for before, line in pairwise(order):
            fresh = line.index not in found and line.index not in mid_sentence
            if fresh and found.get(before.index) == SITE and _is_weak(line):
                found[line.index] = SITE


def _begins_text(line: Line) -> bool:
    text = line.text
    if is_salutation(text) or heading_label(text) is not None:
        return not is_strong(text)
    return _is_text(text)


def _is_text(text: str) -> bool:
    if len(text) > MAX_FURNITURE:
        return True
    return (len(text) > 60 or "。" in text) and not _EITHER.search(text)


def _is_weak(line: Line) -> bool:
    text = line.text
    if _DATE_ONLY.match(text) or is_title(text) or heading_label(text) is not None or len(text) > MAX_FURNITURE:
        return False
    if _EITHER.search(text):
        return not _names_collection(text)
    return len(text) <= 40 and text[-1] not in "。；;：:！!？?" and bool(WEAK.search(text))


def _navigation(source: SourceText, lines: Sequence[Line]) -> dict[int, str]:
    """Lines that the reader's extractor left out of the main text."""
    found: dict[int, str] = {}
    spans = iter(sorted(source.boilerplate))
    span = next(spans, None)
    for line in lines:
        while span and span.end <= line.start:
            span = next(spans, None)
        if span and not line.blank and span.start <= line.start and line.end <= span.end:
            found[line.index] = NAVIGATION
    return found


def _page_edges(lines: Sequence[Line]) -> dict[int, str]:
    """Headers, footers and page numbers: what stands again and again at the edges of pages."""
    pages: dict[int, list[Line]] = defaultdict(list)
    for line in lines:
        if not line.blank:
            pages[line.page].append(line)
    edges = {n: [*page[:EDGE_LINES], *page[-EDGE_LINES:]] for n, page in pages.items()}
    counts = Counter(key for edge in edges.values() for key in {_edge_key(line) for line in edge})
    needed = max(2, round(0.4 * len(pages)))
    found: dict[int, str] = {}
    first = [line for line in pages[min(pages, default=0)][:8] if is_title(line.text)]
    # A running title that also opens the document stays there once, unless the document has a title of its own.
    titles: set[str] = {line.key for line in first} if len({line.key for line in first}) > 1 else set()
    for edge in edges.values() if len(pages) > 1 else ():
        entitled = False
        for line in edge:
            if len(line.text) <= MAX_PAGE_NUMBER and _PAGE_NUMBER.match(line.text):
                found[line.index] = PAGE_NUMBER
            elif is_title(line.text) and line.key not in titles:
                titles.add(line.key)
                entitled = True
            elif entitled and _SIGNED.search(line.text):
                continue
            elif counts[_edge_key(line)] >= _enough(line.text, needed, len(pages)) and not _is_spoken(line.text):
                found[line.index] = PAGE_EDGE
    if len(pages) > 1:
        return found
    numbers = [
        line
        for line in lines
        if len(line.text) <= MAX_PAGE_NUMBER
        and re.fullmatch(r"[-—–－]\s*\d{1,4}\s*[-—–－]|第\s*\d+\s*页(?:\s*共\s*\d+\s*页)?", line.text)
    ]
    return {line.index: PAGE_NUMBER for line in numbers} if len(numbers) > 1 else {}


def _enough(text: str, needed: int, pages: int) -> int:
    """On how many pages a line must stand to be a header. Clauses must on nearly all: a speaker repeats himself on two."""
    if len(text) > 60:
        return pages + 1
    return max(3, round(0.8 * pages)) if re.search("[，；。、]", text) else needed


def _is_spoken(text: str) -> bool:
    """Whether a line that pages have in common is rather a part of the text: «同志们：», «一、主要做法», «讲话 篇2»."""
    return text[-1] in "。！!？?；;：:" or collection_member(text) is not None or heading_label(text) is not None


def _edge_key(line: Line) -> str:
    return _DIGITS.sub("#", re.sub(r"\s", "", line.text))
