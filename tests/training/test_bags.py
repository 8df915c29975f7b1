from pathlib import Path

import numpy as np

from training.bags import Bags, PairBags
from training.pairs import Pair
from training.vocabulary import SPECIAL, build_tokenizer

TOKENIZER = build_tokenizer([*SPECIAL, *"甲乙丙丁。"])


def test_selection_keeps_sentences_apart() -> None:
    bags = Bags.of(["甲乙。丙。", "", "丁丁"], TOKENIZER)
    chosen = bags.select(np.array([2, 0]))
    assert chosen.tokens.tolist() == [8, 8, 5, 6, 9, 7, 9]
    assert chosen.starts.tolist() == [0, 2, 5]
    assert chosen.owners.tolist() == [0, 1, 1]
    assert bags.select(np.array([1])).tokens.tolist() == [1]


def test_dropout_leaves_a_token_in_every_sentence() -> None:
    bags = Bags.of(["甲乙丙丁。" * 20 for _ in range(30)], TOKENIZER)
    chosen = bags.select(np.arange(30), 0.9, np.random.default_rng(0))
    assert chosen.lengths.min() == 1
    assert chosen.lengths.sum() == len(chosen.tokens) < 0.5 * 30 * 100


def test_cache_gives_back_what_was_made(tmp_path: Path) -> None:
    pairs = [Pair("甲", "乙。丙", "g"), Pair("甲", "丁", "h")]
    made, read = (PairBags.cached(pairs, TOKENIZER, tmp_path) for _ in range(2))
    assert len(list(tmp_path.iterdir())) == 1
    assert read.asked.tolist() == made.asked.tolist() == [0, 0]
    assert read.positives.tokens.tolist() == [6, 9, 7, 8]
