"""雷同与沿用: the list of speeches that share passages, and two of them side by side."""

from __future__ import annotations

from typing import Any

import streamlit as st

from rag.archive.reader import Archive
from rag.i18n import current
from rag.i18n import gettext as _
from rag.types import Place
from rag.ui import components, pages, state
from rag.ui.links import Spot, address
from rag.ui.siding import side
from rag.ui.tracing import located
from rag.write.reuse import LISTED, SpeechPair, all_pairs, pairs_of
from rag.write.texts import Places

View = dict[str, Any]
AT_ONCE = 600  # speeches: all pairs of more take so long that they are compared on demand
PAGE = 40
SHOWN = 160


def show() -> None:
    first, second = st.query_params.get("a"), st.query_params.get("b")
    if first and second:
        _both(first, second)
        return
    st.caption(_("哪些讲话有相同的段落，各占多少；可左右对照。"))
    titles = {one.speech_id: f"{one.title}（{one.file}）" for one in state.summaries()}
    state.keep("reuse_speech", "reuse_shortest")
    st.session_state.setdefault("reuse_shortest", LISTED)
    gone = st.session_state.get("reuse_speech") not in (None, *titles)
    if st.session_state.get("reuse_asked") != first or gone:
        st.session_state["reuse_asked"], st.session_state["reuse_speech"] = first, first if first in titles else None
    left, right = st.columns([3, 1])
    chosen = left.selectbox(
        _("哪一篇"), list(titles), index=None, format_func=titles.__getitem__, placeholder=_("全部讲话两两比较"), key="reuse_speech"
    )  # fmt: skip
    shortest = right.selectbox(_("最短字数"), [20, LISTED, 60, 100, 200], key="reuse_shortest")
    key = str(state.folder()), state.archive().meta("state")
    if chosen:
        _listed(_of_one(*key, chosen, shortest, state.archive()))
    elif len(titles) <= AT_ONCE or st.button(_("比较全部 {n} 篇").format(n=len(titles)), type="primary"):
        with st.spinner(_("正在比较")):
            found = _of_all(*key, shortest, state.archive())
        _listed(found)


@st.cache_resource(show_spinner=False, max_entries=2)
def _of_all(folder: str, archive_state: str | None, shortest: int, _archive: Archive) -> list[SpeechPair]:
    return all_pairs(_archive, shortest)


@st.cache_resource(show_spinner=False, max_entries=8)
def _of_one(
    folder: str, archive_state: str | None, speech_id: str, shortest: int, _archive: Archive
) -> list[SpeechPair]:
    return pairs_of(_archive, speech_id, None, shortest)


def _listed(pairs: list[SpeechPair]) -> None:
    shown = pairs[:PAGE]
    count = _("{n} 对讲话有雷同，按雷同字数排列").format(n=len(pairs)) if pairs else _("没有这么长的雷同。")
    more = _("只列出前 {n} 对；可选一篇讲话，或提高最短字数。").format(n=PAGE) if len(pairs) > PAGE else ""
    labels = {"count": count, "more": more, "compare": _("对照阅读")}
    events = components.mount(
        "pairs", "pairs", {"lang": current(), "labels": labels, "pairs": [_pair(one) for one in shown]}, "compare"
    )
    if isinstance(to := events["compare"], dict):
        pages.go(pages.COMPARE, {"view": "reuse", "a": str(to["a"]), "b": str(to["b"])})


def _pair(pair: SpeechPair) -> View:
    longest = max(pair.runs, key=lambda run: run.chars)
    text = " ".join(pair.a.text[longest.a.start : longest.a.end].split())
    params = {"view": "reuse", "a": pair.a.speech_id, "b": pair.b.speech_id}
    return {
        "titles": [_name(one.title, one.year) for one in (pair.a, pair.b)],
        "kind": kind(pair),
        "facts": _facts(pair),
        "text": text[:SHOWN] + ("……" if len(text) > SHOWN else ""),
        "href": address("compare", params),
        "spot": {"a": pair.a.speech_id, "b": pair.b.speech_id},
    }


def _name(title: str, year: int | None) -> str:
    return f"{title}（{year or _('年份不明')}）"


def _facts(pair: SpeechPair) -> str:
    return _("{n} 处，共 {chars} 字，占前一篇 {a}%、后一篇 {b}%").format(
        n=len(pair.runs), chars=pair.chars, a=int(100 * pair.share_a), b=int(100 * pair.share_b)
    )


def kind(pair: SpeechPair) -> str:
    """What two speeches are to each other when they share most."""
    if pair.nearly_identical:
        return _("两篇几乎相同")
    return _("一篇大半在另一篇中") if pair.contained else ""


def _both(first: str, second: str) -> None:
    st.page_link(
        pages.page(pages.COMPARE), label=_("返回列表"), icon=":material/arrow_back:", query_params={"view": "reuse"}
    )
    found = pairs_of(state.archive(), first, second, LISTED)
    if not found:
        st.info(_("这两篇之间没有 {n} 字以上的雷同。").format(n=LISTED))
        return
    (pair,) = found
    places = Places(state.archive())
    runs = []
    for run in pair.runs:
        spots = [_place(places, one.speech_id, span) for one, span in ((pair.a, run.a), (pair.b, run.b))]
        fact = _("{n} 字，相似 {like}%，逐字 {same}%").format(
            n=run.chars, like=int(100 * run.similarity), same=int(100 * run.verbatim)
        )
        runs.append({"fact": fact, "sides": [located(spot, places) for spot in spots]})
    labels = {
        "open": _("在阅读页打开"),
        "left": _("前一篇"),
        "right": _("后一篇"),
        "skipped": _("略去 {n} 字").format(n="{n}"),
    }
    sides = [side(pair.a, [(run.a, [own for own, _b in run.exact]) for run in pair.runs])]
    sides.append(side(pair.b, [(run.b, [own for _a, own in run.exact]) for run in pair.runs]))
    data = {
        "lang": current(),
        "labels": labels,
        "facts": _facts(pair),
        "kind": kind(pair),
        "runs": runs,
        "sides": sides,
    }
    events = components.mount("sides", "sides", data, "open")
    if isinstance(to := events["open"], dict):
        pages.go(pages.READ, Spot(str(to["speech"]), int(to["start"]), int(to["end"])).params())


def _place(places: Places, speech_id: str, span: Any) -> Place:
    return places.place(speech_id, span)
