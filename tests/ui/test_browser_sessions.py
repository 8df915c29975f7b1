"""Sessions in a real Chromium: language, words searched besides, two browsers at once, files that come in meanwhile."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from support import FILES, PASSWORD, SPEECHES, build, opener, serving

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    Open = Callable[..., Page]

pytestmark = pytest.mark.browser
CHINESE = re.compile("[\u4e00-\u9fff]")
NEW = "防汛值守必须把铜锣敲到每一户，夜里也要有人应声。"


def ask(page: Page, question: str, box: str = "问题") -> None:
    field = page.get_by_role("textbox", name=box)
    field.fill(question)
    field.press("Enter")
    page.locator(f"[data-question='{question}']").wait_for()


def test_english_stays_from_page_to_page_and_goes_into_the_address(opened: Open) -> None:
    page = opened(f"/?q={quote('信息报送')}&lang=en")
    page.locator(".quotation a.open").first.click()
    page.locator("mark.target").first.wait_for()
    buttons = page.locator(".reader button:not(.tag), .reader .steps a").all_inner_texts()
    assert buttons
    assert [text for text in buttons if CHINESE.search(text)] == []
    assert "lang=en" in page.url
    for name in ("Browse", "Collection", "Themes"):
        page.get_by_test_id("stSidebarNav").get_by_role("link", name=name).click()
        page.get_by_role("heading", name=name, level=1).wait_for()
    page.get_by_test_id("stSidebar").get_by_role("radio", name="中文").click()
    page.get_by_role("heading", name="专题", level=1).wait_for()
    page.wait_for_url(lambda url: "lang=" not in url)


def test_words_searched_besides_are_said_and_can_be_switched_off(opened: Open) -> None:
    page = opened()
    ask(page, "what did they say about information reporting")
    page.get_by_text(re.compile("information 同时按「.+」检索")).wait_for()
    page.get_by_role("button", name="只按原词检索").click()
    page.wait_for_url(lambda url: "expand=0" in url)
    page.get_by_text(re.compile("同时按「.+」检索")).wait_for(state="detached")


def test_where_quoted_words_are_nowhere_that_is_said(opened: Open) -> None:
    page = opened()
    ask(page, '"量子纠错码" 怎么实现')
    page.get_by_text("没有一段原文含有「量子纠错码」").wait_for()
    assert page.locator(".passage").count() == 0


def test_two_browsers_do_not_disturb_each_other(opened: Open) -> None:
    one = opened(f"/?q={quote('信息报送')}&from=2019&to=2019&mode=search")
    other = opened("/?lang=en")
    one.locator(".passage").first.wait_for()
    ask(other, "工会怎么为职工服务", "Question")
    other.get_by_text("speeches touch on this").wait_for()
    assert other.locator(".limits").count() == 0
    assert other.locator("[data-testid=stSidebar] .choices button").all_inner_texts() == ["工会怎么为职工服务"]
    one.get_by_role("button", name="收入素材篮").first.click()
    one.get_by_role("button", name="已在素材篮").first.wait_for()
    assert one.locator(".limits .tag").all_inner_texts() == ["年份 2019"]
    assert one.locator("[data-testid=stSidebar] .choices button").all_inner_texts() == ["信息报送"]
    other.get_by_test_id("stSidebarNav").get_by_role("link", name="Collection").click()
    other.get_by_text("Nothing collected yet").wait_for()


@pytest.fixture
def both(browser: Browser, tmp_path: Path) -> Iterator[Open]:
    """A server of its own, for a reader and a keeper."""
    build(tmp_path / "default", (SPEECHES / FILES[2],))
    with serving(tmp_path, YANJU_ADMIN_PASSWORD=PASSWORD) as address:
        yield from opener(browser, address)


def test_new_files_show_without_a_restart(both: Open, tmp_path: Path) -> None:
    reader = both()
    ask(reader, "铜锣")
    assert reader.get_by_text(NEW).count() == 0
    keeper = both("/manage?lang=en")
    keeper.get_by_role("textbox", name="Administrator's password").fill(PASSWORD)
    keeper.get_by_role("textbox", name="Administrator's password").press("Enter")
    file, empty = tmp_path / "防汛会讲话.txt", tmp_path / "空.txt"
    file.write_text(
        f"在全县防汛工作会议上的讲话\n2020年6月1日\n同志们：\n{NEW}\n各乡镇要逐户登记。\n", encoding="utf-8"
    )
    empty.write_bytes(b"")
    keeper.locator("input[type=file]").set_input_files([str(file), str(empty)])
    keeper.get_by_test_id("stBaseButton-primary").click()
    keeper.get_by_text("The file is empty or holds only white space").wait_for(timeout=60_000)
    ask(reader, "铜锣敲到每一户")
    reader.locator(".quotation, .passage").get_by_text(NEW).first.wait_for()
