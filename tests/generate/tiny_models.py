"""Tiny language models that really sample: one learnt from the quotations it is sent, one with random weights."""

from __future__ import annotations

import json
import random
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

Messages = Sequence[dict[str, str]]


def material(messages: Messages) -> dict[str, Any]:
    """What the program put before the model."""
    loaded: dict[str, Any] = json.loads(messages[-1]["content"])
    return loaded


class NgramModel:
    """A character model of the quotations: most of what it says nearly stands there, much of it does not quite."""

    def __init__(self, seed: int = 0, order: int = 3, sentences: int = 8) -> None:
        self._seed, self._order, self._sentences = seed, order, sentences

    def __call__(self, messages: Messages) -> str:
        rng = random.Random(self._seed)
        quotes = {one["编号"]: one["文字"] for one in material(messages)["原话"]}
        out = []
        for _ in range(self._sentences):
            cited = rng.sample(sorted(quotes), min(len(quotes), rng.randint(1, 2)))
            out.append({"sentence": self._sample([quotes[n] for n in cited], rng), "citations": cited})
        return json.dumps(out, ensure_ascii=False)

    def _sample(self, texts: Sequence[str], rng: random.Random) -> str:
        followers = defaultdict(list)
        for text in texts:
            padded = "^" * self._order + text
            for i in range(self._order, len(padded)):
                followers[padded[i - self._order : i]].append(padded[i])
        said = "^" * self._order
        while len(said) < 90 and followers[said[-self._order :]]:
            said += rng.choice(followers[said[-self._order :]])
            if said[-1] in "。！？":
                break
        return said.lstrip("^")


class TinyTransformer:
    """A GPT-2 of two layers with random weights over the characters of the prompt: fluent in nothing."""

    def __init__(self, seed: int = 0, tokens: int = 60) -> None:
        self._seed, self._tokens = seed, tokens

    def __call__(self, messages: Messages) -> str:
        import torch
        from transformers import GPT2Config, GPT2LMHeadModel

        prompt = "".join(message["content"] for message in messages)
        characters = sorted({*prompt, *"0123456789[]。，"})
        torch.manual_seed(self._seed)
        config = GPT2Config(
            vocab_size=len(characters), n_positions=256, n_embd=32, n_layer=2, n_head=2, bos_token_id=0, eos_token_id=0
        )
        model = GPT2LMHeadModel(config).eval()
        ids = torch.tensor([[characters.index(char) for char in prompt[-128:]]])
        made = model.generate(ids, max_new_tokens=self._tokens, do_sample=True, pad_token_id=0)
        return "".join(characters[int(i)] for i in made[0, ids.shape[1] :]) + "[1]。"
