"""A model's text above the quotations, where an administrator has named a model endpoint and the asker wants it."""

from __future__ import annotations

import logging
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import streamlit as st

from rag.errors import UsageError
from rag.generate.compose import Composition, compose_answer, quotations
from rag.generate.settings import GenerationSettings
from rag.i18n import current
from rag.i18n import gettext as _
from rag.types import Answer
from rag.ui import components, state
from rag.ui.links import Request

AT_ONCE = 4  # compositions on this server; further ones wait
KEPT = 20  # compositions a session remembers
EVERY = 0.5  # seconds between two looks whether the model has answered
log = logging.getLogger(__name__)


def settings() -> GenerationSettings | None:
    """The model endpoint, None where there is none. A faulty setting counts as none: answers do not depend on it."""
    try:
        return GenerationSettings.from_environment()
    except UsageError as error:
        log.warning("%s", error)
        return None


def part(request: Request, answer: Answer) -> None:
    """The text to an answer, or that it is being written. The page stays usable meanwhile."""
    endpoint = settings()
    if not endpoint or not request.compose or not answer.answered:
        return
    future = _future(request, answer, endpoint)
    if future.done():
        _show(future.result())
    else:
        _wait(future)


def _future(request: Request, answer: Answer, endpoint: GenerationSettings) -> Future[Composition]:
    """One call of the model for a question and its quotations, however often the page is drawn."""
    known: dict[Any, Future[Composition]] = st.session_state.setdefault("compositions", {})
    key = (request.question, tuple(quotations(answer).items()))
    if key not in known:
        retriever = state.session().retriever
        known[key] = _pool().submit(compose_answer, answer, endpoint, retriever.analyzer, retriever.encoder)
        while len(known) > KEPT:
            known.pop(next(iter(known))).cancel()
    return known[key]


@st.cache_resource(show_spinner=False)
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(AT_ONCE, thread_name_prefix="yanju-compose")


@st.fragment(run_every=EVERY)
def _wait(future: Future[Composition]) -> None:
    if future.done():
        st.rerun()
    st.caption(_("模型正在根据引文成文，写好后显示在这里。"))


def _show(composition: Composition) -> None:
    components.mount(
        "composition",
        "composition",
        {
            "lang": current(),
            "head": _("模型 {model} 据下列引文成文，已逐句核对").format(model=composition.model),
            "sentences": [{"text": s.text, "ns": list(s.citations)} for s in composition.sentences],
            "notice": composition.notice,
            "plain": composition.text,
            "copy": _("复制"),
            "copied": _("已复制"),
        },
    )
