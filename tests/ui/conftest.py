"""Fixtures for the tests of the interface."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from support import FILES, HOSTILE_NAME, HOSTILE_TEXT, PASSWORD, SPEECHES, build, opener, serving, spoil

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


@pytest.fixture(scope="session")
def chromium() -> str:
    """Chromium's path; without it, tests are skipped by name, and fail under CI."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None and os.environ.get("CI"):
        pytest.fail("the program «chromium» is not installed, and CI must have it")
    if found is None:
        pytest.skip("the program «chromium» is not installed")
    return found


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    options = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=options)
        yield started
        started.close()


@pytest.fixture(scope="session")
def own_archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder whose `default` holds five sample files and one full of markup."""
    folder = tmp_path_factory.mktemp("own")
    hostile = folder / HOSTILE_NAME
    hostile.write_text(HOSTILE_TEXT, encoding="utf-8")
    build(folder / "default", (*(SPEECHES / name for name in FILES), hostile))
    spoil(folder / "default")
    return folder


@pytest.fixture(scope="session")
def app(browser: Browser, own_archive: Path) -> Iterator[str]:
    with serving(own_archive, YANJU_ADMIN_PASSWORD=PASSWORD) as address:
        yield address


@pytest.fixture
def opened(browser: Browser, app: str) -> Iterator[Callable[..., Page]]:
    """Opens an address of the application in a session of its own; a script error fails the test."""
    yield from opener(browser, app)
