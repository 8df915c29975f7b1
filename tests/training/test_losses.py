import math

import pytest
import torch

from training.losses import best_sentence, duplicate_mask, info_nce, matryoshka

FREE = torch.zeros(2, 2, dtype=torch.bool)


def test_info_nce_by_hand() -> None:
    queries = torch.tensor([[1.0, 0.0], [0.0, 2.0]])
    positives = torch.tensor([[3.0, 0.0], [0.0, 1.0]])
    # cosines are 1 on the diagonal and 0 off it; at temperature 0.5 each row loses ln(1 + e^-2)
    row = math.log(1 + math.exp(-2))
    assert info_nce(queries, positives, FREE, 0.5, backward=0.0).item() == pytest.approx(row)
    assert info_nce(queries, positives, FREE, 0.5, backward=0.5).item() == pytest.approx(1.5 * row)


def test_a_blocked_duplicate_costs_nothing() -> None:
    same = torch.ones(2, 2)
    assert info_nce(same, same, FREE, 1.0, backward=0.0).item() == pytest.approx(math.log(2))
    blocked = duplicate_mask(torch.tensor([4, 4]), torch.tensor([0, 1]))
    assert blocked.tolist() == [[False, True], [True, False]]
    assert info_nce(same, same, blocked, 1.0, backward=0.0).item() == pytest.approx(0.0)


def test_more_negatives_enlarge_the_sum() -> None:
    queries = positives = torch.eye(2)
    negatives = torch.tensor([[1.0, 0.0]])
    # query 0 sees cosines 1, 0 and 1: ln((2e + 1) / e); query 1 sees 0, 1 and 0: ln((e + 2) / e)
    expected = (math.log((2 * math.e + 1) / math.e) + math.log((math.e + 2) / math.e)) / 2
    assert info_nce(queries, positives, FREE, 1.0, 0.0, negatives).item() == pytest.approx(expected)
    shut = torch.tensor([[True], [False]])
    expected = (math.log((math.e + 1) / math.e) + math.log((math.e + 2) / math.e)) / 2
    assert info_nce(queries, positives, FREE, 1.0, 0.0, negatives, shut).item() == pytest.approx(expected)


def test_matryoshka_adds_the_prefix_at_its_weight() -> None:
    queries = torch.tensor([[1.0, 1.0, 0.0], [1.0, -1.0, 0.0]])
    # three numbers: cosines 1 and 0, ln(1 + e^-1); first number alone: all cosines 1, ln 2
    expected = math.log(1 + math.exp(-1)) + 0.3 * math.log(2)
    assert matryoshka(queries, queries, FREE, 1.0, (3, 1), 0.3, backward=0.0).item() == pytest.approx(expected)


def test_best_sentence_is_the_nearest_of_the_own_text_and_not_too_short() -> None:
    queries = torch.tensor([[1.0, 0.0], [0.0, 1.0]])
    sentences = torch.tensor([[0.0, 1.0], [1.0, 0.1], [1.0, 0.0], [1.0, 1.0], [5.0, 0.0]])
    owners, lengths = torch.tensor([0, 0, 0, 1, 1]), torch.tensor([9, 9, 2, 9, 9])
    assert best_sentence(queries, sentences, owners, lengths).tolist() == [sentences[1].tolist(), [1.0, 1.0]]
