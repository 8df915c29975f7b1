"""找表述 in a real Chromium."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

    Open = Callable[..., Page]

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (390, 844)])
def test_a_phrase_is_found_copied_collected_and_opened(opened: Open, width: int, height: int) -> None:
    page = opened(f"/phrases?q={quote('形容办公室工作细致、差一点都不行的说法')}", width=width, height=height)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    first = page.locator(".phrase").first
    first.wait_for()
    assert page.title() == "找表述 · 言据"
    said = first.locator(".said").evaluate("node => node.textContent")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    first.get_by_role("button", name="复制", exact=True).click()
    first.get_by_role("button", name="已复制").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == said
    first.get_by_role("button", name="收入素材篮").click()
    page.locator(".phrase").first.get_by_role("button", name="已在素材篮").wait_for()
    page.locator(".phrase a.open").first.click()
    page.locator("mark.target").first.wait_for()
    joined = "".join(page.locator("mark.target").evaluate_all("all => all.map(node => node.dataset.t)"))
    assert joined.replace("\n", "") == said.replace("\n", "")


def test_a_chip_limits_the_function_and_goes_into_the_address(opened: Open) -> None:
    page = opened("/phrases")
    box = page.get_by_role("textbox", name="要找的表述")
    box.fill("大家一起努力")
    box.press("Enter")
    page.locator(".phrase").first.wait_for()
    page.get_by_role("button", name="号召结尾").click()
    page.wait_for_url(lambda url: "function=" in url)
    page.wait_for_function(
        "[...document.querySelectorAll('.phrase .tag')].every(tag => tag.textContent === '号召结尾')"
    )
    again = opened("/" + page.url.split("/", 3)[3])
    again.locator(".phrase").first.wait_for()
    assert set(again.locator(".phrase .tag").all_inner_texts()) == {"号召结尾"}
