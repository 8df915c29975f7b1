"""The classifier of sentence functions in the making: its rows, its fitting, its files, its figures."""

import json
import math
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from rag.functions.classifier import FunctionClassifier
from rag.functions.labels import LABELS, SentenceInContext
from rag.functions.ngrams import END, START, fold, key
from rag.functions.patterns import patterns
from training.errors import TrainingError
from training.functions.data import FOLDER, HELD_OUT, Labelled, read, training_rows
from training.functions.export import save
from training.functions.fit import Recipe, TokenVectors, fit, gram_matrix, vocabulary_of
from training.functions.measure import Measured, cooled, temperature_of, unseen

TEXTS = {
    "开场谦辞": "关于{}我谈得粗浅，不当之处请批评指正。",
    "感谢祝贺": "向{}的同志们表示衷心的感谢！",
    "成绩数据": "去年{}增长百分之二十，名列全省第一。",
    "形势意义": "{}关系到全局，意义重大。",
    "存在问题": "有的单位{}不力，敷衍了事。",
    "部署要求": "各单位务必抓好{}，不得拖延。",
    "具体举措": "我们建立了{}台账，每周碰头一次。",
    "比喻警句": "{}好比一面镜子，不擦就照不见人。",
    "引经据典": "古人说：“{}不可不慎。”",
    "排比": "哪里有{}，哪里就有党员；哪里有困难，哪里就有干部；哪里有群众，哪里就有服务。",
    "过渡": "下面，我讲{}的问题。",
    "号召结尾": "让我们携起手来，为{}再创辉煌！",
}
RECIPE = Recipe(least_sentences=1)


def rows() -> list[Labelled]:
    """Eight sentences of each function, in two files."""
    subjects = ("信息", "值班", "督查", "档案", "会务", "文电", "保密", "调研")
    return [
        Labelled(SentenceInContext(text.format(subject), n == 0, n == 7), label, f"file_{n % 2}")
        for label, text in TEXTS.items()
        for n, subject in enumerate(subjects)
    ]


@pytest.fixture
def tokens(tmp_path: Path) -> TokenVectors:
    """An encoder of three tokens, one of which is no Chinese n-gram."""
    folder = tmp_path / "encoder"
    folder.mkdir()
    vocabulary = {"感谢": 0, "务必": 1, "##x": 2}
    (folder / "tokenizer.json").write_text(json.dumps({"model": {"vocab": vocabulary}}), encoding="utf-8")
    vectors = np.array([[1.0, 0.0], [0.5, -2.0], [9.0, 9.0]], dtype=np.float32)
    save_file({"embedding.weight": vectors}, folder / "model.safetensors")
    return TokenVectors(folder)


def test_only_tokens_that_are_ngrams_lend_their_vectors(tokens: TokenVectors) -> None:
    assert tokens.keys.tolist() == sorted([key("感谢"), key("务必")])
    vocabulary = vocabulary_of(rows(), tokens, RECIPE)
    at = vocabulary.grams.tolist().index(key("务必"))
    assert vocabulary.vectors[at].tolist() == [0.5, -2.0]
    assert vocabulary.own[at]
    assert np.all(vocabulary.grams[1:] > vocabulary.grams[:-1])


def test_a_row_of_the_matrix_counts_known_ngrams_over_the_root_of_their_number(tokens: TokenVectors) -> None:
    vocabulary = vocabulary_of(rows(), tokens, RECIPE)
    sentence = SentenceInContext("感谢感谢龘")
    whole, known = f"{START}{fold(sentence.text)}{END}", set(vocabulary.grams.tolist())
    met = [key(whole[a : a + n]) for n in (1, 2, 3, 4) for a in range(len(whole) - n + 1)]
    met = [gram for gram in met if gram in known]
    dense = gram_matrix([sentence], vocabulary).toarray()[0]
    for gram, value in zip(vocabulary.grams.tolist(), dense, strict=True):
        assert value == pytest.approx(met.count(gram) / math.sqrt(len(met)))


def test_the_fitted_classifier_tells_the_functions_apart_and_leans_towards_those_it_knows(tokens: TokenVectors) -> None:
    model = fit(rows(), tokens, RECIPE)
    assert [one.label for one in model.classify([row.sentence for row in rows()])] == [row.label for row in rows()]
    (new,) = model.classify([SentenceInContext("各单位务必抓好防汛，不得拖延。")])
    assert new.label == "部署要求"


