"""The shipped encoder gives the vectors of SentenceTransformer, and says so when its folder is damaged."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from rag.config import MODELS, SHIPPED_MODEL
from rag.encoder.base import Vectors, unit
from rag.encoder.static import StaticEncoder, is_static
from rag.errors import EncoderError

FOLDER = MODELS / SHIPPED_MODEL
TEXTS = [
    "信息报送要快、要准、要实。",
    "  前后有空格，中间\n有换行　和全角空格  ",
    "What did they say about information reporting?",
    "２０２０年，完成率９８.５％；ＡＢＣ",
    "",
    " ",
    "😀𠀀",
    "抓落实" * 700,
]


@pytest.fixture(scope="module")
def encoder() -> StaticEncoder:
    return StaticEncoder.load(FOLDER)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FOLDER, tmp_path / "model"))


def test_vectors_are_those_of_sentence_transformers(encoder: StaticEncoder) -> None:
    from sentence_transformers import SentenceTransformer

    reference = SentenceTransformer(str(FOLDER), device="cpu").float()  # the weights are stored in half precision
    expected = reference.encode(TEXTS, normalize_embeddings=True, show_progress_bar=False)
    assert np.isfinite(expected).all()
    assert np.abs(expected - encoder.encode_passages(TEXTS)).max() < 1e-5
    assert np.abs(expected - encoder.encode_queries(TEXTS)).max() < 1e-5


def test_vectors_have_length_one_and_those_of_nothing_are_zero(encoder: StaticEncoder) -> None:
    lengths = np.linalg.norm(encoder.encode_passages(TEXTS), axis=1)
    nothing = [not text.strip() for text in TEXTS]
    assert lengths[~np.array(nothing)] == pytest.approx(1.0, abs=1e-5)
    assert lengths[np.array(nothing)] == pytest.approx(0.0)


def test_no_texts_give_no_rows(encoder: StaticEncoder) -> None:
    assert encoder.encode_queries([]).shape == (0, encoder.dimension)


def test_batches_do_not_matter(encoder: StaticEncoder) -> None:
    texts = [f"第{n}项工作" if n % 7 else "" for n in range(1100)]
    together = encoder.encode_passages(texts)
    assert np.abs(together[1000:1003] - encoder.encode_passages(texts[1000:1003])).max() < 1e-6
    assert together.dtype == np.float32


def test_a_mean_to_compute_in_the_head() -> None:
    """Tokens 甲 = (1, 0), 乙 = (0, 3): 甲甲乙 has the mean (2/3, 1), length √(4/9 + 1)."""
    from tokenizers import Tokenizer
    from tokenizers.models import WordLevel
    from tokenizers.pre_tokenizers import Split

    tokenizer = Tokenizer(WordLevel({"甲": 0, "乙": 1, "[UNK]": 2}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = Split("", "isolated")
    encoder = StaticEncoder(np.array([[1, 0], [0, 3], [0, 0]], dtype=np.float32), tokenizer, "tiny", "f")
    expected = np.array([2 / 3, 1]) / np.sqrt(4 / 9 + 1)
    assert encoder.encode_passages(["甲甲乙"])[0] == pytest.approx(expected)


def test_unit_leaves_zeros() -> None:
    rows: Vectors = unit(np.array([[3, 4], [0, 0]]))
    assert rows == pytest.approx(np.array([[0.6, 0.8], [0, 0]]))


def test_fingerprint_is_stable_and_changes_with_weights_and_tokenizer(encoder: StaticEncoder, copy: Path) -> None:
    assert StaticEncoder.load(copy).fingerprint == encoder.fingerprint
    weights = load_file(copy / "model.safetensors")
    key = "embedding.weight"
    changed = weights[key].copy()
    changed[100, 0] += 1
    save_file({key: changed}, copy / "model.safetensors")
    first = StaticEncoder.load(copy).fingerprint
    tokenizer = json.loads((copy / "tokenizer.json").read_text(encoding="utf-8"))
    tokenizer["version"] = "1.0"
    (copy / "tokenizer.json").write_text(json.dumps(tokenizer), encoding="utf-8")
    assert len({encoder.fingerprint, first, StaticEncoder.load(copy).fingerprint}) == 3


@pytest.mark.parametrize("name", ["model.safetensors", "tokenizer.json"])
@pytest.mark.parametrize("damage", ["missing", "empty", "cut", "garbage"])
def test_a_damaged_folder_is_one_clear_error(copy: Path, name: str, damage: str) -> None:
    path = copy / name
    whole = path.read_bytes()
    path.unlink()
    if damage != "missing":
        path.write_bytes({"empty": b"", "cut": whole[: len(whole) // 2], "garbage": b"\x00\xff" * 5000}[damage])
    with pytest.raises(EncoderError, match="请重新安装或换一个模型") as caught:
        StaticEncoder.load(copy)
    assert "\n" not in str(caught.value)


def test_a_table_of_another_name_or_size_is_refused(copy: Path) -> None:
    save_file({"other": np.zeros((3, 2), dtype=np.float32)}, copy / "model.safetensors")
    with pytest.raises(EncoderError, match=r"embedding\.weight"):
        StaticEncoder.load(copy)
    save_file({"embedding.weight": np.zeros((3, 2), dtype=np.float32)}, copy / "model.safetensors")
    with pytest.raises(EncoderError, match=r"词表与向量表不符（\d+ > 3）"):
        StaticEncoder.load(copy)
    save_file({"embedding.weight": np.zeros(3, dtype=np.float32)}, copy / "model.safetensors")
    with pytest.raises(EncoderError, match="应为二维，实为 1 维"):
        StaticEncoder.load(copy)


@pytest.mark.parametrize("modules", ["{}", "[]", "[1]", '{"a": 1}', "nonsense", '[{"type": "x.Transformer"}]'])
def test_other_folders_are_not_static(tmp_path: Path, modules: str) -> None:
    assert is_static(FOLDER)
    assert not is_static(tmp_path)
    (tmp_path / "modules.json").write_text(modules)
    assert not is_static(tmp_path)
