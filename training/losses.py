"""Contrastive losses on text vectors."""

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional

BLOCKED = -1e4


def duplicate_mask(*keys: Tensor) -> Tensor:
    """True at (i, j), i ≠ j, where pairs i and j share a value in any of the key vectors."""
    mask = torch.zeros(len(keys[0]), len(keys[0]), dtype=torch.bool)
    for key in keys:
        mask |= key[:, None] == key[None, :]
    return mask.fill_diagonal_(False)


def info_nce(
    queries: Tensor, positives: Tensor, blocked: Tensor, temperature: float, backward: float = 0.5,
    negatives: Tensor | None = None, negatives_blocked: Tensor | None = None,
) -> Tensor:
    """InfoNCE (van den Oord et al. 2018) on cosines; positive i answers query i.

    ``blocked`` [n, n] marks other positives that also answer a query. ``negatives`` [m, d] are more
    wrong answers. The reverse direction, passage to query, counts ``backward``.
    """
    queries, positives = functional.normalize(queries, dim=-1), functional.normalize(positives, dim=-1)
    scores = (queries @ positives.T / temperature).masked_fill(blocked, BLOCKED)
    target = torch.arange(len(queries))
    loss = backward * functional.cross_entropy(scores.T, target) if backward else scores.new_zeros(())
    if negatives is not None:
        more = queries @ functional.normalize(negatives, dim=-1).T / temperature
        if negatives_blocked is not None:
            more = more.masked_fill(negatives_blocked, BLOCKED)
        scores = torch.cat([scores, more], dim=1)
    return loss + functional.cross_entropy(scores, target)


def matryoshka(
    queries: Tensor, positives: Tensor, blocked: Tensor, temperature: float, dimensions: Sequence[int],
    prefix_weight: float, backward: float = 0.5,
    negatives: Tensor | None = None, negatives_blocked: Tensor | None = None,
) -> Tensor:
    """InfoNCE on the first d numbers for each d (Kusupati et al. 2022); all but the first d count ``prefix_weight``."""
    total = queries.new_zeros(())
    for number, d in enumerate(dimensions):
        loss = info_nce(
            queries[:, :d], positives[:, :d], blocked, temperature, backward,
            None if negatives is None else negatives[:, :d], negatives_blocked)
        total = total + loss * (1.0 if number == 0 else prefix_weight)
    return total


def best_sentence(queries: Tensor, sentences: Tensor, owners: Tensor, lengths: Tensor, shortest: int = 3) -> Tensor:
    """For each query the row of ``sentences`` that is nearest among those of its own text.

    Sentences below ``shortest`` tokens are taken only where a text has no other.
    """
    with torch.no_grad():
        cosine = functional.cosine_similarity(queries[owners], sentences, dim=-1) - 4.0 * (lengths < shortest)
        best = torch.full((len(queries),), -9.0).scatter_reduce(0, owners, cosine, "amax")
        rows = torch.nonzero(cosine == best[owners]).squeeze(1)
        chosen = torch.zeros(len(queries), dtype=torch.long)
        chosen[owners[rows].flip(0)] = rows.flip(0)
    return sentences[chosen]
