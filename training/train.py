"""From prepared material to a trained table: tokenise the pairs, train one or several members, average them."""

import logging
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from training.axes import principal_axes
from training.bags import PairBags
from training.config import ContrastiveConfig, Recipe
from training.contrastive import TableTrainer
from training.evaluate import Encode
from training.parts import Parts, characters, synonyms
from training.prepare import OWN, Prepared
from training.vocabulary import UNKNOWN, build_tokenizer

log = logging.getLogger(__name__)
MOST_PAIRS = 20_000


@dataclass(frozen=True)
class Trained:
    """A vocabulary and its trained table [rows, dimension]."""

    rows: list[str]
    table: NDArray[np.float32]

    @property
    def encode(self) -> Encode:
        """Unit vectors of texts, straight from the table."""
        tokenizer = build_tokenizer(self.rows)

        def encode(texts: list[str]) -> NDArray[np.float32]:
            out = np.zeros((len(texts), self.table.shape[1]), dtype=np.float32)
            for number, encoding in enumerate(tokenizer.encode_batch_fast(texts, add_special_tokens=False)):
                out[number] = self.table[encoding.ids or [UNKNOWN]].mean(axis=0)
            return out / np.maximum(np.linalg.norm(out, axis=1, keepdims=True), 1e-9)

        return encode


@dataclass(frozen=True)
class Stage:
    """What all members of a recipe have in common."""

    start: NDArray[np.float32]
    sources: dict[str, PairBags]
    parts: Parts | None
    threads: int

    def run(self, seed: int, config: ContrastiveConfig) -> NDArray[np.float32]:
        """The table of one member."""
        torch.set_num_threads(self.threads)
        torch.use_deterministic_algorithms(True)
        torch.utils.deterministic.fill_uninitialized_memory = False  # type: ignore[attr-defined]
        return TableTrainer(self.start, self.sources, config, seed, self.parts).run()


def train(recipe: Recipe, prepared: Prepared, work: Path, threads: int = 1, processes: int = 1) -> Trained:
    """Contrastive stage of a recipe; the tables of all runs, from one start, are averaged, then cut to ``dimension`` axes.

    So many ``processes`` train members side by side; it changes nothing in what comes out.
    """
    tokenizer = build_tokenizer(prepared.rows)
    folder = work / "bags"
    folder.mkdir(parents=True, exist_ok=True)
    wanted = {name for _, config in recipe.runs for name, share in config.sources.items() if share > 0}
    pick = np.random.default_rng(recipe.vectors_seed)
    sources = {}
    for name in sorted(prepared.sources):
        items = prepared.sources[name]
        if len(items) > MOST_PAIRS and name not in (*OWN, "own_swapped"):
            items = [items[i] for i in pick.choice(len(items), MOST_PAIRS, replace=False)]
        if name in wanted:
            sources[name] = PairBags.cached(items, tokenizer, folder)
    log.info("tokenised pairs: %s", {name: len(bags) for name, bags in sources.items()})
    start = prepared.table[:, :recipe.contrastive.dimensions[0]]
    stage = Stage(start, sources, _parts(recipe, prepared), threads)
    total = np.zeros_like(start, dtype=np.float64)
    for table in _members(stage, recipe.runs, processes):
        total += table
    whole = Trained(prepared.rows, (total / len(recipe.runs)).astype(np.float32))
    return _narrowed(whole, prepared, recipe.dimension) if recipe.dimension else whole


def _members(stage: Stage, runs: list[tuple[int, ContrastiveConfig]], processes: int) -> Iterator[NDArray[np.float32]]:
    """The tables of the runs, in their order."""
    if min(processes, len(runs)) < 2:
        yield from (stage.run(*one) for one in runs)
        return
    with ProcessPoolExecutor(processes, get_context("spawn"), _begin, (stage,)) as pool:
        yield from pool.map(_member, runs)


_stage: Stage | None = None  # of a process that trains members


def _begin(stage: Stage) -> None:
    global _stage
    _stage = stage
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(process)d %(message)s", stream=sys.stderr)


def _member(run: tuple[int, ContrastiveConfig]) -> NDArray[np.float32]:
    assert _stage is not None
    return _stage.run(*run)


def _narrowed(trained: Trained, prepared: Prepared, dimension: int) -> Trained:
    """On the principal axes of the written queries and passages, each as often as a pair has it."""
    written = prepared.sources["written"]
    texts = [pair.query for pair in written] + [pair.positive for pair in written]
    return Trained(trained.rows, trained.table @ principal_axes(trained.encode(texts), dimension))


def _parts(recipe: Recipe, prepared: Prepared) -> Parts | None:
    config = recipe.contrastive
    if not config.part_rate:
        return None
    families = [characters(prepared.rows)]
    if config.part_synonyms:
        families.append(synonyms(prepared.rows, prepared.synonyms))
    return Parts.join(*families)
