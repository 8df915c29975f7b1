"""Weights of the ranking mix, fitted on written queries that the encoder has not seen.

Its cosines would look better on queries it was trained on than they are on a user's questions. So the fit asks the
queries of a folder that the recipe does not read (``--unseen``); or it takes an encoder built with ``--set
holdout=0.12`` and asks those of the themes held out, and the weights then serve the encoder built from everything.

The queries are asked of an archive of all written passages, put together to documents by theme. The loss is the
listwise softmax: minus the log of the share of ``exp(score)`` that falls on the passages holding the answer (Cao et
al., ICML 2007, with one relevant item). Weights are not negative; their scale is then set so that the weights of
all parts with a cosine add up to 2, as by hand before. The queries were written to share few words with their
passages, so they tell less of words than users' questions do: BM25 keeps at least `LEAST_WORDS`. Character pairs are not among the parts: fitted along, they gained nothing
and cost a second full-text query.
"""

import hashlib
import logging
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.encoder.load import load_encoder
from rag.evaluate.search_metrics import covers
from rag.pipeline.run import Ingester
from rag.search.mix import Weights, saturated
from rag.search.query import parse_query
from rag.session import Session
from rag.types import Filters
from training.errors import TrainingError
from training.written import Written, is_held_out, load_written

LONGEST_DOCUMENT = 12
PARTS = ("passage", "sentence", "words", "coverage", "best_coverage", "mean_coverage", "window")
COSINES = ("passage", "sentence", "window")
OF_WINDOWS = ("mean_coverage", "window")
LEAST_WORDS = 0.1
SATURATIONS = (4.0, 8.0, 12.0, 20.0, 30.0)
RIDGE = 1e-3
Matrix = NDArray[np.float64]
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Observation:
    """One query: the parts of its candidates, [candidates, PARTS], and which of them hold the answer."""

    parts: Matrix
    relevant: NDArray[np.bool_]


@dataclass(frozen=True)
class Fit:
    """Fitted weights, with the mean reciprocal rank of queries left out of the fit, for them and for the old ones."""

    weights: Weights
    queries: int
    mrr: float
    mrr_before: float

    def as_json(self) -> dict[str, Any]:
        """What is stored beside the encoder."""
        about = (
            f"{self.queries} written queries that the encoder has not seen; five-fold MRR {self.mrr:.3f}, "
            f"with the weights set by hand {self.mrr_before:.3f}; python -m training mix"
        )
        return {"weights": {name: round(value, 3) for name, value in asdict(self.weights).items()}, "fitted_on": about}


def fit_mix(encoder: Path, data: Path, share: float, unseen: Path | None = None) -> Fit:
    """Fits the mix on the queries of ``unseen``, where it is given, else on those of the themes that ``share`` holds out.

    Raises:
        TrainingError: there are no such queries.
    """
    rows = load_written(data)
    if unseen:
        asked = load_written(unseen)
        rows = rows + asked
    else:
        asked = [row for row in rows if is_held_out(row, share)]
    if not asked:
        where = f"{unseen} has no pairs_*.jsonl" if unseen else f"no theme is held out at share {share}"
        raise TrainingError(f"{where}; give the share of the encoder's build, or a folder that it has not read")
    with tempfile.TemporaryDirectory() as folder:
        session = archive_of(rows, Path(folder), encoder)
        seen = [(row.theme, one) for row in asked for one in _observe(session, row)]
    if not seen:
        raise TrainingError("no query has its passage among the candidates; give longer passages, or more of them")
    log.info("%d of %d queries have their passage among the candidates", len(seen), 4 * len(asked))
    folds = [int(hashlib.sha1(theme.encode()).hexdigest()[-2:], 16) % 5 for theme, _ in seen]
    every = [one for _, one in seen]
    ranks: list[float] = []
    for fold in range(5):
        inside = [one for one, of in zip(every, folds, strict=True) if of != fold]
        ranks += reciprocal_ranks(
            [one for one, of in zip(every, folds, strict=True) if of == fold], fit_weights(inside)
        )
    return Fit(
        fit_weights(every), len(every), float(np.mean(ranks)), float(np.mean(reciprocal_ranks(every, Weights())))
    )


