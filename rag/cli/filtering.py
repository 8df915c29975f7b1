"""Filters as the command line gives them."""

from __future__ import annotations

import re
from argparse import Namespace

from rag.errors import UsageError
from rag.types import Filters


def filters_of(options: Namespace) -> Filters:
    """The filters that the command line gives.

    Raises:
        UsageError: the year range is none.
    """
    return Filters(
        years=parse_years(options.year),
        speaker=tuple(options.speaker),
        organisation=tuple(options.organisation),
        place=tuple(options.place),
        genre=tuple(options.genre),
        speech_ids=tuple(options.speech),
        contains=options.contains,
        function=tuple(options.function),
    )


def parse_years(value: str | None) -> tuple[int, int] | None:
    """«2019», «2018-2020», «2018-» and «-2020»."""
    if not value:
        return None
    match = re.fullmatch(r"(\d{4})?\s*(?:([-–—~～至])\s*(\d{4})?)?", value.strip())
    if not match or not (match[1] or match[3]):
        raise UsageError(f"年份应写成 2019 或 2018-2020，收到的是「{value}」。")
    first = int(match[1] or 0)
    last = int(match[3] or 9999) if match[2] else first
    if first > last:
        raise UsageError(f"年份范围颠倒了：{value}。")
    return first, last
