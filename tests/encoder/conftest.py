"""Tiny models of the BERT kind, made on the spot."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

ModelMaker = Callable[..., Path]


@pytest.fixture(scope="session")
def make_model(tmp_path_factory: pytest.TempPathFactory) -> ModelMaker:
    """``make_model(name, seed=0, prompts=None, pooling="mean")``: a folder of that name with a saved model of one layer."""

    def make(name: str, seed: int = 0, prompts: dict[str, str] | None = None, pooling: str = "mean") -> Path:
        import torch
        from sentence_transformers import SentenceTransformer
        from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
        from tokenizers import Tokenizer, models, pre_tokenizers
        from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

        folder = tmp_path_factory.mktemp("model")
        letters = dict.fromkeys(
            "为这个句子生成表示以用于检索相关文章：信息报送要快会议安全abcdefghijklmnopqrstuvwxyz: "
        )
        words = {word: n for n, word in enumerate(["[PAD]", "[UNK]", *letters])}
        characters = Tokenizer(models.WordLevel(words, unk_token="[UNK]"))
        characters.pre_tokenizer = pre_tokenizers.Split("", "isolated")
        tokenizer = PreTrainedTokenizerFast(tokenizer_object=characters, pad_token="[PAD]", unk_token="[UNK]")
        torch.manual_seed(seed)
        config = BertConfig(
            vocab_size=len(words),
            hidden_size=16,
            num_hidden_layers=1,
            num_attention_heads=2,
            intermediate_size=32,
            max_position_embeddings=128,
        )
        BertModel(config).save_pretrained(folder / "bert")
        tokenizer.save_pretrained(folder / "bert")
        transformer = Transformer(str(folder / "bert"), max_seq_length=128)
        model = SentenceTransformer(modules=[transformer, Pooling(16, pooling_mode=pooling)], device="cpu")
        model.save(str(folder / name))
        if prompts is not None:
            path = folder / name / "config_sentence_transformers.json"
            path.write_text(json.dumps({**json.loads(path.read_text()), "prompts": prompts}, ensure_ascii=False))
        return folder / name

    return make
