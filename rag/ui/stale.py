"""Citations of speeches that have changed since: say so, and show the nearest match."""

from __future__ import annotations

from dataclasses import replace

from rag.archive.rows import SpeechRow
from rag.i18n import gettext as _
from rag.session import Session
from rag.types import Span
from rag.ui.links import Spot
from rag.write import following
from rag.write.following import Fate


def follow(session: Session, spot: Spot) -> tuple[SpeechRow | None, Spot, str]:
    """The speech to show for a place, the place in it, and what the reader must be told (empty when all is well)."""
    span = Span(spot.start, spot.end) if spot.start is not None and spot.end is not None else None
    found = following.follow(session.archive, spot.speech_id, span, following.nearest_of(session.retriever))
    if found.fate is not Fate.SAME and found.speech and found.span:
        spot = replace(spot, speech_id=found.speech.speech_id, start=found.span.start, end=found.span.end)
    return found.speech, spot, told(found.fate)


def told(fate: Fate) -> str:
    """What a reader must know of a saved place; empty when all is well."""
    return {
        Fate.SAME: "",
        Fate.MOVED: _("这篇讲话后来改过，下面是现在的文本中的同一句。"),
        Fate.NEAREST: _("引文所在的讲话已改动或移除，下面是档案中最接近的一处，不是原来的出处。"),
        Fate.GONE: _("这处引文所在的讲话已从档案中移除，也没有找到相近的原文。"),
        Fate.UNKNOWN: _("档案中没有这篇讲话，链接可能来自另一个档案。"),
    }[fate]
