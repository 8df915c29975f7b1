"""From a name to an encoder."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from rag.config import MODELS, SHIPPED_MODEL
from rag.encoder import load as module
from rag.encoder.hub import HubEncoder
from rag.encoder.load import load_encoder
from rag.encoder.static import StaticEncoder
from rag.errors import EncoderError

NO_NEWS = "yanju-static-no-news"


def test_no_name_is_the_shipped_encoder() -> None:
    encoder = load_encoder()
    assert isinstance(encoder, StaticEncoder)
    assert encoder.name == SHIPPED_MODEL
    assert load_encoder(SHIPPED_MODEL).fingerprint == load_encoder(str(MODELS / SHIPPED_MODEL)).fingerprint
    assert encoder.fingerprint == load_encoder(SHIPPED_MODEL).fingerprint


def test_a_folder_is_read_as_what_it_is(make_model: Callable[..., Path]) -> None:
    encoder = load_encoder(str(make_model("gte-folder")))
    assert isinstance(encoder, HubEncoder)
    assert encoder.name == "gte-folder"


def test_the_shipped_model_missing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(module, "MODELS", tmp_path)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(EncoderError, match=rf"{SHIPPED_MODEL}.*重新获取程序文件夹"):
        load_encoder()


def test_a_model_of_ones_own_under_models_is_found_by_its_name(
    monkeypatch: pytest.MonkeyPatch, make_model: Callable[..., Path]
) -> None:
    folder = make_model("gte-mine")
    monkeypatch.setattr(module, "MODELS", folder.parent)
    assert load_encoder("gte-mine").dimension == 16


def test_the_named_choice_was_made_without_the_news_and_brings_everyday_words_to_officialese() -> None:
    encoder = load_encoder(NO_NEWS)
    assert isinstance(encoder, StaticEncoder)
    assert encoder.fingerprint != load_encoder().fingerprint
    made = json.loads((MODELS / NO_NEWS / "training.json").read_text(encoding="utf-8"))
    assert made["recipe"]["corpora"]["leave_out"] == ["news"]
    assert not {"news_title", "news_rest"} & made["pairs"].keys()
    question = encoder.encode_queries(["会开得又多又长"])[0]
    close, far = encoder.encode_passages(["压缩会议数量，提倡开短会、讲短话", "加强水库大坝的巡查值守"]) @ question
    assert close > far + 0.1
