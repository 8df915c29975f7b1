"""Any sentence-transformers model: the prompts its family expects, fingerprints, and errors that name the way out."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from rag.encoder.hub import HubEncoder, Prompts, family_prompts
from rag.encoder.load import load_encoder
from rag.errors import EncoderError

BGE = "为这个句子生成表示以用于检索相关文章："
ModelMaker = Callable[..., Path]


def plain(folder: Path, text: str) -> np.ndarray:
    """The vector of a text as it stands, by sentence-transformers alone."""
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(folder), device="cpu")
    return np.asarray(model.encode([text], prompt="", normalize_embeddings=True, show_progress_bar=False)[0])


@pytest.mark.parametrize(
    ("name", "query", "passage"),
    [("bge-small-zh-v1.5", BGE, ""), ("gte-base-zh", "", ""), ("multilingual-e5-small", "query: ", "passage: ")],
)
def test_families_get_their_prompts(make_model: ModelMaker, name: str, query: str, passage: str) -> None:
    folder = make_model(name)
    encoder = HubEncoder.load(str(folder))
    assert encoder.encode_queries(["信息报送"])[0] == pytest.approx(plain(folder, query + "信息报送"), abs=1e-5)
    assert encoder.encode_passages(["信息报送"])[0] == pytest.approx(plain(folder, passage + "信息报送"), abs=1e-5)
    different = np.abs(encoder.encode_queries(["信息报送"]) - encoder.encode_passages(["信息报送"])).max() > 1e-3
    assert different == (query != passage)


def test_the_models_own_prompts_win(make_model: ModelMaker) -> None:
    folder = make_model("bge-own", prompts={"query": "abc:", "document": "xyz:"})
    encoder = HubEncoder.load(str(folder))
    assert encoder.encode_queries(["会议"])[0] == pytest.approx(plain(folder, "abc:会议"), abs=1e-5)
    assert encoder.encode_passages(["会议"])[0] == pytest.approx(plain(folder, "xyz:会议"), abs=1e-5)


@pytest.mark.parametrize(
    ("name", "prompts"),
    [
        ("BAAI/bge-small-zh-v1.5", Prompts(query=BGE)),
        ("BAAI/bge-m3", Prompts()),
        ("intfloat/multilingual-e5-small", Prompts("query: ", "passage: ")),
        ("C:\\models\\BGE-large-zh\\", Prompts(query=BGE)),
        ("thenlper/gte-large-zh", Prompts()),
        ("shibing624/text2vec-base-chinese", Prompts()),
    ],
)
def test_prompts_by_name(name: str, prompts: Prompts) -> None:
    assert family_prompts(name) == prompts


def test_fingerprint_is_that_of_the_content_not_of_the_folder(make_model: ModelMaker) -> None:
    same = [HubEncoder.load(str(make_model("gte-a"))), HubEncoder.load(str(make_model("gte-b")))]
    assert same[0].fingerprint == same[1].fingerprint
    others = [
        make_model("gte-a", seed=1),
        make_model("gte-a", pooling="cls"),
        make_model("gte-a", prompts={"query": "a:"}),
        make_model("e5-a"),
    ]
    assert len({same[0].fingerprint, *(HubEncoder.load(str(other)).fingerprint for other in others)}) == 5


def test_fingerprint_changes_with_the_vocabulary(make_model: ModelMaker) -> None:
    folder = make_model("gte-vocabulary")
    before = HubEncoder.load(str(folder)).fingerprint
    path = folder / "tokenizer.json"
    tokenizer = json.loads(path.read_text(encoding="utf-8"))
    vocabulary = tokenizer["model"]["vocab"]
    vocabulary["信"], vocabulary["息"] = vocabulary["息"], vocabulary["信"]
    path.write_text(json.dumps(tokenizer, ensure_ascii=False), encoding="utf-8")
    assert HubEncoder.load(str(folder)).fingerprint != before


def test_weights_in_half_precision_can_be_used(make_model: ModelMaker) -> None:
    from sentence_transformers import SentenceTransformer

    folder = make_model("gte-full")
    SentenceTransformer(str(folder), device="cpu").bfloat16().save(str(folder.parent / "gte-half"))
    encoder = HubEncoder.load(str(folder.parent / "gte-half"))
    vectors = encoder.encode_passages(["信息", "会议"])
    assert (vectors.dtype, vectors.shape) == (np.float32, (2, 16))
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1.0, abs=1e-3)


def test_no_texts_give_no_rows_of_the_right_width(make_model: ModelMaker) -> None:
    encoder = HubEncoder.load(str(make_model("gte-empty")))
    assert encoder.dimension == 16
    assert encoder.encode_queries([]).shape == encoder.encode_passages([]).shape == (0, 16)


def test_a_broken_folder_is_a_clear_error(make_model: ModelMaker) -> None:
    folder = make_model("gte-broken")
    (folder / "model.safetensors").write_bytes(b"garbage")
    with pytest.raises(EncoderError, match=r"无法加载模型.*改用自带的 yanju-static") as caught:
        HubEncoder.load(str(folder))
    assert "\n" not in str(caught.value)


def test_a_hub_name_without_the_network_names_the_way_out(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from huggingface_hub import constants

    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path))
    with pytest.raises(EncoderError) as caught:
        load_encoder("nobody/bge-not-there")
    (line,) = str(caught.value).splitlines()
    for part in ("nobody/bge-not-there", "离线模式", "能上网的电脑上下载", "yanju-static"):
        assert part in line


def test_code_that_a_model_brings_along_is_never_run(make_model: ModelMaker, tmp_path: Path) -> None:
    """A module type and a configuration that both point to a Python file in the model's folder."""
    folder = make_model("gte-code")
    trace = tmp_path / "was-here"
    code = f"open({str(trace)!r}, 'w').close()\nfrom transformers import BertModel, BertConfig\nclass Mine(BertModel): pass\n"
    (folder / "mine.py").write_text(code)
    config = json.loads((folder / "config.json").read_text())
    config |= {"auto_map": {"AutoConfig": "mine.BertConfig", "AutoModel": "mine.Mine"}, "model_type": "mine"}
    (folder / "config.json").write_text(json.dumps(config))
    with pytest.raises(EncoderError, match="无法加载模型"):
        HubEncoder.load(str(folder))
    other = make_model("gte-module")
    (other / "mine.py").write_text(code)
    modules = json.loads((other / "modules.json").read_text())
    modules[0]["type"] = "mine.Mine"
    (other / "modules.json").write_text(json.dumps(modules))
    with pytest.raises(EncoderError, match="无法加载模型"):
        HubEncoder.load(str(other))
    assert not trace.exists()
