"""What a person does in Chromium, with a watch in hand."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.browser.application import Server

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

OPTIONS = ["--headless", "--no-sandbox", "--disable-gpu"]
PATIENCE = 120_000  # milliseconds
LOOK = 20  # milliseconds between two looks; Playwright's own waiting looks every half second after a while
# Whether the answer to a question stands on the page, in the shadow tree of its component.
ANSWERED = """question => {
  const within = root => [...root.querySelectorAll('*')].some(one =>
    (one.dataset.question === question && one.querySelector('.bar')) || (one.shadowRoot && within(one.shadowRoot)))
  return within(document)
}"""


@dataclass
class Readings:
    """Seconds from Enter to the rendered answer, a question each, and the errors that pages reported."""

    seconds: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    note: str = ""

    def quantile(self, share: float) -> float:
        return float(np.quantile(self.seconds, share))


@dataclass
class Upload:
    """A run of the keeper's page. ``count`` gives (files done, all files)."""

    page: Page
    total: int

    def count(self) -> tuple[int, int]:
        shown = self.page.get_by_text(re.compile(rf"^\d+/{self.total} ")).all_inner_texts()
        return (int(shown[0].split("/")[0]) if shown else self.total), self.total


_browsers: list[Browser] = []


@contextmanager
def started(chromium: str) -> Iterator[Browser]:
    """One browser, shared by those who are inside this context together."""
    if _browsers:
        yield _browsers[0]
        return
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=OPTIONS)
        _browsers.append(browser)
        try:
            yield browser
        finally:
            _browsers.clear()
            browser.close()


def asked(
    chromium: str, address: str, questions: Sequence[str], *, first: str, until: Callable[[], tuple[int, int]] | None = None
) -> Readings:
    """Asks one question after the other in one session; ``first`` warms up and is not counted.

    With ``until``, says how far the files were when the last answer had come.
    """
    out = Readings()
    with started(chromium) as browser:
        context = browser.new_context(viewport={"width": 1280, "height": 800})
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: out.errors.append(str(error)))
        page.goto(address)
        begun = until() if until else (0, 0)
        for question in (first, *questions):
            out.seconds.append(_ask(page, question))
            out.errors += page.locator("[data-testid=stAlertContentError]").all_inner_texts()
        out.seconds.pop(0)
        if until:
            out.note = f"Files taken in when the first question was asked: {begun[0]} of {begun[1]}, after the last: {until()[0]}."
        context.close()
    return out


def _ask(page: Page, question: str) -> float:
    """Seconds until the answer to this very question stands on the page."""
    box = page.get_by_role("textbox", name="问题")
    box.fill(question)
    began = time.perf_counter()
    box.press("Enter")
    page.wait_for_function(ANSWERED, arg=question, polling=LOOK)
    return time.perf_counter() - began


@contextmanager
def uploading(chromium: str, server: Server, paths: Sequence[Path]) -> Iterator[Upload]:
    """The files on their way in, through the keeper's page."""
    with started(chromium) as browser:
        context = browser.new_context()
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.goto(f"{server.address}/manage")
        page.get_by_role("textbox", name="管理员口令").fill(server.password)
        page.get_by_role("button", name="进入").click()
        page.locator("input[type=file]").set_input_files([str(path) for path in paths])
        button = page.get_by_role("button", name="开始入库")
        page.wait_for_function("() => ![...document.querySelectorAll('button')].find(b => b.innerText.includes('开始入库'))?.disabled")
        button.click()
        page.get_by_text(re.compile(rf"^[1-9]\d*/{len(paths)} ")).wait_for()
        yield Upload(page, len(paths))
        context.close()
