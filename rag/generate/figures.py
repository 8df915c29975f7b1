"""Whether a number has gone over to something else: «甲县30条，乙县20条» does not support «甲县20条»."""

from __future__ import annotations

from collections.abc import Sequence

from rag.generate.facts import Measure, measures_in
from rag.generate.negation import Clause


def moved(claim: Sequence[Clause], evidence: Sequence[Clause]) -> bool:
    """Whether a clause of the claim is worded like one of the evidence that gives another number of the same unit,
    more than like any that gives the claim's own."""
    figures = [(other, measures_in(other.text)) for other in evidence]
    return any(_moved(clause, measure, figures) for clause in claim for measure in measures_in(clause.text))


def _moved(claim: Clause, measure: Measure, figures: Sequence[tuple[Clause, frozenset[Measure]]]) -> bool:
    own = rival = 0
    for other, stated in figures:
        shared = len(_worded(claim) & _worded(other))
        if measure in stated:
            own = max(own, shared)
        elif any(one.unit == measure.unit and one.order == measure.order for one in stated):
            rival = max(rival, shared)
    return rival > own


def _worded(clause: Clause) -> frozenset[str]:
    """The words of a clause without its numbers."""
    return frozenset(word for word in clause.words if not measures_in(word))
