import numpy as np
import pytest

from training.errors import TrainingError
from training.evaluate import Figures, bootstrap, cut_chunks, development_figures, score_texts
from training.written import Written

AXES = "甲乙丙丁"


def encode(texts: list[str]) -> np.ndarray:
    """One axis a character; unit length."""
    counts = np.array([[text.count(axis) for axis in AXES] for text in texts], dtype=np.float32)
    return counts / np.maximum(np.linalg.norm(counts, axis=1, keepdims=True), 1e-9)


def test_a_text_is_scored_by_itself_and_its_best_sentence() -> None:
    # 甲 against 甲甲甲甲甲。乙乙乙乙乙。: the whole is at 45°, the first sentence at 0°
    scores = score_texts(encode, ["甲"], ["甲甲甲甲甲。乙乙乙乙乙。", "乙"])
    assert scores[0].tolist() == pytest.approx([1 + 0.5 ** 0.5, 0.0])


def test_chunks_follow_paragraphs_and_lose_nothing_but_white_space() -> None:
    text = "甲 乙\n\n" + "丙" * 6 + "。" + "丁" * 6 + "。\n尾"
    assert cut_chunks(text, 8) == ["甲乙", "丙" * 6 + "。", "丁" * 6 + "。", "尾"]


def test_development_figures_by_rank() -> None:
    held = [Written("甲甲", ("甲", "乙"), "t")]
    # 甲 finds its passage first; for 乙 the other text stands before it: ranks 1 and 2
    assert development_figures(encode, held, ["乙乙"]) == {"mrr@10": 0.75, "hit@1": 0.5, "hit@10": 1.0, "english mrr@10": 0.0}


def test_bootstrap_of_a_sure_gain() -> None:
    first = Figures({"a": {"m": 0.0}, "b": {"m": 0.5}}, {"a": "x", "b": "y"})
    second = Figures({"a": {"m": 0.2}, "b": {"m": 0.6}}, {"a": "x", "b": "y"})
    result = bootstrap(first, second, "m", draws=500)
    assert result["gain"] == pytest.approx(0.15)
    assert (result["low"], result["high"]) == pytest.approx((0.1, 0.2))
    assert result["p"] == 0.0
    with pytest.raises(TrainingError, match="2 and 0"):
        bootstrap(first, Figures({}, {}), "m")
