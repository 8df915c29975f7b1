"""The average of finished encoders: rotations undone, rows that one lacks, and two tiny builds end to end."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from training.__main__ import main
from training.ablate import Places
from training.average import average, average_encoders, read_encoder, turned
from training.build import build
from training.config import Recipe
from training.evaluate import model_encoder
from training.train import Trained

DRAW = np.random.default_rng(3)
ROWS = [f"词{n}" for n in range(30)]
TABLE = DRAW.normal(size=(30, 6)).astype(np.float32)


def rotated(part: Trained) -> Trained:
    return Trained(part.rows, (part.table @ np.linalg.qr(DRAW.normal(size=(6, 6)))[0]).astype(np.float32))


def test_a_rotation_is_undone_whatever_the_order_of_the_rows() -> None:
    order = DRAW.permutation(30)
    other = rotated(Trained([ROWS[n] for n in order], TABLE[order]))
    np.testing.assert_allclose(turned(other, Trained(ROWS, TABLE)).table, TABLE[order], atol=1e-5)


def test_rows_go_by_their_word_and_a_missing_one_is_the_average_of_the_others() -> None:
    first = Trained(["甲", "乙", "旧"], np.array([[2.0], [4.0], [9.0]], dtype=np.float32))
    second = Trained(["乙", "新", "甲"], np.array([[8.0], [5.0], [0.0]], dtype=np.float32))
    found = average([first, second])
    assert found.rows == ["乙", "新", "甲"]
    assert found.table.ravel().tolist() == [6.0, 5.0, 1.0]


@pytest.fixture
def built(recipe: Recipe, corpora: Path, data: Path, tmp_path: Path) -> list[Path]:
    """Two tiny encoders of different seeds."""
    out = [tmp_path / "one", tmp_path / "two"]
    for seed, folder in enumerate(out, 7):
        build(replace(recipe, seed=seed), Places(corpora, data, tmp_path / "work"), folder)
    return out


def test_end_to_end(built: list[Path], tmp_path: Path) -> None:
    assert main(["average", *map(str, built), "--out", str(tmp_path / "both"), "--work", str(tmp_path / "work")]) == 0
    first, both = read_encoder(built[0]).table, read_encoder(tmp_path / "both").table
    assert np.vdot(first, both) / np.linalg.norm(first) / np.linalg.norm(both) > 0.7
    assert model_encoder(tmp_path / "both")(["精简文件简报"]).shape == (1, 8)
    report = json.loads((tmp_path / "both" / "training.json").read_text(encoding="utf-8"))
    fingerprints = [json.loads((one / "training.json").read_text(encoding="utf-8"))["fingerprint"] for one in built]
    assert [one["fingerprint"] for one in report["average_of"]] == fingerprints


def test_an_encoder_with_itself_is_itself(built: list[Path], tmp_path: Path) -> None:
    average_encoders([built[0], built[0]], tmp_path / "same")
    texts = ["压缩会议数量", "shorter meetings"]
    np.testing.assert_allclose(model_encoder(tmp_path / "same")(texts), model_encoder(built[0])(texts), atol=2e-3)


@pytest.mark.parametrize(("names", "said"), [(["one"], "at least two"), (["one", "nowhere"], "nowhere is no static encoder")])
def test_what_is_no_encoder_is_named(
    built: list[Path], tmp_path: Path, names: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    folders = [str(tmp_path / name) for name in names]
    assert main(["average", *folders, "--out", str(tmp_path / "out"), "--work", str(tmp_path / "work")]) == 1
    assert said in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
