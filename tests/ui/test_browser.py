"""The application in a real Chromium: what a reader and an archive keeper do."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from support import FILES, HOSTILE_NAME, HOSTILE_TITLE, PASSWORD, SPEECHES, build, opener, serving

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    Open = Callable[..., Page]

pytestmark = pytest.mark.browser
URGENT = "紧急信息多长时间内必须报告"


def settle(page: Page) -> None:
    page.wait_for_function("document.querySelector('[data-testid=stApp]')?.dataset.testScriptState === 'notRunning'")


def ask(page: Page, question: str) -> None:
    box = page.get_by_role("textbox", name="问题")
    box.fill(question)
    box.press("Enter")
    page.locator(".bar").wait_for()


def in_view(page: Page, selector: str) -> bool:
    """Whether the first and the last piece of what the selector finds lie inside the window, once all is still."""
    page.locator(selector).first.wait_for()
    page.wait_for_timeout(1100)
    size = page.viewport_size
    assert size is not None
    first, last = page.locator(selector).first.bounding_box(), page.locator(selector).last.bounding_box()
    assert first is not None
    assert last is not None
    return first["y"] >= 0 and last["y"] + last["height"] <= size["height"]


def test_a_chinese_question_is_answered_on_enter(opened: Open) -> None:
    page = opened()
    ask(page, URGENT)
    assert re.fullmatch(r"共 \d+ 篇涉及，引用 \d+ 篇 \d+ 处", page.locator(".coverage").inner_text())
    assert page.locator(".quotation").count() >= 1
    assert page.locator(".passage mark.quote").count() >= 1
    assert page.title() == "问答 · 言据"
    page.wait_for_function("document.documentElement.lang === 'zh-CN'")


def test_an_english_question_finds_chinese_quotations(opened: Open) -> None:
    page = opened()
    ask(page, "what did they say about information reporting")
    assert page.locator(".quotation").count() >= 2


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (1024, 768), (390, 844)])
def test_a_citation_opens_the_speech_at_the_highlighted_sentence(opened: Open, width: int, height: int) -> None:
    page = opened(f"/?q={quote(URGENT)}", width=width, height=height)
    quotation = page.locator(".quotation").first
    said = quotation.locator(".said").evaluate("node => node.firstChild.textContent")
    quotation.locator(".chip").first.click()
    card = page.locator(".card")
    assert card.locator("mark.quote").inner_text() == said
    card.get_by_role("link", name="打开原文").click()
    assert in_view(page, "mark.target")
    joined = "".join(page.locator("mark.target").evaluate_all("all => all.map(node => node.dataset.t)"))
    assert joined.replace("\n", "") == said.replace("\n", "")
    assert "start=" in page.url
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_a_shared_link_lands_on_the_sentence_and_steps_through_the_hits(opened: Open) -> None:
    first = opened(f"/?q={quote(URGENT)}")
    first.locator(".quotation a.open").first.click()
    first.locator("mark.target").first.wait_for()
    page = opened(first.url.split("/", 3)[3].join(["/", ""]), width=1024, height=768)
    assert in_view(page, "mark.target")
    before = page.url
    page.get_by_role("link", name="下一处").click()
    page.wait_for_url(lambda url: url != before)
    page.get_by_text("第 2 处").wait_for()
    assert in_view(page, "mark.target")
    page.get_by_role("button", name="返回问答").click()
    page.locator(".quotation").first.wait_for()


def test_a_link_reopens_question_and_filters(opened: Open) -> None:
    page = opened(f"/?q={quote('信息报送')}&from=2019&to=2019&mode=search")
    page.locator(".passage").first.wait_for()
    page.wait_for_function("document.querySelector('input[aria-label=问题]').value === '信息报送'")
    assert page.locator(".limits .tag").all_inner_texts() == ["年份 2019"]
    assert all("2019年" in text for text in page.locator(".passage > p.soft").all_inner_texts())
    page.get_by_role("button", name="清除筛选").click()
    page.wait_for_url(lambda url: "from=" not in url)


def test_a_filter_limits_the_answer_and_goes_into_the_address(opened: Open) -> None:
    page = opened(f"/?q={quote('信息报送')}")
    page.locator(".quotation").first.wait_for()
    page.get_by_text("筛选", exact=True).first.click()
    page.wait_for_timeout(500)  # a list that opens while the fold still moves closes again
    page.get_by_role("combobox", name="年份起").click()
    page.get_by_role("option", name="2019").click()
    page.wait_for_url(lambda url: "from=2019" in url)
    page.locator(".limits .tag").get_by_text("2019 及以后").wait_for()
    assert page.get_by_text(re.compile(r"未计入 \d+ 篇年份不明")).count() <= 1


def test_no_evidence_is_said_plainly(opened: Open) -> None:
    page = opened()
    ask(page, '"量子纠错码" 怎么实现')
    page.locator(".refusal").wait_for()
    assert "档案中没有找到直接依据" in page.locator(".refusal").inner_text()
    assert page.locator(".quotation").count() == 0


def test_where_the_archive_is_silent_the_nearest_passages_are_offered_as_such(opened: Open) -> None:
    page = opened()
    ask(page, "红烧肉怎么做才好吃")
    page.locator(".refusal").wait_for()
    assert page.get_by_text("最接近的段落（不是答案）").count() == 1
    assert page.locator(".passage").count() >= 1
    assert page.locator(".quotation").count() == 0


def test_feedback_is_stored(opened: Open, own_archive: Path) -> None:
    page = opened(f"/?q={quote(URGENT)}")
    page.get_by_role("button", name="有用", exact=True).click()
    page.get_by_text("已记下").wait_for()
    with sqlite3.connect(own_archive / "default" / "archive.sqlite") as db:
        question, verdict, detail = db.execute("SELECT question, verdict, detail FROM feedback").fetchone()
    assert (question, verdict) == (URGENT, "useful")
    assert json.loads(detail)["citations"]


def test_quotations_are_collected_annotated_and_copied(opened: Open) -> None:
    page = opened(f"/?q={quote('信息报送')}")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.locator(".quotation").get_by_role("button", name="收入素材篮").first.click()
    page.locator(".quotation").get_by_role("button", name="已在素材篮").first.wait_for()
    page.locator(".quotation").get_by_role("button", name="收入素材篮").first.click()
    page.locator(".quotation").get_by_role("button", name="已在素材篮").nth(1).wait_for()
    page.get_by_role("link", name="素材篮").click()
    page.locator(".items li").nth(1).wait_for()
    first = page.locator(".items .said").first.inner_text()
    page.get_by_role("button", name="下移").first.click()
    page.locator(".items li").nth(1).get_by_text(first).wait_for()
    page.get_by_role("textbox", name="批注").first.fill("开头用")
    page.get_by_role("textbox", name="批注").first.press("Enter")
    page.get_by_role("button", name="复制全部").click()
    page.get_by_role("button", name="已复制").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert first in copied
    assert "（批注：开头用）" in copied


def test_history_and_suggestions_ask_again(opened: Open) -> None:
    page = opened()
    page.locator(".choices button").first.click()
    page.locator(".bar").wait_for()
    ask(page, URGENT)
    page.locator("[data-testid=stSidebar] .choices button").nth(1).wait_for()
    page.locator("[data-testid=stSidebar] .choices button").nth(1).click()
    page.wait_for_url(lambda url: quote("关于") in url)


def test_the_interface_speaks_english(opened: Open) -> None:
    page = opened(f"/?q={quote(URGENT)}&lang=en")
    page.locator(".quotation").first.wait_for()
    assert page.title() == "Ask · Yanju"
    assert "speeches touch on this" in page.locator(".coverage").inner_text()
    page.wait_for_function("document.documentElement.lang === 'en'")


def test_markup_in_the_data_takes_no_effect(opened: Open, own_archive: Path) -> None:
    page = opened(f"/?q={quote('樟脑丸多久更换一次')}")
    page.locator(".quotation, .passage").first.wait_for()
    assert HOSTILE_TITLE in page.locator(".passage").filter(has_text="樟脑丸").first.inner_text()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.locator("a.open").filter(has_text="粗体").first.click()
    page.locator("mark.target").first.wait_for()
    assert HOSTILE_TITLE in "".join(page.locator(".text [data-t]").all_text_contents())
    assert HOSTILE_NAME in page.locator("header p.soft").inner_text()
    for path in ("/browse", "/manage"):
        other = opened(path)
        settle(other)
        other.wait_for_timeout(300)
        assert other.evaluate("window.hacked") is None
        assert other.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert page.evaluate("window.hacked") is None
    assert page.locator("img[src=x]").count() == 0


@pytest.fixture(scope="module")
def fresh(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server that has only the sample archive."""
    folder = tmp_path_factory.mktemp("fresh")
    build(folder / "sample", (SPEECHES / FILES[0],))
    with serving(folder, YANJU_ADMIN_PASSWORD=PASSWORD) as address:
        yield address


