import numpy as np
import pytest

from training.english import english_pairs, is_english, start_english
from training.pairs import Pair
from training.vocabulary import SPECIAL, build_tokenizer

ROWS = [*SPECIAL, "文", "会", "documents", "meetings", "kernel"]


def test_english_is_told_by_its_letters() -> None:
    assert is_english("How many meetings were cut?")
    assert not is_english("GDP 增长目标是多少")
    pairs = [Pair("fewer meetings", "会", "a"), Pair("少开会", "会", "a")]
    assert english_pairs({"own": pairs, "other": pairs}, ["own"]) == pairs[:1]


def test_a_word_starts_at_the_texts_it_goes_with() -> None:
    table = np.zeros((len(ROWS), 2), dtype=np.float32)
    table[ROWS.index("文")], table[ROWS.index("会")], table[ROWS.index("kernel")] = (1, 0), (0, 1), (5, 5)
    pairs = [Pair("documents", "文", "a"), Pair("meetings", "会", "b")]
    started = start_english(ROWS, table, pairs, build_tokenizer(ROWS), weight=0.5)
    # the texts are (1, 0) and (0, 1), their mean (.5, .5); less it, unit: (1, -1) / √2; each word is half of all: 0.5 / 1
    half = 0.5 * 0.5 ** 0.5
    assert started[ROWS.index("documents")].tolist() == pytest.approx([half, -half])
    assert started[ROWS.index("meetings")].tolist() == pytest.approx([-half, half])
    assert started[ROWS.index("kernel")].tolist() == [5, 5]
