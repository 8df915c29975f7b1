"""The quotations collected in this session, and putting one in or taking it out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from rag.i18n import gettext as _

MOST = 200
Item = dict[str, Any]  # speech, start, end, note


def items() -> list[Item]:
    found: list[Item] = st.session_state.setdefault("basket", [])
    return found


def count() -> int:
    return len(items())


def kept() -> frozenset[tuple[str, int, int]]:
    return frozenset((one["speech"], one["start"], one["end"]) for one in items())


def toggle(spot: Mapping[str, Any]) -> None:
    """Puts a quotation into the basket, or takes it out again."""
    key = (str(spot["speech"]), int(spot["start"]), int(spot["end"]))
    if key in kept():
        st.session_state["basket"] = [i for i in items() if (i["speech"], i["start"], i["end"]) != key]
        st.toast(_("已从素材篮移出"))
    elif count() >= MOST:
        st.toast(_("素材篮最多放 {n} 条，请先移出一些。").format(n=MOST))
    else:
        items().append({"speech": key[0], "start": key[1], "end": key[2], "note": ""})
        st.toast(_("已收入素材篮"))
