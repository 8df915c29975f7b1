"""Signing in through OpenID Connect in a real Chromium, against a provider of our own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from provider import Provider, provider, secrets
from support import FILES, SPEECHES, build, serving

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser


@pytest.fixture
def person() -> Iterator[Provider]:
    with provider({"sub": "1", "name": "孟远舟", "email": "meng@example.com"}) as running:
        yield running


@pytest.fixture
def address(person: Provider, tmp_path: Path) -> Iterator[str]:
    """The application, set up to ask for a login."""
    build(tmp_path / "default", (SPEECHES / FILES[2],))
    (tmp_path / "secrets.toml").write_text(secrets(person.url), encoding="utf-8")
    with serving(tmp_path, f"--secrets.files={tmp_path / 'secrets.toml'}") as running:
        yield running


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    context = browser.new_context()
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("path", ["/", "/browse", "/read", "/manage", "/basket", "/?q=%E4%BF%A1%E6%81%AF"])
def test_nothing_is_shown_without_the_login(page: Page, address: str, path: str) -> None:
    page.goto(address + path)
    page.get_by_text("本系统须登录后使用。").wait_for()
    assert page.locator(".yj, [data-testid=stTextInput], [data-testid=stFileUploader]").count() == 0


def test_who_signs_in_reads_until_signing_out(page: Page, address: str, person: Provider) -> None:
    page.goto(address)
    page.get_by_role("button", name="登录", exact=True).click()
    page.get_by_role("textbox", name="问题").wait_for()
    assert {"/authorize", "/token"} <= set(person.calls)
    page.get_by_text("孟远舟").wait_for()
    page.goto(address + "/browse")
    page.locator(".name").first.wait_for()
    page.get_by_role("button", name="退出登录").click()
    page.get_by_text("本系统须登录后使用。").wait_for()


def test_two_people_at_one_browser_have_two_baskets(page: Page, address: str, person: Provider) -> None:
    page.goto(address)
    page.get_by_role("button", name="登录", exact=True).click()
    page.get_by_role("textbox", name="问题").fill("会议要怎么开")
    page.get_by_role("textbox", name="问题").press("Enter")
    page.get_by_role("button", name="收入素材篮").first.click()
    page.wait_for_function("() => Object.keys(localStorage).some(key => key.startsWith('yanju.basket.'))")
    page.get_by_role("button", name="退出登录").click()
    person.person = {"sub": "2", "name": "另一人"}
    page.get_by_role("button", name="登录", exact=True).click()
    page.get_by_text("另一人").wait_for()
    page.get_by_role("link", name="素材篮").click()
    page.get_by_text("素材篮是空的").wait_for()
