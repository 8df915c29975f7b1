"""Principal axes: no other ones of that number keep the inner products of the vectors better."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from training.ablate import Places
from training.axes import principal_axes
from training.config import Recipe
from training.errors import TrainingError
from training.prepare import prepare
from training.train import train

VECTORS = np.random.default_rng(3).normal(size=(60, 8)).astype(np.float32) * np.linspace(2, 0.2, 8, dtype=np.float32)


def lost(axes: np.ndarray) -> float:
    kept = VECTORS @ axes
    return float(np.linalg.norm(VECTORS @ VECTORS.T - kept @ kept.T))


def test_all_axes_keep_every_inner_product() -> None:
    axes = principal_axes(VECTORS, 8)
    np.testing.assert_allclose(axes.T @ axes, np.eye(8), atol=1e-5)
    assert lost(axes) < 1e-3


def test_fewer_axes_lose_least() -> None:
    axes = principal_axes(VECTORS, 3)
    *_, right = np.linalg.svd(VECTORS.astype(np.float64))
    assert lost(axes) == pytest.approx(lost(right[:3].T), rel=1e-4)
    draw = np.random.default_rng(4)
    others = [np.linalg.qr(draw.normal(size=(8, 3)))[0] for _ in range(50)]
    assert lost(axes) < min(lost(other) for other in others)


def test_the_first_axes_do_not_depend_on_how_many_are_kept() -> None:
    np.testing.assert_array_equal(principal_axes(VECTORS, 5)[:, :2], principal_axes(VECTORS, 2))


def test_more_axes_than_numbers() -> None:
    with pytest.raises(ValueError, match="9 axes of vectors with 8 numbers"):
        principal_axes(VECTORS, 9)


@pytest.fixture
def places(corpora: Path, data: Path, tmp_path: Path) -> Places:
    return Places(corpora, data, tmp_path / "work")


def test_a_recipe_keeps_fewer_numbers_than_it_trains(recipe: Recipe, places: Places) -> None:
    prepared = prepare(recipe, places.corpora, places.data, places.work)
    whole, narrow = (train(replace(recipe, dimension=n), prepared, places.work) for n in (0, 4))
    assert (whole.table.shape[1], narrow.table.shape[1]) == (8, 4)
    texts = [pair.positive for pair in prepared.sources["written"]]
    before, after = (one.encode(texts) @ one.encode(texts).T for one in (whole, narrow))
    assert np.corrcoef(before.ravel(), after.ravel())[0, 1] > 0.9


def test_more_numbers_than_are_trained(tmp_path: Path) -> None:
    path = tmp_path / "recipe.toml"
    path.write_text("dimension = 9\n[vectors]\ndimension = 8\n[contrastive]\ndimensions = [8]\n", encoding="utf-8")
    with pytest.raises(TrainingError, match=r"must not be above vectors\.dimension: 9 > 8"):
        Recipe.load(path)
