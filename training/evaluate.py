"""Figures of an encoder alone: plain chunks, cosine of the passage plus cosine of its best sentence, no BM25.

The protocol of the trial, so that figures compare: chunks of 260 characters along paragraphs, no
cleaning; a question's score for a chunk is the sum of both cosines.
"""

import importlib.util
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Any

import numpy as np
from numpy.typing import NDArray

from training.corpora import read_rows, split_sentences, squash
from training.english import is_english
from training.errors import TrainingError
from training.written import Written

CHUNK = 260
KEPT = 20
Encode = Callable[[list[str]], NDArray[np.float32]]
Scorer = Callable[[dict[str, Any], list[dict[str, Any]]], dict[str, float]]


@dataclass(frozen=True)
class Figures:
    """Metrics of every answerable question, by id, and the type of each."""

    rows: dict[str, dict[str, float]]
    types: dict[str, str]

    def mean(self, metric: str, kind: str | None = None) -> float:
        """Mean over the questions (of one type)."""
        return fmean(row[metric] for name, row in self.rows.items() if kind in (None, self.types[name]))

    @property
    def kinds(self) -> list[str]:
        """Question types that occur, sorted."""
        return sorted(set(self.types.values()))


def cut_chunks(text: str, size: int = CHUNK) -> list[str]:
    """Paragraphs joined up to ``size`` characters; longer ones cut between sentences."""
    chunks: list[str] = []
    current = ""
    for paragraph in filter(None, map(squash, text.split("\n"))):
        long = len(paragraph) > size
        if long and current:
            chunks.append(current)
            current = ""
        for piece in split_sentences(paragraph) if long else [paragraph]:
            if current and len(current) + len(piece) > size:
                chunks.append(current)
                current = ""
            current += piece
        if long and current:
            chunks.append(current)
            current = ""
    return [*chunks, current] if current else chunks


def score_texts(encode: Encode, queries: list[str], texts: list[str]) -> NDArray[np.float32]:
    """[queries, texts]: cosine of the text plus the best cosine of its sentences (of 6 characters and more)."""
    sentences = [[s for s in split_sentences(text) if len(s) > 5] or [text] for text in texts]
    starts = np.concatenate([[0], np.cumsum([len(group) for group in sentences])[:-1]])
    asked = encode(queries)
    nearest = np.maximum.reduceat(asked @ encode([s for group in sentences for s in group]).T, starts, axis=1)
    return asked @ encode(texts).T + nearest


def evaluate(encode: Encode, questions: Path, sources: Path, scorer: Scorer) -> Figures:
    """Rank the chunks of every ``*.txt`` in ``sources`` for each answerable question and score the ranking."""
    files = sorted(sources.glob("*.txt"))
    if not files:
        raise TrainingError(f"no *.txt in {sources}; give the folder of the question set's source files with --sources")
    chunks = [{"file": path.name, "text": chunk}
              for path in files for chunk in cut_chunks(path.read_text(encoding="utf-8"))]
    asked = [row for row in read_rows(questions) if row["evidence"]]
    scores = score_texts(encode, [row["query"] for row in asked], [chunk["text"] for chunk in chunks])
    ranked = np.argsort(-scores, axis=1, kind="stable")[:, :KEPT]
    return Figures(
        {row["id"]: scorer(row, [chunks[i] for i in order]) for row, order in zip(asked, ranked, strict=True)},
        {row["id"]: row["type"] for row in asked})


def score_with_project(question: dict[str, Any], passages: list[dict[str, Any]]) -> dict[str, float]:
    """Metrics of one ranking by rag.evaluate."""
    from rag.evaluate.questions import Evidence, Question
    from rag.evaluate.search_metrics import Ranked, score_search

    evidence = tuple(Evidence(row["file"], row["quote"], row["grade"]) for row in question["evidence"])
    figures = score_search(
        Question(question["id"], question["query"], question["type"], evidence),
        [Ranked(passage["file"], passage["text"]) for passage in passages])
    return {"ndcg@10": figures.ndcg, "mrr@10": figures.mrr, "hit@1": figures.hit_1, "hit@5": figures.hit_5,
            "recall@10": figures.recall, "recall@2000c": figures.recall_2000c}


def load_scorer(path: Path | None) -> Scorer:
    """The project's own metrics, or ``score_question`` of a scorer file."""
    if path is None:
        return score_with_project
    spec = importlib.util.spec_from_file_location("scorer", path)
    if spec is None or spec.loader is None or not path.exists():
        raise TrainingError(f"{path} is not a Python file with score_question")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    scorer: Scorer = module.score_question
    return scorer


def development_figures(encode: Encode, held_out: Iterable[Written], others: list[str]) -> dict[str, float]:
    """MRR@10 and hit@1 over all queries of held-out passages, hidden among ``others``."""
    rows = list(held_out)
    texts = [row.passage for row in rows] + others
    queries = [query for row in rows for query in row.queries]
    own = np.repeat(np.arange(len(rows)), [len(row.queries) for row in rows])
    scores = score_texts(encode, queries, texts)
    english = np.array([is_english(query) for query in queries])
    ranks = (scores > scores[np.arange(len(queries)), own][:, None]).sum(axis=1) + 1
    return {"mrr@10": float(np.where(ranks <= 10, 1 / ranks, 0).mean()), "hit@1": float((ranks == 1).mean()),
            "hit@10": float((ranks <= 10).mean()),
            "english mrr@10": float(np.where(ranks <= 10, 1 / ranks, 0)[english].mean()) if english.any() else 0.0}


def bootstrap(first: Figures, second: Figures, metric: str, draws: int = 10_000, seed: int = 0) -> dict[str, float]:
    """Paired bootstrap of second − first: the mean gain, its 95 % interval, and the share of draws ≤ 0."""
    if first.rows.keys() != second.rows.keys():
        raise TrainingError(f"the two runs answer different questions: {len(first.rows)} and {len(second.rows)}")
    gains = np.array([second.rows[name][metric] - first.rows[name][metric] for name in first.rows])
    picked = np.random.default_rng(seed).integers(0, len(gains), (draws, len(gains)))
    means = gains[picked].mean(axis=1)
    low, high = np.quantile(means, [0.025, 0.975])
    return {"gain": float(gains.mean()), "low": float(low), "high": float(high), "p": float((means <= 0).mean())}


def model_encoder(path: Path) -> Encode:
    """Unit vectors from a sentence-transformers folder."""
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(path), device="cpu")

    def encode(texts: list[str]) -> NDArray[np.float32]:
        return np.asarray(model.encode(texts, normalize_embeddings=True, show_progress_bar=False), dtype=np.float32)

    return encode


def figures_json(figures: Figures) -> str:
    """Means of all metrics, over all questions and by type, as one JSON line."""
    metrics = list(next(iter(figures.rows.values())))
    table = {kind or "all": {m: round(figures.mean(m, kind), 4) for m in metrics} for kind in (None, *figures.kinds)}
    return json.dumps(table, ensure_ascii=False)
