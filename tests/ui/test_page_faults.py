"""What the reader sees when a page fails in a way nobody has foreseen, and what the log keeps of it."""

from __future__ import annotations

import logging

import pytest
from streamlit.testing.v1 import AppTest

from rag.ui import browse


def _script() -> None:
    from rag.ui import pages

    pages._guarded(pages.BROWSE)()


@pytest.fixture
def app() -> AppTest:
    return AppTest.from_function(_script, default_timeout=30)


def test_a_fault_is_one_sentence_with_the_page_its_kind_and_what_to_do(
    app: AppTest, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> None:
        raise KeyError("thesis")

    monkeypatch.setattr(browse, "page", broken)
    with caplog.at_level(logging.ERROR):
        app.run()
    assert not app.exception
    (said,) = (one.value for one in app.error)
    assert "浏览" in said
    assert "KeyError" in said
    assert "请重新打开这一页" in said
    assert "Traceback" not in said
    assert any(record.exc_info and record.getMessage() == "page browse" for record in caplog.records)


def test_a_page_that_stops_itself_has_no_fault(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Streamlit's own ways to end a run are no errors."""
    import streamlit as st

    monkeypatch.setattr(browse, "page", st.stop)
    app.run()
    assert not app.exception
    assert not app.error
