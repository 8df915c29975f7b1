"""提纲 on narrow screens in a real Chromium: nothing lies over it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

    Open = Callable[..., Page]

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", [1024, 390])
def test_the_outline_opens_over_the_bar_of_hits(opened: Open, width: int) -> None:
    page = opened(f"/?q={quote('紧急信息多长时间内必须报告')}", width=width, height=844)
    page.locator(".quotation a.open").first.click()
    page.locator("mark.target").first.wait_for()
    page.wait_for_timeout(1100)
    page.locator(".outline summary").click()
    page.locator(".outline ol a").first.wait_for()
