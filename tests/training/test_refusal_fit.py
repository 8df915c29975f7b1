"""The fit of the refusal threshold: the rule on figures made by hand, and end to end."""

import json
from pathlib import Path

import pytest

from rag.encoder.calibration import Calibration
from training import refusal
from training.calibrate import store
from training.errors import TrainingError
from training.refusal import RefusalFit, best_threshold, fit_refusal

ENCODER = Path("models/yanju-static")


def test_the_threshold_between_the_two_kinds_is_found() -> None:
    assert best_threshold([True] * 3 + [False] * 2, [0.5, 0.45, 0.41, 0.395, 0.2]) == (0.4, 1.0, 1.0)


def test_of_equal_thresholds_the_lowest() -> None:
    assert best_threshold([True, False], [0.5, 0.2])[0] == 0.21


def test_too_few_answers_are_no_bargain() -> None:
    """At .36 all eight unanswerable questions would be refused, but only half of the others answered."""
    answerable, reached = [True] * 4 + [False] * 8, [0.5, 0.5, 0.3, 0.3] + [0.35] * 8
    assert best_threshold(answerable, reached) == (0.1, 1.0, 0.0)


def test_a_question_that_is_never_answered_counts() -> None:
    with pytest.raises(TrainingError, match="no threshold answers 85%"):
        best_threshold([True, True, False], [0.0, 0.5, 0.2])


def test_the_fit_is_stored_beside_the_mix_and_read_back(tmp_path: Path) -> None:
    (tmp_path / "calibration.json").write_text('{"least_nearness": 0.1, "mix": {"weights": {"passage": 1.5}}}', encoding="utf-8")
    store(RefusalFit(0.34, 0.07, 0.9, 0.6, 4000).as_json(), tmp_path)
    assert Calibration.load(tmp_path) == Calibration(0.34, {"passage": 1.5}, 0.07)
    assert "0.900 answered, 0.600 refused" in json.loads((tmp_path / "calibration.json").read_text(encoding="utf-8"))["fitted_on"]


@pytest.fixture
def asked(tmp_path: Path) -> tuple[Path, Path]:
    """Questions about one file, and the folder of that file."""
    sources = tmp_path / "speeches"
    sources.mkdir()
    (sources / "值班.txt").write_text(
        "在值班工作会议上的讲话\n严格执行值班制度，重要情况半小时内报告。节假日由领导带班，不得脱岗。", encoding="utf-8"
    )
    rows = [
        {"id": "1", "type": "topic", "query": "值班期间有重要情况怎么报告",
         "evidence": [{"file": "值班.txt", "quote": "重要情况半小时内报告", "grade": 2}], "answer_points": []},
        {"id": "2", "type": "unanswerable", "query": "海洋牧场的鱼苗从哪里买", "evidence": [], "answer_points": []},
    ]  # fmt: skip
    path = tmp_path / "questions.jsonl"
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path, sources


@pytest.fixture
def unseen(tmp_path: Path) -> Path:
    """One passage with two queries for wording and two others."""
    folder = tmp_path / "unseen"
    folder.mkdir()
    row = {"p": "办公室的同志要像绣花一样办文，一针一线都不能马虎，一个标点也要对得起盖上去的公章。", "theme": "办文",
           "q": ["形容办文细致的比喻", "说办文像做针线的句子", "办文怎么做到细致", "公文标点出错怎么管"]}  # fmt: skip
    (folder / "pairs_1.jsonl").write_text(json.dumps(row, ensure_ascii=False) + "\n", encoding="utf-8")
    return folder


def test_end_to_end(data: Path, unseen: Path, asked: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refusal, "FEWEST", 1)
    fit = fit_refusal(ENCODER, data, unseen, *asked)
    assert (fit.answered, fit.refused) == (1.0, 1.0)
    assert fit.queries == 4
    assert fit.wording_allowance >= 0


def test_too_few_written_queries(data: Path, unseen: Path, asked: tuple[Path, Path]) -> None:
    with pytest.raises(TrainingError, match="2 requests for wording and 2 other queries"):
        fit_refusal(ENCODER, data, unseen, *asked)


def test_questions_of_one_kind(
    data: Path, unseen: Path, asked: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refusal, "FEWEST", 1)
    path, sources = asked
    path.write_text(path.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    with pytest.raises(TrainingError, match="answerable and unanswerable"):
        fit_refusal(ENCODER, data, unseen, path, sources)