def archive_of(rows: Sequence[Written], folder: Path, encoder: Path) -> Session:
    """An archive of written passages, put together to documents by theme, below an empty folder."""
    sources = folder / "sources"
    sources.mkdir()
    for n, (theme, passages) in enumerate(_documents(rows)):
        (sources / f"{n:04}.txt").write_text("\n".join([f"在{theme}工作会议上的讲话", *passages]), encoding="utf-8")
    loaded = load_encoder(str(encoder))
    report = Ingester.open(folder / "archive", loaded).ingest_paths([sources])
    if report.failed:
        raise TrainingError(f"{report.failed} documents of the fit were not ingested")
    return Session.open(folder / "archive", loaded)


def _documents(rows: Sequence[Written]) -> Iterator[tuple[str, list[str]]]:
    by_theme: dict[str, list[str]] = {}
    for row in rows:
        by_theme.setdefault(row.theme.split("/")[0], []).append(row.passage)
    for theme in sorted(by_theme):
        passages = by_theme[theme]
        for at in range(0, len(passages), LONGEST_DOCUMENT):
            yield theme, passages[at : at + LONGEST_DOCUMENT]


def _observe(session: Session, row: Written) -> Iterator[Observation]:
    retriever = session.retriever
    for text in row.queries:
        found = retriever.rank(parse_query(text), Filters())
        relevant = np.array([covers(retriever.text(candidate.row), row.passage) for candidate in found])
        if relevant.any():
            parts = np.array([[candidate.parts[name] for name in PARTS] for candidate in found])
            yield Observation(parts, relevant)


def fit_weights(seen: Sequence[Observation]) -> Weights:
    """The mean of the weights fitted with the parts `OF_WINDOWS` and of those fitted without them.

    A written query has one answer, a user's question often several; windows are best at finding the one.
    """
    fits = [asdict(_fit(seen, parts)) for parts in (PARTS, [name for name in PARTS if name not in OF_WINDOWS])]
    return Weights(**{name: (fits[0][name] + fits[1][name]) / 2 for name in fits[0]})


def _fit(seen: Sequence[Observation], parts: Sequence[str]) -> Weights:
    """Weights of least loss over all saturations of BM25 that are tried; 0 for what is not among ``parts``."""
    none = dict.fromkeys(PARTS, 0.0)
    best: tuple[float, Weights] | None = None
    for half in SATURATIONS:
        loss, values = _minimise([_features(one, half, parts) for one in seen], [one.relevant for one in seen])
        fitted = {**none, **dict(zip(parts, values.tolist(), strict=True))}
        scale = 2.0 / max(sum(fitted[name] for name in COSINES), 1e-9)
        scaled = {name: value * scale for name, value in fitted.items()}
        scaled["words"] = max(scaled["words"], LEAST_WORDS)
        weights = replace(Weights(), saturation=half, **scaled)
        if best is None or loss < best[0]:
            best = loss, weights
    assert best is not None
    return best[1]


def _minimise(features: Sequence[Matrix], relevant: Sequence[NDArray[np.bool_]]) -> tuple[float, NDArray[np.float64]]:
    from scipy.optimize import minimize

    rows = np.concatenate(features)
    starts = np.cumsum([0, *(len(one) for one in features[:-1])])
    owner = np.repeat(np.arange(len(features)), [len(one) for one in features])
    good = np.concatenate(relevant)

    def loss(values: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        scores = rows @ values
        scores -= np.maximum.reduceat(scores, starts)[owner]
        mass = np.exp(scores)
        whole, held = np.add.reduceat(mass, starts), np.add.reduceat(mass * good, starts)
        slope = (mass / whole[owner] - mass * good / held[owner]) @ rows / len(features)
        return float(np.mean(np.log(whole / held)) + RIDGE * values @ values), slope + 2 * RIDGE * values

    found = minimize(loss, np.full(rows.shape[1], 5.0), jac=True, method="L-BFGS-B", bounds=[(0.0, None)] * rows.shape[1])
    return float(found.fun), found.x


def _features(one: Observation, half: float, parts: Sequence[str] = PARTS) -> Matrix:
    out = one.parts.copy()
    at = PARTS.index("words")
    out[:, at] = saturated(out[:, at], half)
    return out[:, [PARTS.index(name) for name in parts]]


def reciprocal_ranks(seen: Sequence[Observation], weights: Weights) -> list[float]:
    """1 / rank of the first relevant candidate of each query."""
    values = np.array([getattr(weights, name) for name in PARTS])
    out = []
    for one in seen:
        scores = _features(one, weights.saturation) @ values
        out.append(1.0 / (1 + int((scores > scores[one.relevant].max()).sum())))
    return out
