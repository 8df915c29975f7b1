"""Citations of speeches that have changed since: say so, and show the nearest match."""

from __future__ import annotations

from dataclasses import replace

from rag.archive.rows import SpeechRow
from rag.errors import UsageError
from rag.i18n import gettext as _
from rag.session import Session
from rag.text.normalize import matching_copy, normalize
from rag.ui.links import Spot


def follow(session: Session, spot: Spot) -> tuple[SpeechRow | None, Spot, str]:
    """The speech to show for a place, the place in it, and what the reader must be told (empty when all is well)."""
    try:
        return session.archive.speech(spot.speech_id), spot, ""
    except UsageError:
        retired = session.archive.retired(spot.speech_id)
    if retired is None:
        return None, spot, _("档案中没有这篇讲话，链接可能来自另一个档案。")
    gone = _("这处引文所在的讲话已从档案中移除，也没有找到相近的原文。")
    quote = retired.text[spot.start : spot.end] if spot.start is not None else retired.text[:200]
    wanted = normalize(quote)
    if not wanted:
        return None, spot, gone
    for speech in session.archive.speeches():
        if speech.speech_id.startswith(f"{retired.source_key}.") and (
            found := matching_copy(speech.text).find_all(wanted)
        ):
            told = _("这篇讲话后来改过，下面是现在的文本中的同一句。")
            return speech, replace(spot, speech_id=speech.speech_id, start=found[0].start, end=found[0].end), told
    try:
        hits = session.retriever.search(quote[:400], 1).hits
    except UsageError:
        hits = ()
    if not hits:
        return None, spot, gone
    best = hits[0]
    told = _("引文所在的讲话已改动或移除，下面是档案中最接近的一处，不是原来的出处。")
    moved = replace(spot, speech_id=best.place.speech_id, start=best.best.start, end=best.best.end)
    return session.archive.speech(best.place.speech_id), moved, told