def test_temperature_flattens_without_changing_the_guess(tokens: TokenVectors) -> None:
    sentences = [row.sentence for row in rows()]
    sharp, flat = (fit(rows(), tokens, RECIPE, t).probabilities(sentences) for t in (1.0, 2.0))
    assert sharp.argmax(axis=1).tolist() == flat.argmax(axis=1).tolist()
    assert (sharp.max(axis=1) > flat.max(axis=1)).all()


def test_what_is_saved_is_loaded_again(tokens: TokenVectors, tmp_path: Path) -> None:
    model = fit(rows(), tokens, RECIPE)
    fingerprint = save(model, tmp_path / "model", RECIPE, 1.25, len(rows()))
    loaded = FunctionClassifier.load(tmp_path / "model")
    assert loaded.fingerprint == fingerprint
    sentences = [row.sentence for row in rows()]
    np.testing.assert_allclose(loaded.probabilities(sentences), model.probabilities(sentences), atol=1e-6)
    config = json.loads((tmp_path / "model" / "config.json").read_text(encoding="utf-8"))
    assert (config["temperature"], config["training_sentences"], config["labels"]) == (1.25, 96, list(LABELS))
    assert config["recipe"]["least_sentences"] == 1
    assert len(config["patterns"]) == len(patterns(sentences[0]))


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("{", "line 2"),
        ('{"text": "好。"}', "'label'"),
        ('{"text": "好。", "label": "闲话"}', "no such label: 闲话"),
        ("[]", "line 2"),
    ],
)
def test_a_row_that_is_none_is_named(tmp_path: Path, line: str, says: str) -> None:
    path = tmp_path / "labelled_1.jsonl"
    path.write_text('{"text": "谢谢大家！", "label": "感谢祝贺", "last": true}\n' + line + "\n", encoding="utf-8")
    with pytest.raises(TrainingError, match=r"labelled_1\.jsonl, line 2") as caught:
        read(path)
    assert says in str(caught.value)


def test_rows_must_be_there_and_none_twice(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match=r"no labelled_\*\.jsonl"):
        training_rows(tmp_path)
    for n in (1, 2):
        (tmp_path / f"labelled_{n}.jsonl").write_text('{"text": "好。", "label": "过渡"}\n', encoding="utf-8")
    with pytest.raises(TrainingError, match="labelled twice: 好。"):
        training_rows(tmp_path)


def test_the_projects_own_rows_are_sound_and_the_held_out_ones_apart() -> None:
    training, held_out = training_rows(FOLDER), read(HELD_OUT)
    assert {row.label for row in training} == {row.label for row in held_out} == set(LABELS)
    apart = unseen(held_out, training)
    assert 0 < len(apart) <= len(held_out)
    assert not {fold(row.sentence.text) for row in apart} & {fold(row.sentence.text) for row in training}


def test_figures_on_a_toy_example() -> None:
    """Three right of four; confidences 0.9, 0.9, 0.8 and 0.6 (wrong): errors 0.1 · ½, 0.2 · ¼ and 0.6 · ¼."""
    chances = np.zeros((4, len(LABELS)))
    for row, (label, confidence) in enumerate([(0, 0.9), (1, 0.9), (2, 0.8), (3, 0.6)]):
        chances[row] = (1 - confidence) / (len(LABELS) - 1)
        chances[row, label] = confidence
    measured = Measured(np.array([0, 1, 2, 4]), chances)
    assert measured.accuracy == 0.75
    assert measured.calibration_error == pytest.approx(0.1 / 2 + 0.2 / 4 + 0.6 / 4)
    assert measured.confusions() == [(LABELS[4], LABELS[3], 1)]
    assert measured.per_label()[4][1:] == (0.0, 0.0, 0.0, 1)


def test_cooling_finds_the_temperature_that_was_put_in() -> None:
    """Guesses right as often as they say, then sharpened by 2: the divisor found is 2 again."""
    generator = np.random.default_rng(5)
    logits = generator.normal(scale=1.5, size=(4000, len(LABELS)))
    fair = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    truth = np.array([generator.choice(len(LABELS), p=row) for row in fair])
    sharp = fair**2 / (fair**2).sum(axis=1, keepdims=True)
    found = temperature_of(Measured(truth, sharp))
    assert found == pytest.approx(2, rel=0.1)
    np.testing.assert_allclose(cooled(Measured(truth, sharp), 2).chances, fair, atol=1e-9)
