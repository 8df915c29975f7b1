"""The quotations that this browser has collected.

They are kept in the browser's own storage (localStorage), one entry each, and nowhere on the server: nobody sees another
one's basket, and two tabs that add at the same time write two entries. A session works on a copy; what it changes is sent
to the browser as single steps, and what other tabs change comes back as the whole list.
"""

from __future__ import annotations

import hashlib
import time
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from rag.i18n import gettext as _
from rag.ui import components, signing, state

MOST = 200
MOST_READ = 5 * MOST  # what several tabs have added together is shown even where it is more
LONGEST_NOTE = 2000
LONGEST_ID = 200
STEP = 1e-3
STEPS_KEPT = 20 * MOST
Item = dict[str, Any]  # speech, start, end, note, rank (position: the smaller the further up)
Key = tuple[str, int, int]


def items() -> list[Item]:
    found: list[Item] = st.session_state.setdefault("basket", [])
    return found


def count() -> int:
    return len(items())


def kept() -> frozenset[Key]:
    return frozenset(map(key_of, items()))


def key_of(item: Mapping[str, Any]) -> Key:
    return (str(item["speech"]), int(item["start"]), int(item["end"]))


def toggle(spot: Mapping[str, Any]) -> None:
    """Puts a quotation into the basket, or takes it out again."""
    key = key_of(spot)
    if key in kept():
        replace([one for one in items() if key_of(one) != key])
        st.toast(_("已从素材篮移出"))
    elif count() >= MOST:
        st.toast(_("素材篮最多放 {n} 条，请先移出一些。").format(n=MOST))
    else:
        new = {"speech": key[0], "start": key[1], "end": key[2], "note": "", "rank": time.time()}
        replace([*items(), new])
        st.toast(_("已收入素材篮"))


def replace(new: Sequence[Item]) -> None:
    """Makes these the basket, in this order, and has the browser store what differs."""
    ordered = ranked(new)
    steps: list[dict[str, Any]] = st.session_state.setdefault("basket_steps", [])
    steps += changes(items(), ordered)
    del steps[:-STEPS_KEPT]
    st.session_state["basket_seq"] = st.session_state.get("basket_seq", 0) + 1
    for step in steps:
        step.setdefault("seq", st.session_state["basket_seq"])
    st.session_state["basket"] = ordered


def ranked(new: Sequence[Item]) -> list[Item]:
    """The items with the ranks they have among them dealt out anew in their order; all ranks differ."""
    ranks: list[float] = []
    for rank in sorted(float(one["rank"]) for one in new):
        ranks.append(max(rank, ranks[-1] + STEP) if ranks else rank)
    return [{**one, "rank": rank} for one, rank in zip(new, ranks, strict=True)]


def changes(old: Sequence[Item], new: Sequence[Item]) -> list[dict[str, Any]]:
    """The steps from one basket to another: {"put": item} and {"drop": key}."""
    before, after = ({key_of(one): one for one in many} for many in (old, new))
    dropped = [{"drop": list(key)} for key in before if key not in after]
    return dropped + [{"put": one} for key, one in after.items() if before.get(key) != one]


def synchronise() -> None:
    """Lets the browser store what this session has changed, and tell what else it holds. Comes once in every run."""
    data = {
        "scope": _scope(),
        "session": st.session_state.setdefault("basket_session", uuid.uuid4().hex),
        "seq": st.session_state.get("basket_seq", 0),
        "steps": st.session_state.get("basket_steps", []),
        "items": items(),
    }
    components.mount("store", "store", data, "found", callback=_take_over)


def storable() -> bool:
    """Whether the browser can keep the basket; it may have been told not to store anything."""
    return not st.session_state.get("basket_lost")


def _scope() -> str:
    """Names the basket: one for each archive, and for each person where people sign in."""
    return hashlib.sha256(f"{state.folder().resolve()}\n{signing.person()}".encode()).hexdigest()[:16]


def _take_over() -> None:
    """What the browser holds becomes the basket, unless it spoke before it had heard of the last change."""
    told = components.event_of("store", "found")
    if not isinstance(told, dict) or told.get("session") != st.session_state.get("basket_session"):
        return
    st.session_state["basket_lost"] = bool(told.get("lost"))
    given = told.get("items")
    if told.get("lost") or not isinstance(given, list) or told.get("seq") != st.session_state.get("basket_seq", 0):
        return
    found = [one for one in map(_item, given[:MOST_READ]) if one]
    st.session_state["basket"] = sorted(found, key=lambda one: (one["rank"], key_of(one)))


def _item(given: Any) -> Item | None:
    """An item as the browser gives it, None when it is none: its storage is open to whoever sits there."""
    match given:
        case {"speech": str(speech), "start": int(start), "end": int(end), "note": str(note), "rank": int() | float() as rank}:
            if len(speech) <= LONGEST_ID and 0 <= start < end and rank == rank and abs(rank) < 1e15:
                return {"speech": speech, "start": start, "end": end, "note": note[:LONGEST_NOTE], "rank": float(rank)}
    return None
