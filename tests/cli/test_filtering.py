"""Years as people type them."""

from __future__ import annotations

import pytest

from rag.cli.filtering import parse_years
from rag.errors import UsageError


@pytest.mark.parametrize(
    ("typed", "years"),
    [
        (None, None), ("", None), ("2019", (2019, 2019)), (" 2019 ", (2019, 2019)), ("2018-2020", (2018, 2020)),
        ("2018 - 2020", (2018, 2020)), ("2018–2020", (2018, 2020)), ("2018—2020", (2018, 2020)),
        ("2018~2020", (2018, 2020)), ("2018～2020", (2018, 2020)), ("2018至2020", (2018, 2020)),
        ("2018-", (2018, 9999)), ("-2020", (0, 2020)), ("2020-2020", (2020, 2020)),
    ],
)  # fmt: skip
def test_years(typed: str | None, years: tuple[int, int] | None) -> None:
    assert parse_years(typed) == years


@pytest.mark.parametrize("typed", ["-", "去年", "19", "20190", "2018-19", "2018-2020-2022", "2018.5", "２０１９a"])
def test_what_is_no_year_is_refused_with_the_way_to_write_it(typed: str) -> None:
    with pytest.raises(UsageError, match="年份应写成 2019 或 2018-2020") as caught:
        parse_years(typed)
    assert typed in str(caught.value)


def test_a_range_the_wrong_way_round_is_refused() -> None:
    with pytest.raises(UsageError, match="颠倒了：2020-2018"):
        parse_years("2020-2018")