@pytest.fixture
def opened_fresh(browser: Browser, fresh: str) -> Iterator[Open]:
    yield from opener(browser, fresh)


def test_a_keeper_adds_corrects_and_removes(opened_fresh: Open, tmp_path: Path) -> None:
    page = opened_fresh(f"/?q={quote(URGENT)}")
    page.get_by_text("示例（虚构）").first.wait_for()
    page.get_by_role("link", name="建立我的档案").click()
    page.get_by_role("textbox", name="管理员口令").fill("不对")
    page.get_by_role("button", name="进入").click()
    page.get_by_text("口令不对").wait_for()
    page.get_by_role("textbox", name="管理员口令").fill(PASSWORD)
    page.get_by_role("button", name="进入").click()

    broken = tmp_path / "坏文件.pdf"
    broken.write_bytes(b"%PDF-1.4 broken")
    page.locator("input[type=file]").set_input_files([str(SPEECHES / FILES[0]), str(broken)])
    page.get_by_role("button", name="开始入库").click()
    page.get_by_text("2 个文件处理完毕").wait_for(timeout=60_000)
    statuses = page.locator(".rows .tag").all_inner_texts()
    assert statuses == ["新增", "失败"]
    assert page.get_by_text("示例（虚构）").count() == 0

    long = "更正后的题名" + "长" * 990
    page.get_by_role("tab", name="讲话", exact=True).click()
    page.get_by_role("textbox", name="题名").fill(long)
    page.get_by_role("button", name="保存更正").click()
    page.get_by_text("已人工更正：题名").wait_for()
    reader = opened_fresh("/browse", width=390, height=844)
    reader.locator(".name").get_by_text("更正后的题名").wait_for()
    assert reader.evaluate("document.documentElement.scrollWidth <= window.innerWidth")

    page.get_by_role("button", name="移除这篇讲话").click()
    page.get_by_role("button", name="确认移除").click()
    page.get_by_text("示例（虚构）").first.wait_for()
