"""What belongs to a site or a page goes; what a speaker says stays."""

from __future__ import annotations

import pytest
from speeches import CALL, PAST, TASKS, TITLE, ingest, joined, lines_of, paragraphs_of, removed, source, speech, wrapped

from rag.ingest import furniture
from rag.ingest.furniture import find_furniture, is_strong
from rag.ingest.lines import split_lines
from rag.text.words import Analyzer
from rag.types import SourceText, Span

SITE_LINES = [
    "2024-06-27下载文档一键复制全文",
    "来源:某某范文帮 3.59K",
    "责任编辑：无名",
    "浏览次数：1203",
    "首页 > 范文 > 领导讲话",
    "热门标签",
    "上一篇：没有了　下一篇：工作总结",
    "Template file 'news.tpl' could not be opened (2)",
    "小编为大家整理了几篇讲话稿，希望对您有帮助！",
    "仅供学习 禁止外传",
    "点击下载：讲话稿精选6篇（共9页）.docx",
    "（本篇剩余700字，开通会员后可查看）",
    "https://example.org/speech/1.html",
    "【打印本页】【关闭窗口】",
    "相关推荐：作风建设动员讲话 / 机关效能建设心得体会 / 督查通报怎么写",
    "【本文关键词】文风　会风　讲话稿",
    "（文档预览结束，下载后可查看完整内容）",
]


@pytest.mark.parametrize("line", SITE_LINES)
@pytest.mark.parametrize("where", ["head", "middle", "end"])
def test_site_lines_go_wherever_they_stand(line: str, where: str, analyzer: Analyzer) -> None:
    paragraphs = [PAST, TASKS, CALL]
    text = {
        "head": joined([line, speech(*paragraphs)]),
        "middle": speech(PAST, line, TASKS, CALL),
        "end": joined([speech(*paragraphs), line]),
    }[where]
    document = ingest(text, analyzer)
    assert line in removed(document, furniture.SITE)
    assert paragraphs_of(document)[2:] == paragraphs


SPOKEN = [
    "要把会员的事当作自己的事，让每一名会员都能享受到工会的服务和权益。",
    "加入会员的门槛要再低一些，让更多的新就业群体入会。",
    "信息来源：一是基层上报，二是媒体监测，三是群众来信。",
    "来源：来自基层，去向：回到基层。",
    "大家可以点击下载本单位的学习资料。",
    "平台建起来了，订阅的人多了，编辑的力量也要跟上。",
    "要加强编辑力量，责任编辑：由各科室的负责人担任。",
    "我们建立了微信群、公众号，信息发布更快了。",
    "在QQ群里回复只算知道，不算办理。",
    "禁止转载未经核实的信息。",
    "相关推荐：由各单位工会提出，报市总工会审定。",
    "扫码入会、扫码投诉已经推开。",
    "版权所有的意识要强。",
    "要立即开通值班电话。",
    "以上就是我讲的全部内容。",
    "希望对大家有所帮助。",
    "一年来，下载量：三万次。",
    "您的位置在哪里，我们的服务就送到哪里。",
    "推荐阅读这本书，是我的一点私心。",
    "有的同志只会下载全文，这样写出来的东西谁看？",
    "（二）用好微信群、公众号",
    "三、会员发展和平台建设",
]


@pytest.mark.parametrize("sentence", SPOKEN)
def test_sentences_that_sound_like_a_site_stay(sentence: str, analyzer: Analyzer) -> None:
    for text in (speech(PAST, sentence, TASKS), speech(PAST, TASKS, sentence), speech(sentence, PAST, TASKS)):
        assert sentence in paragraphs_of(ingest(text, analyzer))


@pytest.mark.parametrize(
    "phrase", ["要进门先扫码，没有码的可以不接待", "通过微信群、公众号等平台发布信息", "有的人下载全文、复制全文了事"]
)
@pytest.mark.parametrize("width", [24, 27, 30, 33])
def test_pieces_of_wrapped_sentences_stay(phrase: str, width: int, analyzer: Analyzer) -> None:
    paragraphs = [PAST, f"大家都看到过这样的情形，{phrase}，一杯水也可以不倒，一句话也可以不说。", TASKS, CALL]
    text = joined([TITLE, "同志们：", *(wrapped(p, width) for p in paragraphs)])
    assert paragraphs_of(ingest(text, analyzer))[2:] == paragraphs


def test_a_whole_line_of_a_wrapped_sentence_stays(analyzer: Analyzer) -> None:
    line = "责任编辑：由谁来当由谁来管由谁来问由谁来答由谁来改都要写清楚"
    text = joined([wrapped(PAST, 30, ""), PAST[:30], line, "不能再推。", wrapped(TASKS, 30, ""), wrapped(CALL, 30, "")])
    assert paragraphs_of(ingest(text, analyzer)) == [PAST, f"{PAST[:30]}{line}不能再推。", TASKS, CALL]


