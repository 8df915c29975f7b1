"""What a page shows, as the query parameters of its address, and back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from rag.functions.labels import LABELS
from rag.i18n import DEFAULT, current
from rag.types import Filters

MAX_VALUES = 20
MAX_LENGTH = 2000
_MANY = {"speaker": "speaker", "org": "organisation", "place": "place", "genre": "genre", "in": "speech_ids", "function": "function"}


class Params(Protocol):
    """What is read of Streamlit's query parameters."""

    def get_all(self, key: str) -> list[str]: ...


@dataclass(frozen=True)
class Request:
    """A question with everything that limits it: the same address gives the same request.

    ``expand`` allows words near to those that the archive does not know, ``compose`` asks for a model's text besides.
    """

    question: str = ""
    filters: Filters = field(default_factory=Filters)
    search_only: bool = False
    expand: bool = True
    compose: bool = False

    def params(self) -> dict[str, str | list[str]]:
        """Query parameters; what is not set is left out."""
        out: dict[str, str | list[str]] = {"q": self.question} if self.question else {}
        if self.filters.years:
            first, last = self.filters.years
            out |= {"from": str(first)} if first > 0 else {}
            out |= {"to": str(last)} if last < 9999 else {}
        for key, name in _MANY.items():
            if values := getattr(self.filters, name):
                out[key] = list(values)
        if self.filters.contains:
            out["contains"] = self.filters.contains
        out |= {"mode": "search"} if self.search_only else {}
        out |= {} if self.expand else {"expand": "0"}
        return out | ({"compose": "1"} if self.compose else {})


@dataclass(frozen=True)
class Spot:
    """A place in a speech to open, and the request it was found with."""

    speech_id: str
    start: int | None = None
    end: int | None = None
    request: Request = field(default_factory=Request)

    def params(self) -> dict[str, str | list[str]]:
        out: dict[str, str | list[str]] = {"speech": self.speech_id}
        if self.start is not None and self.end is not None:
            out |= {"start": str(self.start), "end": str(self.end)}
        return out | self.request.params()


def read_request(params: Params) -> Request:
    """The request that an address asks for. Whatever makes no sense in it is passed over."""
    first, last = _year(_one(params, "from")), _year(_one(params, "to"))
    years = (first or 0, last or 9999) if first or last else None
    if years and years[0] > years[1]:
        years = (years[1], years[0])
    many = {name: _many(params, key) for key, name in _MANY.items()}
    many["function"] = tuple(label for label in many["function"] if label in LABELS)
    filters = Filters(years=years, contains=_one(params, "contains"), **many)
    return Request(
        _one(params, "q").strip(),
        filters,
        search_only=_one(params, "mode") == "search",
        expand=_one(params, "expand") != "0",
        compose=_one(params, "compose") == "1",
    )


def read_spot(params: Params) -> Spot | None:
    """The place that an address asks for, None without a speech."""
    speech_id = _one(params, "speech")
    if not speech_id:
        return None
    start, end = _one(params, "start"), _one(params, "end")
    given = start.isdecimal() and end.isdecimal() and len(start) < 10 and len(end) < 10 and int(start) < int(end)
    return Spot(speech_id, int(start) if given else None, int(end) if given else None, read_request(params))


def address(page: str, params: Mapping[str, str | Iterable[str]]) -> str:
    """A relative link to a page of the application, in the language of the present one."""
    from urllib.parse import urlencode

    return f"{page}?{urlencode({key: _listed(value) for key, value in spoken(params).items()}, doseq=True)}"


def spoken(params: Mapping[str, str | Iterable[str]]) -> dict[str, str | Iterable[str]]:
    """Query parameters with the language, where it is not the usual one."""
    return dict(params) | ({"lang": current()} if current() != DEFAULT else {})


def _listed(value: str | Iterable[str]) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


def _one(params: Params, key: str) -> str:
    values = params.get_all(key)
    return values[-1][:MAX_LENGTH] if values else ""


def _many(params: Params, key: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value[:MAX_LENGTH] for value in params.get_all(key)[:MAX_VALUES] if value.strip()))


def _year(value: str) -> int | None:
    return int(value) if value.isdecimal() and len(value) == 4 else None
