"""Dirty documents for property tests: invented speeches with everything that files carry along."""

from __future__ import annotations

from hypothesis import strategies as st

from rag.types import SourceText, Span

CLAUSES = (
    "信息报送要快而准", "值班守住每一个夜晚", "公文少写一页", "会员的事就是工会的事", "平台建得再好也要有人用",
    "订阅报刊的钱花在刀刃上", "下载的材料不能代替调研", "编辑简报要改三遍", "澜川的路一步一步走", "账要一笔一笔对",
    "科学 发展靠实干", "二十四小时有人接电话", "全年完成投资3.5亿元", "we must report in time", "X市的办法可以借鉴",
)  # fmt: skip
STOPS = ("。", "！", "？", "；", "……", "遥", "”。", ".", "")
LABELS = (
    "一、", "二、", "三、", "十一、", "（一）", "（二）", "(三)", "1.", "2、", "10．", "（1）", "(2)", "①", "第一部分 ", "一是",
    "其二，", "首先，", "最后，",
)  # fmt: skip
TITLES = (
    "在全市办公室主任会议上的讲话", "关于信息工作情况的报告", "在澜川县工会第八次代表大会闭幕时的讲话", "开幕词",
    "办公室主任讲话(精选14篇)", "办公室主任讲话 篇1", "办公室主任讲话 篇2", "第二篇：在培训班上的发言", "第三篇章",
)  # fmt: skip
SALUTATIONS = ("同志们：", "各位代表、同志们：", "尊敬的各位领导:", "朋友们！")
FURNITURE = (
    "2024-06-27下载文档一键复制全文", "来源:某某范文网 3.59K", "首页 > 范文 > 讲话", "热门标签", "责任编辑：无名", "浏览次数：12",
    "template file not found", "加入会员 免费下载", "目 录", "一、抓落实……………3", "-----------", "http://example.org/a",
    "上一篇：没有了",
)  # fmt: skip
OTHERS = (
    "2019年3月5日", "（20XX年X月）", "澜川市总工会", "姓名\t人数\t比例", "张三\t12\t3.5%", "- 3 -", "第 2 页 共 9 页", "谢谢大家！",
    "云山苍苍", "江水泱泱", "“”", "[]16号", "---", "# 大标题", "> 引文", "* 要点", "**一、加粗的标题**", "## 小结 ##", "第3篇：加粗", "\x00\x00", "\u200b", "\ufeff", "\u3000",
)  # fmt: skip
BREAKS = ("\n", "\r\n", "\r", "\n\n", "\n \n", "\f", "\n\f", "\x0b", "\x1c", "\x85", "\u2028")
INDENTS = ("", "", "　　", "    ", "\t", "\u200b", "\x00", "\xa0 ")


@st.composite
def sentence(draw: st.DrawFn) -> str:
    clauses = draw(st.lists(st.sampled_from(CLAUSES), min_size=1, max_size=6))
    return "，".join(clauses) + draw(st.sampled_from(STOPS))


@st.composite
def paragraph(draw: st.DrawFn) -> str:
    """Some sentences, perhaps labelled, perhaps broken at a margin, perhaps with dirt in the middle."""
    text = draw(st.sampled_from(("", "", *LABELS))) + "".join(draw(st.lists(sentence(), min_size=1, max_size=8)))
    margin = draw(st.sampled_from((0, 0, 0, 20, 33)))
    if margin:
        text = "\n".join(text[i : i + margin] for i in range(0, len(text), margin))
    dirt = draw(st.sampled_from(("", "", "", " ", "　", "\x00", "\u200b", "  ", "\u00ad", "**", "**重点**", "__", "“”")))
    at = draw(st.integers(0, len(text)))
    return draw(st.sampled_from(INDENTS)) + text[:at] + dirt + text[at:]


def dirty_line() -> st.SearchStrategy[str]:
    short = st.sampled_from((*TITLES, *SALUTATIONS, *FURNITURE, *OTHERS))
    return st.one_of(paragraph(), paragraph(), short, short, st.text(max_size=40))


@st.composite
def dirty_text(draw: st.DrawFn) -> str:
    lines = draw(st.lists(dirty_line(), min_size=1, max_size=30))
    usual = draw(st.sampled_from(BREAKS))
    ends = st.sampled_from((usual, usual, usual, *BREAKS))
    return "".join(line + draw(ends) for line in lines)


@st.composite
def dirty_collection(draw: st.DrawFn) -> str:
    """Marked or merely greeted members under a name that announces some number of them, perhaps with their contents."""
    mark = draw(st.sampled_from(("办公室讲话 篇{}", "第{}篇：在某地会议上的讲话", "在第{}次会议上的讲话", "范文{}")))
    marks = [mark.format(n) for n in range(1, draw(st.integers(2, 4)) + 1)]
    members = [
        "\n".join(
            [one, "同志们：", *draw(st.lists(dirty_line(), max_size=3)), "".join(CLAUSES), *draw(st.lists(paragraph()))]
        )
        for one in marks
    ]
    contents = marks if draw(st.booleans()) else []
    title = draw(st.sampled_from(("办公室讲话(精选14篇)", "讲话汇编（共2篇）", "")))
    return draw(st.sampled_from(BREAKS)).join([title, *contents, *members])


def any_unicode() -> st.SearchStrategy[str]:
    """Text of any code points whatever, lone surrogates among them."""
    return st.text(st.characters(), max_size=300)


@st.composite
def dirty_source(draw: st.DrawFn) -> SourceText:
    """A source as a reader might give it: any format, spans marked as headings or boilerplate where there is room."""
    text = draw(st.one_of(dirty_text(), dirty_text(), dirty_collection(), any_unicode()))
    spans = st.lists(
        st.tuples(st.integers(0, len(text)), st.integers(0, len(text))).map(lambda ab: Span(min(ab), max(ab))),
        max_size=3,
    ).map(lambda found: tuple(sorted(found)))
    return SourceText(
        text,
        draw(st.sampled_from(("txt", "md", "html", "pdf"))),
        headings=draw(spans),
        boilerplate=draw(spans) if draw(st.booleans()) else (),
        title=draw(st.sampled_from((None, None, *TITLES))),
    )
