"""The whole pipeline on a tiny world: prepare, train, export, load, measure."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from training.__main__ import main
from training.ablate import Places, run_variant, table
from training.build import build
from training.config import Recipe
from training.errors import TrainingError
from training.evaluate import model_encoder
from training.prepare import prepare
from training.train import train


@pytest.fixture
def places(corpora: Path, data: Path, tmp_path: Path) -> Places:
    return Places(corpora, data, tmp_path / "work")


def test_a_build_is_repeatable_and_its_folder_loads(recipe: Recipe, places: Places, tmp_path: Path) -> None:
    first = build(recipe, places, tmp_path / "one")
    second = build(recipe, replace(places, work=tmp_path / "other"), tmp_path / "two")
    assert first["fingerprint"] == second["fingerprint"]
    assert build(replace(recipe, seed=8), places, tmp_path / "three")["fingerprint"] != first["fingerprint"]
    vectors = model_encoder(tmp_path / "one")(["红头文件太多了怎么办", "精简文件简报"])
    assert vectors.shape == (2, 8)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx([1, 1], abs=1e-3)
    assert "licen" in (tmp_path / "one" / "README.md").read_text(encoding="utf-8")


def test_the_exported_folder_agrees_with_the_table(recipe: Recipe, places: Places, tmp_path: Path) -> None:
    prepared = prepare(recipe, places.corpora, places.data, places.work)
    trained = train(recipe, prepared, places.work)
    build(recipe, places, tmp_path / "out")
    texts = ["压缩会议数量", "shorter meetings", "　"]
    assert model_encoder(tmp_path / "out")(texts)[:2] == pytest.approx(trained.encode(texts)[:2], abs=2e-3)


def test_training_moves_queries_to_their_passages(recipe: Recipe, places: Places) -> None:
    longer = replace(recipe, contrastive=replace(recipe.contrastive, steps=80, rate=0.02, batch=16))
    prepared = prepare(longer, places.corpora, places.data, places.work)
    pairs = prepared.sources["written"]
    own = np.arange(len(pairs))

    def margin(encode) -> float:  # type: ignore[no-untyped-def]
        scores = encode([p.query for p in pairs]) @ encode([p.positive for p in pairs]).T
        return float(scores[own, own].mean() - scores.mean())

    before = train(replace(longer, contrastive=replace(longer.contrastive, steps=0)), prepared, places.work)
    assert margin(train(longer, prepared, places.work).encode) > margin(before.encode) + 0.2


def test_every_other_run_has_the_second_settings(recipe: Recipe, places: Places) -> None:
    second = replace(recipe.contrastive, steps=3, rate=0.01)
    prepared = prepare(recipe, places.corpora, places.data, places.work)
    mixed = train(replace(recipe, seeds=2, second=second), prepared, places.work).table
    one = train(recipe, prepared, places.work).table
    other = train(replace(recipe, seed=recipe.seed + 1, contrastive=second), prepared, places.work).table
    np.testing.assert_allclose(mixed, (one + other) / 2, atol=1e-6)


def test_members_are_averaged(recipe: Recipe, places: Places) -> None:
    prepared = prepare(recipe, places.corpora, places.data, places.work)
    two = train(replace(recipe, members=2), prepared, places.work).table
    one = train(recipe, prepared, places.work).table
    assert not np.allclose(two, one)
    assert two.shape == one.shape
    other = train(replace(recipe, seed=recipe.seed + 1, members=1), prepared, places.work).table
    both = train(replace(recipe, seeds=2, members=1), prepared, places.work).table
    np.testing.assert_allclose(both, (one + other) / 2, atol=1e-6)
    side_by_side = train(replace(recipe, members=2), prepared, places.work, processes=2).table
    np.testing.assert_array_equal(side_by_side, two)


def test_a_variant_is_measured_on_held_out_themes(recipe: Recipe, places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("training.ablate.HELD_OUT", 0.7)
    row = run_variant("tiny", recipe, places, None)
    assert 0 <= float(row["dev mrr@10"]) <= 1
    assert table([row, row]).count("± 0.000") == 4


def test_a_share_without_pairs_is_an_error_that_names_the_source(recipe: Recipe, places: Places) -> None:
    shares = {"written": 1.0, "missing": 1.0}
    wrong = replace(recipe, contrastive=replace(recipe.contrastive, sources=shares))
    with pytest.raises(TrainingError, match="missing"):
        train(wrong, prepare(wrong, places.corpora, places.data, places.work), places.work)


def test_settings_that_do_not_fit_are_named(tmp_path: Path) -> None:
    path = tmp_path / "recipe.toml"
    path.write_text("[vectors]\ndimension = 8\n", encoding="utf-8")
    with pytest.raises(TrainingError, match="256 != 8"):
        Recipe.load(path)
    with pytest.raises(TrainingError, match=r"known: .*epochs"):
        Recipe.load(path, ["vectors.speed=3"])
    assert Recipe.load(path, ["contrastive.dimensions=[8]"]).vectors.dimension == 8


def test_the_command_line_turns_errors_into_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["prepare", "--corpora", str(tmp_path), "--work", str(tmp_path / "work")]) == 1
    assert "--corpora DIR" in capsys.readouterr().err


def test_evaluate_command_compares_two_folders(
    recipe: Recipe, places: Places, tmp_path: Path, capsys: pytest.CaptureFixture[str],
) -> None:
    build(recipe, places, tmp_path / "one")
    sources = tmp_path / "sources"
    sources.mkdir()
    (sources / "a.txt").write_text("精简文件简报，切实改进文风。\n严格执行值班制度。", encoding="utf-8")
    question = {"id": "T1", "type": "topic", "query": "文件太多", "evidence": [{"file": "a.txt", "quote": "精简文件", "grade": 2}]}
    (tmp_path / "q.jsonl").write_text(json.dumps(question) + "\n", encoding="utf-8")
    (tmp_path / "s.py").write_text(
        "def score_question(question, passages):\n    hit = float(question['evidence'][0]['quote'] in passages[0]['text'])\n"
        "    return {'ndcg@10': hit, 'recall@2000c': hit}\n", encoding="utf-8")
    folders = [str(tmp_path / "one")] * 2
    assert main(["evaluate", *folders, "--questions", str(tmp_path / "q.jsonl"), "--sources", str(sources),
                 "--scorer", str(tmp_path / "s.py"), "--work", str(tmp_path / "work")]) == 0
    out = capsys.readouterr().out
    assert '"ndcg@10": 1.0' in out
    assert '"gain": 0.0' in out


def test_transformer_command_trains_a_tiny_encoder(corpora: Path, data: Path, tmp_path: Path) -> None:
    settings = ["layers=1", "width=8", "heads=2", "longest=40", "pretrain_steps=1", "pretrain_batch=2", "steps=1",
                "batch=2", "vocabulary=300", "dimensions=[8]"]
    overrides = [part for setting in settings for part in ("--set", f"transformer.{setting}")]
    shares = ["--set", "contrastive.sources={written=1.0}"]
    assert main(["transformer", "--corpora", str(corpora), "--data", str(data), "--work", str(tmp_path / "work"),
                 "--out", str(tmp_path / "out"), *overrides, *shares]) == 0
    assert model_encoder(tmp_path / "out")(["文件"]).shape == (1, 8)
