"""From an extractive answer to a short text of which every sentence is checked against the quotations it cites."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from rag.encoder.base import Encoder
from rag.errors import GenerationError
from rag.generate.client import complete
from rag.generate.prompt import messages, read_reply
from rag.generate.settings import GenerationSettings
from rag.generate.support import Checker
from rag.search.alignment import WordVectors
from rag.text.words import Analyzer
from rag.types import Answer

log = logging.getLogger(__name__)

FALLBACK = "，以下只列原话。"


@dataclass(frozen=True)
class CitedSentence:
    """A checked sentence of a model; ``citations`` are numbers of the answer's citations and never empty."""

    text: str
    citations: tuple[int, ...]


@dataclass(frozen=True)
class Composition:
    """A model's text beside an answer. Without ``sentences`` the answer stands alone, and ``notice`` says why.

    ``removed`` counts the sentences that the quotations did not support.
    """

    sentences: tuple[CitedSentence, ...]
    removed: int
    notice: str
    model: str

    @property
    def text(self) -> str:
        """The sentences with their marks."""
        return "".join(s.text + "".join(f"[{n}]" for n in s.citations) for s in self.sentences)


def compose_answer(
    answer: Answer, settings: GenerationSettings, analyzer: Analyzer, encoder: Encoder | None = None
) -> Composition:
    """The answer's quotations, rephrased by the model and checked; never raises for what the model or its server does.

    A refusal stays one: without quotations nothing is called. ``encoder`` lets words count that are near those quoted.
    """
    quotes = quotations(answer)
    if not quotes:
        return Composition((), 0, "", settings.model)
    vectors = WordVectors(encoder) if encoder is not None and encoder.encodes_words else None
    try:
        reply = complete(settings, messages(answer.question, quotes))
        return check_reply(reply, Checker(quotes, analyzer, vectors), settings.model)
    except GenerationError as error:
        return Composition((), 0, f"{str(error).rstrip('。')}{FALLBACK}", settings.model)
    except Exception as error:  # whatever a model manages to write, the answer stands
        log.error("the check of a composed text failed: %s", type(error).__name__)
        return Composition((), 0, f"模型的回答无法核对{FALLBACK}", settings.model)


def quotations(answer: Answer) -> dict[int, str]:
    """The quotations of an answer by citation number; empty where it is a refusal."""
    if not answer.answered:
        return {}
    return {quote.citation: quote.text for point in answer.points for quote in point.quotes}


def check_reply(reply: str, checker: Checker, model: str) -> Composition:
    """What of a model's reply the quotations support.

    Raises:
        GenerationError: the reply is overlong or declines to answer.
    """
    kept: list[CitedSentence] = []
    removed = 0
    for claim in read_reply(reply):
        if citations := checker.supporting(claim.text, claim.citations):
            kept.append(CitedSentence(claim.text, citations))
        else:
            removed += 1
    notice = f"删去 {removed} 句没有依据的话" if removed else ""
    if not kept:
        notice = f"{notice or '模型没有写出可用的句子'}{FALLBACK}"
    return Composition(tuple(kept), removed, notice, model)
