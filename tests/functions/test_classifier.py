"""The classifier: its arithmetic, its files, and what the shipped one says of sentences that it never saw."""

from __future__ import annotations

import json
import math
import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from safetensors.numpy import load_file, save_file

from rag.errors import ClassifierError
from rag.functions.classifier import CONFIG, SHIPPED, WEIGHTS, FunctionClassifier, shipped_classifier
from rag.functions.labels import LABELS, SentenceFunction, SentenceInContext
from rag.functions.ngrams import END, SIZES, START, fold, key
from rag.functions.patterns import NAMES, patterns

GRAMS = ("好", "要抓", "感谢大家", f"{START}我", f"。{END}")
SENTENCES = st.lists(st.text(st.sampled_from("我要抓好感谢大家。，"), max_size=20).map(SentenceInContext), max_size=7)


def small() -> FunctionClassifier:
    """Five n-grams with weights that a seeded generator gave."""
    generator = np.random.default_rng(3)
    return FunctionClassifier(
        np.array(sorted(key(gram) for gram in GRAMS), dtype=np.uint64),
        generator.normal(size=(len(GRAMS), len(LABELS))),
        generator.normal(size=(len(NAMES), len(LABELS))).astype(np.float32),
        generator.normal(size=len(LABELS)).astype(np.float32),
        "small",
    )


def by_the_formula(model: FunctionClassifier, sentence: SentenceInContext) -> list[float]:
    """softmax(bias + patterns · P + Σ W[n-gram] / √n), one n-gram after the other."""
    grams, weights, pattern_weights, bias = model.parts
    rows = {int(gram): row for gram, row in zip(grams, weights, strict=True)}
    whole = f"{START}{fold(sentence.text)}{END}"
    met = [key(whole[at : at + n]) for n in SIZES for at in range(len(whole) - n + 1)]
    known = [rows[gram] for gram in met if gram in rows]
    logits = [
        float(bias[label])
        + sum(number * float(row[label]) for number, row in zip(patterns(sentence), pattern_weights, strict=True))
        + sum(float(row[label]) for row in known) / math.sqrt(max(1, len(known)))
        for label in range(len(LABELS))
    ]
    powers = [math.exp(logit - max(logits)) for logit in logits]
    return [power / sum(powers) for power in powers]


@given(SENTENCES)
def test_probabilities_follow_the_formula(sentences: list[SentenceInContext]) -> None:
    model = small()
    found = model.probabilities(sentences)
    assert found.shape == (len(sentences), len(LABELS))
    for row, sentence in zip(found, sentences, strict=True):
        assert row.tolist() == pytest.approx(by_the_formula(model, sentence), abs=1e-5)


def test_the_likeliest_is_given_with_its_probability_over_several_batches() -> None:
    sentences = [SentenceInContext("我要抓好" * (n % 5)) for n in range(1100)]
    found = small().classify(sentences)
    chances = small().probabilities(sentences[:5])
    assert found[:5] == [SentenceFunction(LABELS[row.argmax()], round(float(row.max()), 3)) for row in chances]
    assert found == found[:5] * 220
    assert small().classify([]) == []


