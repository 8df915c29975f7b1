from pathlib import Path

import numpy as np
import pytest

from tests.training.conftest import THEMES
from training.config import TransformerConfig
from training.errors import TrainingError
from training.evaluate import model_encoder
from training.pairs import Pair
from training.transformer import IGNORED, MASK, mask_tokens, train_transformer
from training.vocabulary import SPECIAL

TINY = TransformerConfig(layers=1, width=8, heads=2, longest=40, pretrain_steps=2, pretrain_batch=4, steps=2, batch=4,
                         dimensions=(8, 4))
PAIRS = [Pair(query, passage, theme) for theme, (passage, queries) in THEMES.items() for query in queries]
ROWS = [*SPECIAL, *sorted({c for pair in PAIRS for c in pair.query + pair.positive})]


def test_both_stages_run_and_the_folder_loads(tmp_path: Path) -> None:
    passages = [pair.positive for pair in PAIRS]
    folders = [train_transformer(ROWS, passages, {"written": PAIRS}, {"written": 1.0}, TINY, tmp_path / name, seed=1)
               for name in ("one", "two")]
    first, second = (model_encoder(folder)(["天天开会", "少发文件的说法"]) for folder in folders)
    assert first.shape == (2, 8)
    assert np.isfinite(first).all()
    assert first == pytest.approx(second)
    assert (tmp_path / "one" / "modules.json").exists()


def test_masking_leaves_special_tokens_and_labels_only_what_it_chose() -> None:
    tokens = np.array([[0, 1, 9, 9, 9, 9, 9, 9]] * 200)
    inputs, labels = mask_tokens(tokens, 20, 0.5, np.random.default_rng(0))
    chosen = labels.numpy() != IGNORED
    assert not chosen[:, :2].any()
    assert 0.45 < chosen[:, 2:].mean() < 0.55
    assert 0.75 < (inputs.numpy()[chosen] == MASK).mean() < 0.85
    assert (inputs.numpy()[~chosen] == tokens[~chosen]).all()


def test_shapes_that_do_not_fit_are_named() -> None:
    with pytest.raises(TrainingError, match="10 % 3"):
        TransformerConfig(width=10, heads=3, dimensions=(10,))
    with pytest.raises(TrainingError, match="384 != 8"):
        TransformerConfig(width=8, heads=2)
