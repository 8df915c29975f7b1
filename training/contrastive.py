"""The contrastive stage: the token table learns that a user's query and the official text belong together."""

import logging
import time
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from training.bags import Bags, PairBags, Selection
from training.config import ContrastiveConfig
from training.errors import TrainingError
from training.losses import best_sentence, duplicate_mask, matryoshka
from training.parts import Parts

log = logging.getLogger(__name__)
WARM_UP = 50
MINED = ("written", "real")


@dataclass(frozen=True)
class Step:
    """One batch of one source: numbers of its pairs, and of passages that look right but are not."""

    source: str
    pairs: NDArray[np.int64]
    hard: NDArray[np.int64] | None


class TableTrainer:
    """Trains one token table; everything drawn at random comes from ``seed``."""

    def __init__(
        self, table: NDArray[np.float32], sources: dict[str, PairBags], config: ContrastiveConfig, seed: int,
        parts: Parts | None = None,
    ) -> None:
        missing = [name for name, share in config.sources.items() if share > 0 and not len(sources.get(name, ()))]
        if missing:
            raise TrainingError(f"pair sources without pairs: {', '.join(missing)}; there are: {', '.join(sources)}")
        self.config = config
        self.sources = sources
        self.draw = np.random.default_rng(seed)
        self.table = torch.nn.Parameter(torch.from_numpy(table.copy()))
        self.parts = parts
        self.shared = torch.nn.Parameter(torch.zeros(parts.count if parts else 1, table.shape[1]))
        self.lengths = np.linalg.norm(table, axis=1).astype(np.float32)
        self.optimizer = torch.optim.Adam(
            [{"params": [self.table], "peak": config.rate}, {"params": [self.shared], "peak": config.part_rate}], fused=True)
        self.hard: dict[str, NDArray[np.int64]] = {}

    def run(self) -> NDArray[np.float32]:
        """All steps; returns the trained table."""
        config, started = self.config, time.monotonic()
        names = [name for name, share in config.sources.items() if share > 0]
        shares = np.array([config.sources[name] for name in names])
        mean: dict[str, float] = {}
        averaged, counted = torch.zeros_like(self.table.data), 0
        for number in range(config.steps):
            if config.hard_negatives and number % 100 == 0 and number >= config.hard_from * config.steps:
                self.hard = {name: self.mine(name) for name in MINED if name in names}
            for group in self.optimizer.param_groups:
                group["lr"] = group["peak"] * min(1.0, (number + 1) / WARM_UP) * max(0.02, 1 - number / config.steps)
            step = self.choose(str(self.draw.choice(names, p=shares / shares.sum())))
            loss = self.loss(step)
            self.optimizer.zero_grad()
            loss.backward()
            self.optimizer.step()
            mean[step.source] = 0.9 * mean.get(step.source, loss.item()) + 0.1 * loss.item()
            if number >= config.average_from * config.steps:
                averaged, counted = averaged + self.folded(), counted + 1
            if (number + 1) % 100 == 0:
                log.info("step %d, %.0f s, loss %s", number + 1, time.monotonic() - started,
                         " ".join(f"{name} {value:.2f}" for name, value in sorted(mean.items())))
        return (averaged / counted if counted else self.folded()).numpy()

    @torch.no_grad()
    def folded(self) -> Tensor:
        """The table with what its rows share added in."""
        if not self.parts:
            return self.table.detach().clone()
        rows = torch.arange(len(self.table))
        return self.table + self.of_parts(self.parts, rows.numpy(), rows)

    def choose(self, source: str) -> Step:
        """A batch of different pairs of the source, with mined negatives where there are some."""
        count = len(self.sources[source])
        chosen = self.draw.choice(count, min(self.config.batch, count), replace=False)
        if source not in self.hard:
            return Step(source, chosen, None)
        columns = self.draw.integers(0, self.hard[source].shape[1], len(chosen))
        return Step(source, chosen, self.hard[source][chosen, columns])

    def loss(self, step: Step) -> Tensor:
        """Passage loss plus, where set, the loss on each passage's best sentence."""
        config, bags = self.config, self.sources[step.source]
        asking = bags.queries.select(step.pairs, config.query_dropout, self.draw)
        chosen = bags.positives.select(step.pairs, config.token_dropout, self.draw)
        parts = [asking, chosen]
        if step.hard is not None:
            parts.append(bags.positives.select(step.hard, config.token_dropout, self.draw))
        queries, sentences, *more = self.sums(*parts)
        passages = texts_of(sentences, chosen)
        group, asked = torch.from_numpy(bags.group[step.pairs]), torch.from_numpy(bags.asked[step.pairs])
        blocked = duplicate_mask(group, asked)
        hard = hard_blocked = None
        if step.hard is not None:
            hard = texts_of(more[0], parts[2])
            hard_blocked = group[:, None] == torch.from_numpy(bags.group[step.hard])[None, :]
        loss = matryoshka(queries, passages, blocked, config.temperature, config.dimensions, config.prefix_weight,
                          config.backward_weight, hard, hard_blocked)
        if config.sentence_weight and len(sentences) > 1.5 * len(step.pairs):
            best = best_sentence(
                queries, sentences, torch.from_numpy(chosen.owners), torch.from_numpy(chosen.lengths))
            loss = loss + config.sentence_weight * matryoshka(
                queries, best, blocked, config.temperature, config.dimensions, config.prefix_weight,
                config.backward_weight)
        return loss

    def sums(self, *parts: Selection) -> tuple[Tensor, ...]:
        """Sums of token rows by sentence, for every selection.

        One look-up for all of them, as the gradient of each is as large as the table.
        """
        before = np.cumsum([0, *(len(part.tokens) for part in parts[:-1])])
        tokens = np.concatenate([part.tokens for part in parts])
        starts = np.concatenate([part.starts + count for part, count in zip(parts, before, strict=True)])
        vectors = functional.embedding_bag(
            torch.from_numpy(tokens), self.table, torch.from_numpy(starts), mode="sum")
        if self.parts:
            vectors = vectors + self.of_parts(self.parts, tokens, torch.from_numpy(starts))
        return torch.split(vectors, [len(part.starts) for part in parts])

    def of_parts(self, parts: Parts, tokens: NDArray[np.int64], starts: Tensor) -> Tensor:
        """Sums over bags of tokens of what their parts share, in the length of each token's start row."""
        numbers, shares, counts = parts.of(tokens)
        weights = torch.from_numpy(np.repeat(self.lengths[tokens], counts) * shares)
        before = torch.from_numpy(np.concatenate([[0], np.cumsum(counts)]))
        return functional.embedding_bag(
            torch.from_numpy(numbers), self.shared, before[starts], mode="sum", per_sample_weights=weights)

    @torch.no_grad()
    def mine(self, source: str) -> NDArray[np.int64]:
        """[pairs, hard_negatives]: for each query the nearest passages of other groups, as pair numbers."""
        bags = self.sources[source]
        _, first = np.unique(bags.group, return_index=True)
        passages = self.unit(bags.positives, first)
        groups = bags.group[first]
        rows = []
        for start in range(0, len(bags), 2048):
            numbers = np.arange(start, min(start + 2048, len(bags)))
            scores = self.unit(bags.queries, numbers) @ passages.T
            scores.masked_fill_(torch.from_numpy(groups[None, :] == bags.group[numbers][:, None]), -9.0)
            rows.append(first[scores.topk(self.config.hard_negatives, dim=1).indices.numpy()])
        return np.concatenate(rows)

    def unit(self, bags: Bags, numbers: NDArray[np.int64]) -> Tensor:
        """Unit vectors of some texts, nothing dropped."""
        chosen = bags.select(numbers)
        return functional.normalize(texts_of(self.sums(chosen)[0], chosen), dim=-1)


def texts_of(sentences: Tensor, chosen: Selection) -> Tensor:
    """Sums of sentence vectors by text."""
    count = int(chosen.owners[-1]) + 1
    if count == len(sentences):
        return sentences
    return sentences.new_zeros(count, sentences.shape[1]).index_add(0, torch.from_numpy(chosen.owners), sentences)
