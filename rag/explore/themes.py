"""Themes: groups of passages that speak of the same thing, named in words that stand in them.

Passage vectors are grouped by k-means. A group's terms are those that by themselves would find it best: the harmonic
mean of how many of its passages and speeches hold the term and of how few others do (F1), weighed by how special the
term is to the archive. A group that no terms find is no theme (greetings, transitions, anecdotes); its passages stay
outside, and their number is told.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rag.archive.reader import Archive
from rag.encoder.base import Vectors
from rag.explore.corpus import SAMPLE, Corpus
from rag.explore.terms import Term, without_parts

MOST = 60
TERMS = 8
NAMED = 2  # terms in a label
MIN_WEIGHT = 0.33  # of a theme's first term
MIN_COVERED = 0.5  # of a theme's passages, by any of its terms
SEED = 20_240_101


@dataclass(frozen=True)
class ThemePassage:
    """A passage of a theme, ``speech.text[start:end]``; ``nearness`` is its cosine to the theme's centre."""

    passage_id: int
    speech_id: str
    start: int
    end: int
    nearness: float


@dataclass(frozen=True)
class Theme:
    """A theme. ``passages`` come nearest first; ``years`` and ``units`` count its speeches, None the unknown ones."""

    label: str
    terms: tuple[str, ...]
    passages: tuple[ThemePassage, ...]
    speeches: int
    years: tuple[tuple[int | None, int], ...]
    units: tuple[tuple[str | None, int], ...]

    def representative(self, limit: int) -> tuple[ThemePassage, ...]:
        """The nearest passages, of every speech one before of any two."""
        firsts: dict[str, ThemePassage] = {}
        for one in self.passages:
            firsts.setdefault(one.speech_id, one)
        rest = [one for one in self.passages if firsts[one.speech_id] is not one]
        return (*firsts.values(), *rest)[:limit]


@dataclass(frozen=True)
class Themes:
    """The themes of an archive, largest first. ``outside`` counts the passages that belong to none."""

    themes: tuple[Theme, ...]
    key_terms: tuple[str, ...]
    outside: int
    passages: int
    generation: int

    def named(self, label: str) -> Theme | None:
        """The theme of this label; else, since labels change with the archive, the one that shares most of its terms."""
        wanted = set(label.split(SEPARATOR))
        best = max(self.themes, key=lambda one: (one.label == label, len(wanted & set(one.terms))), default=None)
        return best if best and (best.label == label or wanted & set(best.terms)) else None


SEPARATOR = " · "


def find_themes(archive: Archive) -> Themes:
    """The themes of the archive as it is now; the same archive always gives the same ones."""
    corpus, generation = Corpus.read(archive), archive.generation
    groups = _groups(corpus.vectors)
    members = [np.flatnonzero(groups == n) for n in range(int(groups.max(initial=-1)) + 1)]
    themes: list[Theme] = []
    taken: set[str] = set()
    for rows in sorted(members, key=lambda rows: (-len(rows), rows[:1].tolist())):
        terms = _terms(corpus, rows)
        if terms and (label := _label(terms, taken)):
            taken.add(label)
            themes.append(_theme(corpus, rows, label, terms))
    inside = sum(len(theme.passages) for theme in themes)
    key_terms = tuple("".join(term) for term in corpus.terms.key_terms(24))
    return Themes(tuple(themes), key_terms, len(corpus.spans) - inside, len(corpus.spans), generation)


def number_of_groups(passages: int) -> int:
    """The square root of the number of passages, at most `MOST`: 3 for a single speech, 26 for a hundred."""
    return min(MOST, round(math.sqrt(passages)), passages)


def _groups(vectors: Vectors) -> np.ndarray:
    """The group of each row, shape (n,). Centres come from evenly spaced rows where there are many."""
    from sklearn.cluster import KMeans

    step = max(1, -(-len(vectors) // SAMPLE))
    # Double precision: sums come out the same whatever the order in which threads add them up.
    sample = vectors[::step].astype(np.float64)
    count = min(number_of_groups(len(vectors)), len(np.unique(sample, axis=0)))
    if count == 0:
        return np.zeros(0, dtype=np.int64)
    centres = KMeans(count, random_state=SEED, n_init=2).fit(sample).cluster_centers_
    distance = (centres**2).sum(axis=1)
    return np.concatenate(
        [
            np.argmin(distance - 2 * vectors[at : at + SAMPLE] @ centres.T, axis=1)
            for at in range(0, len(vectors), SAMPLE)
        ]
    )


def _terms(corpus: Corpus, rows: np.ndarray) -> list[Term]:
    """The terms of a group, best first; empty where it has no topic of its own."""
    inside: list[int] = np.flatnonzero(np.isin(corpus.sampled, rows)).tolist()
    table, owners = corpus.terms, [corpus.spans[corpus.sampled[n]][1] for n in inside]
    occurs: Counter[Term] = Counter(term for n in inside for term in corpus.found[n] if term in table.counts)
    said: dict[int, set[Term]] = {}
    for n, owner in zip(inside, owners, strict=True):
        said.setdefault(owner, set()).update(corpus.found[n])
    speakers: Counter[Term] = Counter(term for terms in said.values() for term in terms)
    least = 2 if len(inside) > 3 else 1
    weight: dict[Term, float] = {}
    for term, count in occurs.items():
        if count >= least and speakers[term] >= min(2, len(said)):
            recall = math.sqrt(count / len(inside) * speakers[term] / len(said))  # what one speech repeats is its own
            precision = count / table.counts[term].passages
            weight[term] = 2 * precision * recall / (precision + recall) * math.sqrt(table.keyness[term])
    terms = without_parts(weight, TERMS)
    covered = sum(any(term in corpus.found[n] for term in terms) for n in inside)
    return terms if terms and weight[terms[0]] >= MIN_WEIGHT and covered >= MIN_COVERED * len(inside) else []


def _label(terms: Sequence[Term], taken: set[str]) -> str:
    """The first terms; where another theme has them already, with the next one put for the last."""
    names = ["".join(term) for term in terms]
    for last in range(min(NAMED, len(names)) - 1, len(names)):
        label = SEPARATOR.join(dict.fromkeys([*names[: NAMED - 1], names[last]]))
        if label not in taken:
            return label
    return ""


def _theme(corpus: Corpus, rows: np.ndarray, label: str, terms: Sequence[Term]) -> Theme:
    centre = corpus.vectors[rows].mean(axis=0)
    centre /= np.linalg.norm(centre) or 1.0
    near = corpus.vectors[rows] @ centre
    order = sorted(range(len(rows)), key=lambda n: (-float(near[n]), int(rows[n])))
    passages = []
    for n in order:
        passage, speech, start, end = corpus.spans[rows[n]]
        passages.append(ThemePassage(passage, corpus.speeches[speech].speech_id, start, end, round(float(near[n]), 4)))
    own = [corpus.speeches[row] for row in {corpus.spans[n][1] for n in rows.tolist()}]
    years = Counter(one.year for one in own)
    units = Counter(one.organisation for one in own)
    return Theme(
        label,
        tuple("".join(term) for term in terms),
        tuple(passages),
        len(own),
        tuple(sorted(years.items(), key=lambda item: (item[0] is None, item[0] or 0))),
        tuple(sorted(units.items(), key=lambda item: (item[0] is None, -item[1], item[0] or ""))),
    )
