"""The basket's order, and the steps by which the browser's copy follows it."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from rag.ui.collected import Item, _item, changes, key_of, ranked

ITEMS = st.lists(
    st.builds(
        lambda n, note, rank: {"speech": f"s{n}", "start": n, "end": n + 1, "note": note, "rank": rank},
        st.integers(0, 9), st.sampled_from(["", "注"]), st.integers(1, 5).map(float),
    ),
    unique_by=lambda one: one["speech"],
)  # fmt: skip


def applied(stored: list[Item], steps: list[dict[str, Any]]) -> list[Item]:
    """What the browser makes of the steps: one entry a key, read back by rank."""
    entries = {key_of(one): one for one in stored}
    for step in steps:
        if "drop" in step:
            entries.pop(tuple(step["drop"]), None)
        else:
            entries[key_of(step["put"])] = step["put"]
    return sorted(entries.values(), key=lambda one: one["rank"])


@given(ITEMS, ITEMS)
def test_the_steps_make_the_browser_s_copy_equal(old: list[Item], new: list[Item]) -> None:
    wanted = ranked(new)
    assert applied(old, changes(old, wanted)) == wanted
    assert [key_of(one) for one in wanted] == [key_of(one) for one in new]
    assert changes(wanted, wanted) == []


@given(ITEMS, ITEMS)
def test_the_steps_leave_alone_what_another_tab_has_added(old: list[Item], new: list[Item]) -> None:
    other = {"speech": "elsewhere", "start": 0, "end": 5, "note": "", "rank": 9.0}
    assert other in applied([*old, other], changes(old, ranked(new)))


def test_moving_one_item_up_writes_two_entries() -> None:
    old = [{"speech": name, "start": 0, "end": 1, "note": "", "rank": rank} for name, rank in (("a", 1.0), ("b", 2.0), ("c", 3.0))]
    steps = changes(old, ranked([old[0], old[2], old[1]]))
    assert {(step["put"]["speech"], step["put"]["rank"]) for step in steps} == {("c", 2.0), ("b", 3.0)}


def test_only_items_are_taken_from_the_browser() -> None:
    good = {"speech": "a", "start": 0, "end": 2, "note": "", "rank": 1}
    assert _item(good) == good
    wrong: list[Any] = [
        None, [], {}, good | {"speech": 5}, good | {"start": 3}, good | {"start": -1}, good | {"rank": float("nan")},
        good | {"rank": "1"}, good | {"speech": "x" * 500}, good | {"note": None},
    ]  # fmt: skip
    assert [_item(one) for one in wrong] == [None] * len(wrong)
