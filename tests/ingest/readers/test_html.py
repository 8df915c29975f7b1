"""Web pages: what is visible is read, what is furniture is marked, nothing is mixed up."""

from __future__ import annotations

from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from pathlib import Path

import pytest

from rag.errors import ReadError
from rag.ingest.readers import read_bytes
from rag.types import SourceText

POINTS = (
    "一、提高认识，增强做好办公室工作的责任感。办公室是承上启下的枢纽，工作千头万绪，哪一个环节出错都会影响全局。",
    "二、突出重点，抓好信息报送。紧急信息要在规定时间内上报，迟报、漏报的单位要说明原因，限期整改到位。",
    "三、改进文风会风，少开会、开短会。发一份文件就要管一份文件的用，不能以文件落实文件，以会议落实会议。",
)
PAGE = f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title> 会议讲话 - 某某网 </title>
<style>.a {{ color: red }}</style><script>var secret = "脚本";</script></head><body>
<nav><ul><li><a href="/">首页</a></li><li><a href="/n">工作动态</a></li></ul></nav>
<div class="article"><h1>在全县办公室主任会议上的讲话</h1>
<p>同志们：</p>
<p>今天召开这次会议，主要任务是总结<b>去年</b>工作，部署今年任务，推动全县办公室工作再上新台阶。下面讲三点意见。</p>
{"".join(f"<p>　　{point}</p>" for point in POINTS)}
<p style="DISPLAY : none">隐藏的采集水印</p><p hidden>看不见</p><span style="font-size:0">零号字</span>
<p>谢谢大家！</p></div>
<div class="side"><ul><li><a href="1">热门文章：如何写好讲话稿</a></li><li><a href="2">热门标签</a></li></ul></div>
<noscript>请启用脚本</noscript><footer>版权所有 备案号 0000</footer></body></html>"""


def page(body: str) -> SourceText:
    return read_bytes(f"<html><body>{body}</body></html>".encode(), "a.html")


def main_text(source: SourceText) -> str:
    out, at = "", 0
    for start, end in source.boilerplate:
        out, at = out + source.text[at:start], end
    return out + source.text[at:]


def test_everything_visible_one_block_a_line() -> None:
    lines = read_bytes(PAGE.encode(), "a.html").text.split("\n")
    assert lines[:4] == ["首页", "工作动态", "在全县办公室主任会议上的讲话", "同志们："]
    assert "　　" + POINTS[1] in lines
    assert lines[-3:] == ["热门文章：如何写好讲话稿", "热门标签", "版权所有 备案号 0000"]


@pytest.mark.parametrize("unseen", ["脚本", "color", "隐藏的采集水印", "看不见", "零号字", "请启用脚本", "某某网"])
def test_nothing_that_a_browser_does_not_show(unseen: str) -> None:
    assert unseen not in read_bytes(PAGE.encode(), "a.html").text


def test_furniture_is_marked_and_the_speech_is_not() -> None:
    source = read_bytes(PAGE.encode(), "a.html")
    marked = [source.text[start:end] for start, end in source.boilerplate]
    assert marked == ["首页", "工作动态", "热门文章：如何写好讲话稿", "热门标签", "版权所有 备案号 0000"]
    for line in ("在全县办公室主任会议上的讲话", "同志们：", "谢谢大家！", *POINTS):
        assert line in main_text(source)


def test_title_and_headings() -> None:
    source = read_bytes(PAGE.encode(), "a.html")
    assert source.title == "会议讲话 - 某某网"
    assert [source.text[start:end] for start, end in source.headings] == ["在全县办公室主任会议上的讲话"]


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [
        ("gb18030", "gb2312"),
        ("gb18030", "utf-8"),
        ("utf-8", "gb2312"),
        ("utf-16", "utf-8"),
        ("gb18030", ""),
        ("utf-8", ""),
    ],
)
def test_charset_by_evidence_even_against_the_declaration(encoding: str, declared: str) -> None:
    meta = f'<meta http-equiv="Content-Type" content="text/html; charset={declared}">' if declared else ""
    text = PAGE.replace('<meta charset="utf-8">', meta)
    assert read_bytes(text.encode(encoding), "a.html").text == read_bytes(PAGE.encode(), "a.html").text


def test_declared_charset_counts_for_other_languages() -> None:
    text = (
        '<html><head><meta charset="iso-8859-2"></head><body>Zażółć gęślą jaźń, towarzysze i towarzyszki</body></html>'
    )
    assert "Zażółć gęślą jaźń" in read_bytes(text.encode("iso-8859-2"), "a.html").text


def test_bytes_that_fit_no_charset_are_refused() -> None:
    with pytest.raises(ReadError) as caught:
        read_bytes(PAGE.encode("utf-8") + b"\xff\xff" + PAGE.encode("gb18030"), "a.html")
    assert caught.value.reason == "encoding"


def test_white_space_as_a_browser_shows_it() -> None:
    assert page("<p>信息\n  报送   is\n late<br>第二行&nbsp;&#x3000;完</p><pre> 甲\n  乙</pre>").text == (
        "信息报送 is late\n第二行\xa0\u3000完\n 甲\n  乙"
    )


def test_inline_markup_does_not_break_words() -> None:
    assert page("<div>抓<b>落</b><span>实</span>！<div>下一段</div>尾</div>").text == "抓落实！\n下一段\n尾"


def test_table_rows_are_lines_with_tabs() -> None:
    text = page(
        "<table><tr><th>单位</th><th>件数</th></tr><tr><td><p>甲局</p></td>\n\t<td> <p>12</p> </td></tr></table>"
    ).text
    assert text == "单位\t件数\n甲局\t12"


def test_layout_table_keeps_its_paragraphs() -> None:
    assert page("<table><tr><td><p>同志们：</p><p>开会。</p></td></tr></table>").text == "同志们：\n开会。"


def test_page_without_main_text_is_kept_whole_and_says_so() -> None:
    source = page("<p>短。</p>")
    assert source.text == "短。"
    assert source.boilerplate == () or source.notes


def test_page_written_by_scripts_is_empty() -> None:
    with pytest.raises(ReadError) as caught:
        page("<script>document.write('同志们')</script>")
    assert caught.value.reason == "empty"
    assert "浏览器" in str(caught.value)


def test_external_entities_are_not_resolved(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("机密内容", encoding="utf-8")
    text = f'<!DOCTYPE html [<!ENTITY x SYSTEM "{secret.as_uri()}">]><html><body><p>前&x;后</p></body></html>'
    assert "机密内容" not in read_bytes(text.encode(), "a.html").text
    xhtml = f'<?xml version="1.0" encoding="utf-8"?>{text}'
    assert "机密内容" not in read_bytes(xhtml.encode(), "a.xhtml").text


def test_nesting_too_deep_to_be_read_whole_is_refused() -> None:
    assert page("<div>" * 1000 + "深" + "</div>" * 1000 + "<p>尾</p>").text.endswith("尾")
    with pytest.raises(ReadError) as caught:
        page("<div>" * 5000 + "深" + "</div>" * 5000 + "<p>尾</p>")
    assert caught.value.reason == "damaged"


@pytest.mark.parametrize("name", ["a.mht", "a.doc"])
def test_single_file_page(name: str) -> None:
    message = MIMEMultipart("related")
    message.attach(MIMEText(PAGE.replace("utf-8", "gb2312"), "html", "gb2312"))
    source = read_bytes(message.as_bytes(), name)
    assert source.format == "mhtml"
    assert source.text == read_bytes(PAGE.encode(), "a.html").text
    assert bool(source.notes) == (name == "a.doc")


def test_single_file_page_without_a_page_is_damaged() -> None:
    message = MIMEMultipart("related")
    with pytest.raises(ReadError) as caught:
        read_bytes(message.as_bytes(), "a.mht")
    assert caught.value.reason == "damaged"
