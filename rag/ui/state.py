"""The archive that is open, shared by all browsers, and what each browser's session remembers."""

from __future__ import annotations

import gc
import logging
import os
import threading
from pathlib import Path
from typing import Any

import streamlit as st

from rag import config
from rag.archive.connect import FILE
from rag.archive.reader import Archive
from rag.archive.rows import HeldFile, SpeechSummary
from rag.encoder.base import Encoder
from rag.errors import YanjuError
from rag.session import Session, chosen_encoder
from rag.types import Answer, Filters
from rag.ui.links import Request

HISTORY = 20
log = logging.getLogger(__name__)


def folder() -> Path:
    """The archive to show: as everywhere, but the sample also while the user's own holds no file yet."""
    chosen = config.archive_folder(None)
    sample = config.SAMPLE_ARCHIVE
    named = os.environ.get("YANJU_ARCHIVE")
    if not named and chosen == config.DEFAULT_ARCHIVE and (sample / FILE).exists() and not _holds_files(chosen):
        return sample
    return chosen


def own_folder() -> Path:
    """Where files are added: never the sample."""
    return config.archive_folder(None, writing=True)


def is_sample() -> bool:
    return folder().resolve() == config.SAMPLE_ARCHIVE.resolve()


def exists() -> bool:
    return (folder() / FILE).exists()


def session() -> Session:
    """The open archive; follows its generations.

    Raises:
        ArchiveError: there is none, or it cannot be read.
        EncoderError: its encoder cannot be loaded.
    """
    return _opened(str(folder()), _identity(folder()))


def archive() -> Archive:
    """The open archive, for what needs no encoder."""
    return _archive(str(folder()), _identity(folder()))


def held() -> list[HeldFile]:
    """The quarantine of the archive to which files are added, which may hold nothing else yet."""
    where = own_folder()
    return _archive(str(where), _identity(where)).held() if (where / FILE).exists() else []


def facets(names: tuple[str, ...] = ("year", "speaker", "organisation", "place", "genre")) -> dict[str, list[Any]]:
    """Distinct values by field, most frequent first."""
    where = folder()
    return _facets(str(where), _identity(where), archive().generation, names)


def summaries() -> list[SpeechSummary]:
    where = folder()
    return _summaries(str(where), _identity(where), archive().generation)


def answer(request: Request) -> Answer:
    """The answer to a request, computed once for each state of the archive."""
    where = folder()
    return _answer(str(where), _identity(where), archive().generation, request.question, request.filters, request.expand)


@st.cache_resource(show_spinner=False)
def encoder(name: str | None) -> Encoder:
    """An encoder by name, loaded once for all browsers."""
    return chosen_encoder(name)


def warm_up() -> None:
    """Loads what the first question needs while its asker still types, in the background; once for each archive."""
    if exists():
        _warm(str(folder()), _identity(folder()))


@st.cache_resource(show_spinner=False, max_entries=8)
def _warm(where: str, identity: tuple[int, int]) -> None:
    def load() -> None:
        try:
            _opened(where, identity).retriever.prepare()
        except YanjuError as error:
            log.warning("%s", error)
        # Streamlit collects garbage after every run of a page. What is loaded now stays: it need not be looked through.
        gc.freeze()

    threading.Thread(target=load, name="yanju-warm-up", daemon=True).start()


def keep(*keys: str) -> None:
    """Lets what these widgets hold outlive a visit to another page, after which Streamlit forgets it. Comes before them."""
    kept: dict[str, Any] = st.session_state.setdefault(f"kept-{folder()}", {})
    for key in keys:
        if key in st.session_state:
            kept[key] = st.session_state[key]
        elif key in kept:
            st.session_state[key] = kept[key]


def remember(request: Request) -> None:
    """Puts a request at the head of this session's history."""
    past: list[Request] = st.session_state.setdefault("history", [])
    if not past or past[0] != request:
        st.session_state["history"] = [request, *(other for other in past if other != request)][:HISTORY]


def history() -> list[Request]:
    found: list[Request] = st.session_state.get("history", [])
    return found


def _identity(where: Path) -> tuple[int, int]:
    """Tells an archive from another one put in its place."""
    try:
        found = (where / FILE).stat()
    except OSError:
        return (0, 0)
    return (found.st_dev, found.st_ino)


def _holds_files(where: Path) -> bool:
    return (where / FILE).exists() and _archive(str(where), _identity(where)).count("sources") > 0


@st.cache_resource(show_spinner=False, max_entries=8)
def _archive(where: str, identity: tuple[int, int]) -> Archive:
    return Archive(Path(where))


def _opened(where: str, identity: tuple[int, int]) -> Session:
    return _session(where, identity, _archive(where, identity).encoder_fingerprint)


@st.cache_resource(show_spinner=False, max_entries=4)
def _session(where: str, identity: tuple[int, int], encoder_fingerprint: str | None) -> Session:
    """One session for each archive and encoder. It follows what is ingested, and keeps what stays valid."""
    name = _archive(where, identity).meta("encoder_source") or None
    return Session.open(Path(where), encoder(name))


@st.cache_resource(show_spinner=False, max_entries=8)
def _facets(where: str, identity: tuple[int, int], generation: int, names: tuple[str, ...]) -> dict[str, list[Any]]:
    return {name: _archive(where, identity).facet(name) for name in names}


@st.cache_resource(show_spinner=False, max_entries=4)
def _summaries(where: str, identity: tuple[int, int], generation: int) -> list[SpeechSummary]:
    return _archive(where, identity).summaries()


@st.cache_resource(show_spinner=False, max_entries=256)
def _answer(where: str, identity: tuple[int, int], generation: int, question: str, filters: Filters, expand: bool) -> Answer:
    return session().answerer.ask(question, filters, expand)
