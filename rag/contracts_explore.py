"""What `themes` prints as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rag.contracts import Json, place_json
from rag.explore.gather import Matrix, StatedFigure
from rag.explore.located import Located
from rag.explore.themes import Theme, Themes


def themes_json(found: Themes, passages: Sequence[Sequence[Located]]) -> Json:
    """The object that `themes` prints; ``passages`` holds those to show of each theme."""
    return {
        "themes": [
            theme_json(n, one, shown) for n, (one, shown) in enumerate(zip(found.themes, passages, strict=True), 1)
        ],
        "key_terms": list(found.key_terms),
        "passages": found.passages,
        "outside": found.outside,
        "generation": found.generation,
    }


def theme_json(number: int, theme: Theme, passages: Iterable[Located]) -> Json:
    return {
        "number": number,
        "label": theme.label,
        "terms": list(theme.terms),
        "speeches": theme.speeches,
        "count": len(theme.passages),
        "years": [{"year": year, "speeches": n} for year, n in theme.years],
        "organisations": [{"organisation": unit, "speeches": n} for unit, n in theme.units],
        "passages": [
            {**place_json(one.place), "text": one.text, "copies": [place_json(place) for place in one.copies]}
            for one in passages
        ],
    }


def figure_json(one: StatedFigure) -> Json:
    """One entry of `themes --figures`. ``start``/``end`` bound the figure, ``clause`` what it is a figure of."""
    return {
        **place_json(one.place),
        "text": one.text,
        "value": one.figure.value,
        "high": one.figure.high,
        "unit": one.figure.unit,
        "clause": {"text": one.clause, "start": one.clause_at.start, "end": one.clause_at.end},
        "organisation": one.unit_name,
        "named": one.named,
        "theme": one.theme,
        "copies": one.copies,
    }


def matrix_json(matrix: Matrix) -> Json:
    """The object that `themes --matrix` prints; cells without passages are left out, ``organisation`` null is unknown."""
    return {
        "organisations": list(matrix.units),
        "themes": list(matrix.labels),
        "cells": [
            {
                "organisation": unit,
                "theme": label,
                "count": len(found),
                "passages": [{**place_json(one.place), "text": one.text, "named": one.named} for one in found],
            }
            for (unit, label), found in matrix.cells.items()
        ],
    }
