"""The interface's languages. Message ids are the Chinese sentences; ``use`` sets the language of the running thread."""

from __future__ import annotations

import gettext as _gettext
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path

DOMAIN = "yanju"
LOCALE = Path(__file__).resolve().parent / "locale"
LANGUAGES = {"zh_CN": "中文", "en": "English"}
DEFAULT = "zh_CN"

_current: ContextVar[str] = ContextVar("yanju_language", default=DEFAULT)


def use(language: str | None) -> str:
    """Chooses the language of this thread (the default one for an unknown name) and returns its name."""
    chosen = language if language in LANGUAGES else DEFAULT
    _current.set(chosen)
    return chosen


def current() -> str:
    return _current.get()


@lru_cache(maxsize=len(LANGUAGES))
def catalogue(language: str) -> _gettext.NullTranslations:
    """The compiled catalogue of a language; without one, messages stay Chinese."""
    return _gettext.translation(DOMAIN, str(LOCALE), languages=[language], fallback=True)


def gettext(message: str) -> str:
    """The message in this thread's language."""
    return catalogue(_current.get()).gettext(message)


def messages() -> tuple[str, ...]:
    """The message ids of all sentences."""
    known: dict[object, str] = vars(catalogue(DEFAULT)).get("_catalog", {})
    return tuple(message for message in known if isinstance(message, str) and message)
