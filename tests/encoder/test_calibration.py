"""What is stored beside an encoder is read whole or refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag.config import MODELS, SHIPPED_MODEL
from rag.encoder.calibration import Calibration
from rag.errors import EncoderError
from rag.search.mix import Weights


def test_a_folder_without_one_has_an_empty_calibration(tmp_path: Path) -> None:
    assert Calibration.load(tmp_path) == Calibration(None, {})
    assert Weights.fitted({}) == Weights()


def test_threshold_and_mix_are_read(tmp_path: Path) -> None:
    text = (
        '{"least_nearness": 0.25, "wording_allowance": 0.05,'
        ' "mix": {"weights": {"passage": 1.5, "words": 0}, "fitted_on": "…"}}'
    )
    (tmp_path / "calibration.json").write_text(text, encoding="utf-8")
    found = Calibration.load(tmp_path)
    assert found == Calibration(0.25, {"passage": 1.5, "words": 0.0}, 0.05)
    assert Weights.fitted(found.mix) == Weights(passage=1.5, words=0.0)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"least_nearness": "x"}', '{"least_nearness": 0.2, "mix": 1}',
                                  '{"least_nearness": 0.2, "wording_allowance": null}',
                                  '{"least_nearness": 0.2, "mix": {"weights": {"passage": null}}}'])  # fmt: skip
def test_a_damaged_file_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "calibration.json").write_text(text, encoding="utf-8")
    with pytest.raises(EncoderError, match="已损坏"):
        Calibration.load(tmp_path)


def test_an_unknown_weight_is_named() -> None:
    with pytest.raises(EncoderError, match="未知的权重：luck"):
        Weights.fitted({"luck": 1.0})


def test_the_shipped_encoder_has_both() -> None:
    shipped = Calibration.load(MODELS / SHIPPED_MODEL)
    assert shipped.least_nearness is not None
    assert Weights.fitted(shipped.mix) != Weights()
