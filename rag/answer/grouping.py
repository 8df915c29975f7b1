"""The points of an answer: which quotations stand together, under which heading, in which order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rag.answer.select import Pick
from rag.archive.rows import SpeechRow
from rag.search.intent import COMPARISON, PRECEDENT


@dataclass(frozen=True)
class Quoted:
    """A verified quotation with the places of the same words elsewhere."""

    pick: Pick
    text: str
    also: tuple[Pick, ...] = ()

    @property
    def speech(self) -> SpeechRow:
        return self.pick.sentence.speech

    @property
    def heading(self) -> str:
        """The innermost heading above the quotation, else the speech's title."""
        section = self.pick.sentence.candidate.row.section
        return section[-1] if section else self.speech.title


def grouped(quoted: Sequence[Quoted], intent: str) -> list[tuple[str, list[Quoted]]]:
    """(heading, quotations) in the order in which the answer shows them.

    Precedents stand by the unit that tells them, comparisons by year (undated speeches last), anything else under the
    heading of its text, the best first.
    """
    groups: dict[tuple[int, str], list[Quoted]] = {}
    for q in quoted:
        by_speech = intent in (PRECEDENT, COMPARISON)
        groups.setdefault((q.speech.id, "" if by_speech else q.heading), []).append(q)
    ordered = [sorted(group, key=lambda q: q.pick.span) for group in groups.values()]
    if intent == COMPARISON:
        ordered.sort(key=lambda group: (group[0].speech.year is None, group[0].speech.year or 0))
    return [(_heading(group, intent), group) for group in ordered]


def _heading(group: Sequence[Quoted], intent: str) -> str:
    speech = group[0].speech
    if intent == COMPARISON:
        return f"{speech.year}年：{speech.title}" if speech.year else f"年份不明：{speech.title}"
    if intent == PRECEDENT:
        unit = speech.metadata["organisation"].value or speech.metadata["place"].value
        heading = group[0].heading
        return f"{unit}：{heading}" if unit and str(unit) not in heading else heading
    return group[0].heading
