import numpy as np
import pytest
import torch

from training.bags import PairBags
from training.config import ContrastiveConfig
from training.contrastive import TableTrainer
from training.errors import TrainingError
from training.pairs import Pair
from training.parts import Parts, characters, synonyms
from training.vocabulary import SPECIAL, build_tokenizer

ROWS = [*SPECIAL, "文", "件", "文件", "公文", "docs"]


def test_a_family_shares_one_unit_of_weight_among_its_parts() -> None:
    parts = Parts.join(characters(["文", "文件", "docs"]), synonyms(["文", "文件", "docs"], [["文件", "公文"], ["文件"]]))
    numbers, weights, counts = parts.of(np.array([1, 2, 0]))
    assert counts.tolist() == [4, 0, 1]
    assert weights.tolist() == [0.5, 0.5, 0.5, 0.5, 1.0]
    assert numbers[0] == numbers[4]
    assert parts.count == 4


def test_families_of_different_length_are_refused() -> None:
    with pytest.raises(TrainingError, match=r"\[1, 2\]"):
        Parts.join([["a"]], [["a"], ["b"]])


def test_an_unseen_word_moves_with_its_characters_and_the_fold_is_exact() -> None:
    tokenizer = build_tokenizer(ROWS)
    source = PairBags.of([Pair("文件", "docs", "a"), Pair("docs", "文件", "b")], tokenizer)
    table = np.random.default_rng(0).normal(size=(len(ROWS), 4)).astype(np.float32)
    config = ContrastiveConfig(steps=5, batch=2, dimensions=(4,), part_rate=0.1, sources={"own": 1.0})
    trainer = TableTrainer(table, {"own": source}, config, 0, parts=Parts.join(characters(ROWS)))
    trained = trainer.run()
    assert not np.allclose(trained[ROWS.index("公文")], table[ROWS.index("公文")])
    chosen = source.positives.select(np.array([1]))
    with torch.no_grad():
        assert trainer.sums(chosen)[0][0].numpy() == pytest.approx(trained[ROWS.index("文件")], abs=1e-5)
