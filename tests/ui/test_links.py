"""Addresses and requests."""

from __future__ import annotations

from urllib.parse import parse_qs

from rag.types import Filters
from rag.ui.links import Request, Spot, address, read_request, read_spot


class Given(dict[str, list[str]]):
    """Query parameters as Streamlit hands them out."""

    def get_all(self, key: str) -> list[str]:
        return self.get(key, [])


def given(link: str) -> Given:
    return Given(parse_qs(link.split("?", 1)[1]))


def test_a_request_survives_the_way_through_its_address() -> None:
    filters = Filters(
        years=(2018, 2020), speaker=("张三", "李 & 四"), organisation=("甲",), place=("乙",), genre=("讲话",),
        speech_ids=("a.b",), contains="信息#报送",
    )  # fmt: skip
    request = Request("怎么报？", filters, search_only=True)
    assert read_request(given(address("ask", request.params()))) == request


def test_open_ended_years_stay_open() -> None:
    request = Request("问", Filters(years=(2018, 9999)))
    assert request.params() == {"q": "问", "from": "2018"}
    assert read_request(given(address("", request.params()))) == request


def test_a_place_survives_the_way_through_its_address() -> None:
    spot = Spot("k.h.2", 10, 25, Request("问"))
    assert read_spot(given(address("read", spot.params()))) == spot


def test_nonsense_in_an_address_is_passed_over() -> None:
    odd = Given({"q": ["  问  "], "from": ["x"], "to": ["20200"], "speaker": ["", "甲", "甲"], "mode": ["?"]})
    assert read_request(odd) == Request("问", Filters(speaker=("甲",)))
    assert read_request(Given({"from": ["2020"], "to": ["2018"]})).filters.years == (2018, 2020)
    assert read_spot(Given({"speech": ["s"], "start": ["9"], "end": ["3"]})) == Spot("s")
    assert read_spot(Given({"speech": ["s"], "start": ["-1"], "end": ["²"]})) == Spot("s")
    assert read_spot(Given()) is None


def test_an_address_cannot_ask_for_unbounded_work() -> None:
    request = read_request(Given({"q": ["长" * 9000], "speaker": [str(n) for n in range(500)]}))
    assert (len(request.question), len(request.filters.speaker)) == (2000, 20)