@pytest.mark.parametrize("wrong", ["unsorted", "twice", "empty", "weights", "patterns", "bias"])
def test_parts_that_do_not_fit_are_refused(wrong: str) -> None:
    grams, weights, pattern_weights, bias = small().parts
    if wrong in ("unsorted", "twice", "empty"):
        grams = {"unsorted": grams[::-1], "twice": grams[[0, 0, 2, 3, 4]], "empty": grams[:0]}[wrong]
        weights = weights[: len(grams)]
    parts = {"weights": weights, "patterns": pattern_weights, "bias": bias}
    if wrong in parts:
        parts[wrong] = parts[wrong][1:]
    with pytest.raises(ClassifierError, match=r"不相配.*请重新获取程序文件夹"):
        FunctionClassifier(grams, parts["weights"], parts["patterns"], parts["bias"], "wrong")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the shipped classifier."""
    return Path(shutil.copytree(SHIPPED, tmp_path / "model"))


def test_loading_gives_what_is_stored(folder: Path) -> None:
    stored, model = load_file(folder / WEIGHTS), FunctionClassifier.load(folder)
    for name, part in zip(("grams", "weights", "patterns", "bias"), model.parts, strict=True):
        np.testing.assert_array_equal(part, stored[name].astype(part.dtype))
    assert model.fingerprint == shipped_classifier().fingerprint


def test_the_fingerprint_follows_the_weights(folder: Path) -> None:
    before = FunctionClassifier.load(folder).fingerprint
    stored = load_file(folder / WEIGHTS)
    stored["bias"][0] += 1
    save_file(stored, folder / WEIGHTS)
    after = FunctionClassifier.load(folder).fingerprint
    assert len(after) == len(before) == 12
    assert after != before


@pytest.mark.parametrize("name", [WEIGHTS, CONFIG])
@pytest.mark.parametrize("state", ["missing", "empty", "cut", "garbage"])
def test_a_file_that_is_missing_or_damaged_is_a_typed_error(folder: Path, name: str, state: str) -> None:
    path = folder / name
    whole = path.read_bytes()
    path.unlink()
    if state != "missing":
        path.write_bytes({"empty": b"", "cut": whole[: len(whole) // 2], "garbage": b"\xff\x00" * 500}[state])
    with pytest.raises(ClassifierError, match=r"不完整.*请重新获取程序文件夹") as caught:
        FunctionClassifier.load(folder)
    assert str(folder) in str(caught.value)


def test_weights_that_lack_a_part_are_a_typed_error(folder: Path) -> None:
    stored = load_file(folder / WEIGHTS)
    del stored["bias"]
    save_file(stored, folder / WEIGHTS)
    with pytest.raises(ClassifierError, match="不完整"):
        FunctionClassifier.load(folder)


@pytest.mark.parametrize("part", ["labels", "patterns"])
def test_a_classifier_of_another_version_is_refused(folder: Path, part: str) -> None:
    config = json.loads((folder / CONFIG).read_text(encoding="utf-8"))
    config[part] = config[part][::-1]
    (folder / CONFIG).write_text(json.dumps(config), encoding="utf-8")
    with pytest.raises(ClassifierError, match="版本不符"):
        FunctionClassifier.load(folder)


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("我来县里时间不长，情况还没有摸透，下面简单谈几点粗浅的看法，不当之处请大家批评指正。", "开场谦辞"),
        ("借此机会，我代表县委向奋战在防汛一线的同志们表示衷心的感谢和亲切的慰问！", "感谢祝贺"),
        ("去年全县完成固定资产投资126亿元，增长11.3%，增速位居全市第二。", "成绩数据"),
        ("办公室是上情下达的枢纽，这项工作关系到全局的运转，重要性不言而喻。", "形势意义"),
        ("但也要看到，有的单位报送信息迟缓，少数同志责任心不强，敷衍了事。", "存在问题"),
        ("各乡镇务必在本月底前全面完成排查，不得留下任何死角。", "部署要求"),
        ("我们推行了“一窗受理”，材料由专人代办，每周三集中会商一次。", "具体举措"),
        ("制度好比篱笆，扎得再密，门没关上照样跑羊。", "比喻警句"),
        ("《论语》里讲：“其身正，不令而行；其身不正，虽令不从。”", "引经据典"),
        ("哪里任务最重，哪里就有党员；哪里困难最多，哪里就有干部；哪里群众最急，哪里就有服务。", "排比"),
        ("下面，我就如何做好下一步的工作，讲三个方面的问题。", "过渡"),
        ("同志们，让我们携起手来，以更加昂扬的斗志，为建设美好家园而努力奋斗！", "号召结尾"),
    ],
)
def test_the_shipped_classifier_knows_the_twelve_functions(text: str, label: str) -> None:
    (found,) = shipped_classifier().classify([SentenceInContext(text)])
    assert found.label == label
    assert found.confidence > 1 / len(LABELS)


@pytest.mark.parametrize("text", ["", " \n", "，。！", "x" * 5000, "😀", "\x00", "\ud800"])
def test_odd_sentences_get_a_function_too(text: str) -> None:
    (found,) = shipped_classifier().classify([SentenceInContext(text)])
    assert found.label in LABELS
    assert 0 <= found.confidence <= 1
