"""阅读: one speech with its outline, opened at the cited sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from rag.archive.rows import SpeechRow
from rag.errors import UsageError, YanjuError
from rag.i18n import current
from rag.i18n import gettext as _
from rag.search.query import MAX_QUERY
from rag.text.normalize import skeleton
from rag.text.sentences import sentences
from rag.types import Span
from rag.ui import citing, collected, components, originals, pages, reading, shell, state
from rag.ui.links import Request, Spot, address, read_spot
from rag.ui.stale import follow

SIMILAR = 5
SIMILAR_SCORE = 0.5


def page() -> None:
    if shell.no_archive():
        return
    spot = read_spot(st.query_params) or st.session_state.get("last_read")
    if spot is None:
        shell.heading(pages.READ)
        st.info(_("请先在「问答」或「浏览」里选一篇讲话。"))
        st.page_link(pages.page(pages.BROWSE), label=_("去浏览全部讲话"), icon=pages.ICONS[pages.BROWSE])
        return
    speech, spot, notice = follow(state.session(), spot)
    if speech is None:
        shell.heading(pages.READ)
        st.warning(notice)
        return
    st.session_state["last_read"] = spot
    pages.name_tab(speech.title[:40])
    if notice:
        st.warning(notice)
    shell.sample_mark(pages.READ)
    starts = citing.page_starts(speech, state.archive().source_pages(speech.source_id))
    target = _target(speech, spot)
    originals.offer(speech, citing.page_at(starts, target.start if target else 0))
    _show(speech, spot, starts, target)


def _show(speech: SpeechRow, spot: Spot, starts: Sequence[tuple[int, int]], target: Span | None) -> None:
    hits = _hits(spot.request)
    events = components.mount(
        "reader",
        "reader",
        {
            "labels": _labels(),
            "lang": current(),
            "speech": speech.speech_id,
            "title": speech.title,
            "meta": _meta(speech),
            "target": list(target) if target else None,
            "cite": _cite(speech, starts, target.start if target else 0),
            "cites": _section_cites(speech, starts),
            "outline": reading.outline(speech),
            "paragraphs": reading.paragraphs(speech, target, _words(spot.request), _near(hits, speech), starts),
            "flags": reading.flag_summary(speech),
            "twins": _twins(speech),
            "similar": _similar(speech, target),
            "steps": _steps(hits, spot),
            "back": address("", spot.request.params()) if spot.request.question else "",
            "kept": bool(target) and (speech.speech_id, *target) in collected.kept() if target else False,
        },
        "open", "collect", "back",
    )  # fmt: skip
    _act(events, speech, spot)


def _act(events: Mapping[str, Any], speech: SpeechRow, spot: Spot) -> None:
    if isinstance(to := events["open"], dict):
        start, end = to.get("start"), to.get("end")
        request = spot.request if to.get("step") else Request()
        go_to = Spot(
            str(to["speech"]), int(start) if start is not None else None, int(end) if end is not None else None, request
        )
        pages.go(pages.READ, go_to.params())
    if isinstance(one := events["collect"], dict):
        start, end = int(one["start"]), int(one["end"])
        if 0 <= start < end <= len(speech.text):
            collected.toggle({"speech": speech.speech_id, "start": start, "end": end})
            st.rerun()
    if events["back"]:
        pages.go(pages.ASK, spot.request.params())


def _target(speech: SpeechRow, spot: Spot) -> Span | None:
    if spot.start is None or spot.end is None or spot.end > len(speech.text):
        return None
    return Span(spot.start, spot.end)


def _words(request: Request) -> list[str]:
    if not request.question:
        return []
    try:
        return state.session().retriever.question_words(request.question, request.expand)
    except UsageError:
        return []


def _hits(request: Request) -> list[Spot]:
    """The places that the request leads to, in the order in which its page shows them."""
    if not request.question:
        return []
    try:
        if request.search_only:
            found = state.session().retriever.search(request.question, 20, request.filters, request.expand).hits
            return [Spot(h.place.speech_id, h.best.start, h.best.end, request) for h in found]
        answer = state.answer(request)
    except YanjuError:
        return []
    cited = [Spot(c.place.speech_id, c.place.start, c.place.end, request) for c in answer.citations]
    other = [Spot(h.place.speech_id, h.best.start, h.best.end, request) for h in (*answer.more, *answer.nearest)]
    return cited + [o for o in other if not any(_overlap(o, c) for c in cited)]


def _overlap(a: Spot, b: Spot) -> bool:
    return a.speech_id == b.speech_id and (a.start or 0) < (b.end or 0) and (b.start or 0) < (a.end or 0)


def _near(hits: Sequence[Spot], speech: SpeechRow) -> list[Span]:
    return [
        Span(h.start, h.end)
        for h in hits
        if h.speech_id == speech.speech_id and h.start is not None and h.end is not None
    ]


def _steps(hits: Sequence[Spot], spot: Spot) -> dict[str, Any] | None:
    """The hit before and the hit after, and which one this is."""
    at = next((n for n, hit in enumerate(hits) if _overlap(hit, spot)), None)
    if at is None or len(hits) < 2:
        return None

    def step(n: int) -> dict[str, Any] | None:
        if not 0 <= n < len(hits):
            return None
        hit = hits[n]
        return {"href": address("read", hit.params()), "spot": _spot(hit) | {"step": True}}

    return {
        "previous": step(at - 1),
        "next": step(at + 1),
        "at": _("第 {n} 处，共 {total} 处").format(n=at + 1, total=len(hits)),
    }


def _spot(spot: Spot) -> dict[str, Any]:
    return {"speech": spot.speech_id, "start": spot.start, "end": spot.end}


def _meta(speech: SpeechRow) -> list[str]:
    values = speech.metadata
    parts = [
        citing.speaker_text(speech), values["post"].value, values["organisation"].value,
        citing.date_text(speech) or _("年份不明"), values["genre"].value, _("{n} 字").format(n=f"{len(speech.text):,}"), speech.file,
    ]  # fmt: skip
    return [str(part) for part in parts if part]


def _section_cites(speech: SpeechRow, starts: Sequence[tuple[int, int]]) -> list[str]:
    """The line of citation of each sentence, by its number (from 1)."""
    return [""] + [_cite(speech, starts, span.start) for span in sentences(speech.text)]


def _cite(speech: SpeechRow, starts: Sequence[tuple[int, int]], offset: int) -> str:
    return citing.citation(speech, offset, citing.page_at(starts, offset), sample=state.is_sample())


def _twins(speech: SpeechRow) -> list[dict[str, Any]]:
    out = []
    for speech_id in state.archive().twins().get(speech.speech_id, []):
        other = state.archive().speech(speech_id)
        spot = Spot(speech_id)
        out.append(
            {"title": f"{other.title}（{other.file}）", "href": address("read", spot.params()), "spot": _spot(spot)}
        )
    return out


def _similar(speech: SpeechRow, target: Span | None) -> list[dict[str, Any]]:
    """Sentences of other speeches that say something like the cited one."""
    if target is None:
        return []
    quote = " ".join(speech.text[target.start : target.end].split())[: MAX_QUERY // 4]
    try:
        found = state.session().retriever.search(quote.replace("“", "").replace("”", "").replace('"', ""), 12).hits
    except UsageError:
        return []
    out = []
    for hit in found:
        if hit.place.speech_id == speech.speech_id or hit.scores.get("sentence", 0.0) < SIMILAR_SCORE:
            continue
        other = state.archive().speech(hit.place.speech_id)
        spot = Spot(hit.place.speech_id, hit.best.start, hit.best.end)
        text = other.text[hit.best.start : hit.best.end]
        same = skeleton(text) == skeleton(quote)
        out.append(
            {"title": other.title, "meta": citing.byline(other), "text": text, "same": same,
             "href": address("read", spot.params()), "spot": _spot(spot)}
        )  # fmt: skip
    return out[:SIMILAR]


def _labels() -> dict[str, str]:
    return {
        "sample": _("示例（虚构）") if state.is_sample() else "",
        "outline": _("提纲"),
        "top": _("开头"),
        "copyCite": _("复制出处"),
        "copyQuote": _("复制原句和出处"),
        "copied": _("已复制"),
        "collect": _("收入素材篮"),
        "kept": _("已在素材篮"),
        "flags": _("本篇标记："),
        "previous": _("上一处"),
        "next": _("下一处"),
        "similar": _("别处相近的说法"),
        "same": _("原句相同"),
        "twins": _("另有 {n} 篇相同：").format(n="{n}"),
        "back": _("返回问答"),
        "page": _("第{page}页").format(page="{page}"),
        "share": _("复制链接"),
        "chosen": _("选中的句子"),
        "hint": _("点任意一句，可复制或收藏。"),
    }
