"""The fit of the ranking mix: on parts made by hand, where the right weights are known, and end to end."""

import json
from pathlib import Path

import numpy as np
import pytest

from rag.encoder.calibration import Calibration
from rag.search.mix import Weights
from training.calibrate import store
from training.errors import TrainingError
from training.mix import LEAST_WORDS, PARTS, Fit, Observation, fit_mix, fit_weights, reciprocal_ranks


def observation(right: dict[str, float], *wrong: dict[str, float]) -> Observation:
    """The first candidate holds the answer; parts that are not named are 0."""
    rows = [[one.get(name, 0.0) for name in PARTS] for one in (right, *wrong)]
    return Observation(np.array(rows), np.array([True] + [False] * len(wrong)))


def test_a_part_that_misleads_gets_nothing_and_the_cosines_add_up_to_two() -> None:
    seen = [observation({"passage": 0.5, "sentence": 0.4}, {"passage": 0.2, "sentence": 0.3, "coverage": 0.9})] * 20
    weights = fit_weights(seen)
    assert weights.coverage == pytest.approx(0, abs=0.05)
    assert weights.passage > weights.sentence > 0
    assert weights.passage + weights.sentence == pytest.approx(2)
    assert weights.words == LEAST_WORDS


def test_what_tells_the_answer_gets_the_weight() -> None:
    seen = [observation({"passage": 0.3, "coverage": 0.8}, {"passage": 0.35, "coverage": 0.2})] * 20
    assert reciprocal_ranks(seen, Weights(coverage=0.0, best_coverage=0.0)) == [0.5] * 20
    assert reciprocal_ranks(seen, fit_weights(seen)) == [1.0] * 20


def test_the_fit_is_stored_beside_the_threshold_and_read_back(tmp_path: Path) -> None:
    (tmp_path / "calibration.json").write_text('{"least_nearness": 0.25}', encoding="utf-8")
    store({"mix": Fit(Weights(passage=1.5, sentence=0.5), 10, 0.6, 0.5).as_json()}, tmp_path)
    calibration = Calibration.load(tmp_path)
    assert calibration.least_nearness == 0.25
    assert Weights.fitted(calibration.mix) == Weights(passage=1.5, sentence=0.5)
    assert "10 written queries" in json.loads((tmp_path / "calibration.json").read_text(encoding="utf-8"))["mix"]["fitted_on"]


def test_end_to_end_on_four_passages(data: Path) -> None:
    fit = fit_mix(Path("models/yanju-static"), data, share=1.0)
    assert fit.queries == 16
    assert min(fit.mrr, fit.mrr_before) >= 0.5  # four passages in four documents are easy to tell apart
    assert fit.weights.passage + fit.weights.sentence + fit.weights.window == pytest.approx(2)


def test_nothing_held_out(data: Path) -> None:
    with pytest.raises(TrainingError, match="no theme is held out"):
        fit_mix(Path("models/yanju-static"), data, share=0.0)


def test_queries_of_a_folder_that_the_encoder_has_not_read(data: Path, tmp_path: Path) -> None:
    unseen = tmp_path / "unseen"
    unseen.mkdir()
    rows = [
        {"p": f"{thing}去年一年走了四十个村，办了一千二百件事，群众打了九十分。下一步要把班次固定下来，时间写在村口的牌子上，"
              f"让大家知道{thing}哪天来、哪天走。", "q": [f"{thing}多久来一回", f"{thing} 班次 固定"], "theme": thing}
        for thing in ("流动图书车", "电影放映队", "巡回医疗组", "法律宣讲团")
    ]  # fmt: skip
    lines = [json.dumps(row, ensure_ascii=False) + "\n" for row in rows]
    (unseen / "pairs_1.jsonl").write_text("".join(lines), encoding="utf-8")
    fit = fit_mix(Path("models/yanju-static"), data, share=0.0, unseen=unseen)
    assert fit.queries == 8
    assert "not seen" in str(fit.as_json()["fitted_on"])


def test_a_folder_without_queries(data: Path, tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match=r"has no pairs_\*\.jsonl"):
        fit_mix(Path("models/yanju-static"), data, share=0.0, unseen=tmp_path)