def test_a_block_between_site_lines_of_the_head_goes_as_a_whole(analyzer: Analyzer) -> None:
    block = ["仅供学习 禁止外传", "墨香文苑", "自家园地、每日更新", "现在订阅立享全部资料"]
    document = ingest(joined([*block, "", speech(PAST, TASKS)]), analyzer)
    assert removed(document, furniture.SITE) == block
    assert paragraphs_of(document)[0] == TITLE


def test_weak_neighbours_go_and_headings_stay(analyzer: Analyzer) -> None:
    text = joined([speech(PAST, TASKS), "责任编辑：无名", "更多免费资料分享平台"])
    assert removed(ingest(text, analyzer), furniture.SITE) == ["责任编辑：无名", "更多免费资料分享平台"]
    text = joined(["来源：某某网", speech("一、会员发展和平台建设", PAST, title="", greeting="", indent="")])
    assert paragraphs_of(ingest(text, analyzer)) == ["一、会员发展和平台建设", PAST]


def test_a_wrapped_text_between_site_lines_is_no_block(analyzer: Analyzer) -> None:
    paragraphs = [PAST, TASKS, CALL]
    text = joined(["下载文档", *(wrapped(p, 24, "") for p in paragraphs), "责任编辑：无名"])
    assert paragraphs_of(ingest(text, analyzer)) == paragraphs


def pages(*bodies: str, header: str = "澜川市会议材料之三", footer: str = "— {} —") -> str:
    return "\f".join(joined([header, body, footer.format(n)]) for n, body in enumerate(bodies, 1))


def test_headers_footers_and_page_numbers_go(analyzer: Analyzer) -> None:
    document = ingest(pages(speech(PAST), TASKS, CALL), analyzer)
    assert removed(document, furniture.PAGE_EDGE) == ["澜川市会议材料之三"] * 3
    assert removed(document, furniture.PAGE_NUMBER) == ["— 1 —", "— 2 —", "— 3 —"]
    assert paragraphs_of(document)[2:] == [PAST, TASKS, CALL]


@pytest.mark.parametrize("number", ["3", "第3页", "第 3 页 共 9 页", "3/9", "- 3 -", "－３－"])
def test_page_numbers(number: str) -> None:
    lines = lines_of(f"甲\n{number}\f乙\n{number}")
    found = find_furniture(source(f"甲\n{number}\f乙\n{number}"), lines)
    assert list(found.values()) == [furniture.PAGE_NUMBER] * 2


def test_what_is_said_at_the_edge_of_pages_stays(analyzer: Analyzer) -> None:
    page = joined(["同志们：", PAST, "谢谢大家！"])
    assert removed(ingest(f"{page}\f{page.replace(PAST, TASKS)}", analyzer), furniture.PAGE_EDGE) == []


def test_a_running_title_stays_once(analyzer: Analyzer) -> None:
    document = ingest(pages(joined(["同志们：", PAST]), TASKS, CALL, header=TITLE), analyzer)
    assert paragraphs_of(document).count(TITLE) == 1


@pytest.mark.parametrize("line", ["目 录", "目录", "一、抓落实……………3", "二、讲话.......12", "三、其他 · · · · 3"])
def test_a_table_of_contents_goes(line: str) -> None:
    assert find_furniture(source(line), lines_of(line)) == {0: furniture.CONTENTS}


def test_rules_and_front_matter(analyzer: Analyzer) -> None:
    text = f"---\ntitle: 讲话\ndate: 2019-03-05\n---\n# {TITLE}\n\n同志们：\n\n{PAST}\n\n-------\n\n{TASKS}\n"
    document = ingest(text, analyzer, "md")
    assert removed(document, furniture.FRONT_MATTER) == ["title: 讲话", "date: 2019-03-05"]
    assert paragraphs_of(document) == [TITLE, "同志们：", PAST, TASKS]
    assert removed(ingest(speech(PAST, "＝＝＝", "======", TASKS), analyzer), furniture.RULE) == ["======"]


def test_what_the_extractor_leaves_out_is_navigation() -> None:
    text = f"栏目\n{PAST}\n友情链接"
    spans = (Span(0, 2), Span(len(text) - 4, len(text)))
    given = SourceText(text, "html", boilerplate=spans)
    assert find_furniture(given, split_lines(given)) == {0: furniture.NAVIGATION, 2: furniture.NAVIGATION}


@pytest.mark.parametrize("text", ["", "下载文档" * 60, f"{PAST}下载文档"])
def test_long_lines_and_empty_ones_are_not_strong(text: str) -> None:
    assert not is_strong(text)
