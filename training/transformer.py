"""A small transformer on the same corpora and pairs: masked pre-training, then contrastive training.

Meant for a GPU; on a CPU only a tiny configuration is practical. With the defaults (12,000 rows,
6 layers × 384) the encoder has 15 million parameters, 31 MB in float16.
"""

import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from training.config import Recipe, TransformerConfig
from training.losses import duplicate_mask, matryoshka
from training.pairs import Pair
from training.prepare import prepare_corpora, prepare_sources
from training.vocabulary import SPECIAL, build_tokenizer, choose_vocabulary

if TYPE_CHECKING:
    from transformers import BertForMaskedLM, BertModel, PreTrainedTokenizerFast

log = logging.getLogger(__name__)
MASK = SPECIAL.index("[MASK]")
IGNORED = -100


def build_transformer(recipe: Recipe, corpora: Path, data: Path, work: Path, out: Path, device: str = "cpu") -> Path:
    """The transformer on the corpora and pairs of a recipe, with a vocabulary of its own size."""
    own = replace(recipe, vocabulary=replace(recipe.vocabulary, size=recipe.transformer.vocabulary))
    base = prepare_corpora(own, corpora, data, work)
    passages = (base / "passages.txt").read_text(encoding="utf-8").splitlines()
    rows = choose_vocabulary(passages, own.vocabulary)
    sources, _ = prepare_sources(own, base, corpora, data)
    return train_transformer(
        rows, passages, sources, recipe.contrastive.sources, recipe.transformer, out, recipe.seed, device)


def train_transformer(
    rows: list[str], passages: list[str], sources: dict[str, list[Pair]], shares: dict[str, float],
    config: TransformerConfig, out: Path, seed: int, device: str = "cpu",
) -> Path:
    """Both stages, then a sentence-transformers folder at ``out``."""
    torch.manual_seed(seed)
    draw = np.random.default_rng(seed)
    tokenizer = wrap_tokenizer(rows, config.longest)
    model = new_model(len(rows), config)
    torch.nn.Module.to(model, device)
    pretrain(model, tokenizer, passages, config, draw)
    contrast(model.bert, tokenizer, sources, shares, config, draw)
    return save(model.bert, tokenizer, out)


def wrap_tokenizer(rows: list[str], longest: int) -> "PreTrainedTokenizerFast":
    """The greedy tokenizer in the class that transformers expects, with padding."""
    from transformers import PreTrainedTokenizerFast

    return PreTrainedTokenizerFast(
        tokenizer_object=build_tokenizer(rows), unk_token="[UNK]", pad_token="[PAD]", cls_token="[CLS]",
        sep_token="[SEP]", mask_token="[MASK]", model_max_length=longest)


def new_model(rows: int, config: TransformerConfig) -> "BertForMaskedLM":
    """An untrained encoder with a masked-token head tied to its table."""
    from transformers import BertConfig, BertForMaskedLM

    return BertForMaskedLM(BertConfig(
        vocab_size=rows, hidden_size=config.width, num_hidden_layers=config.layers,
        num_attention_heads=config.heads, intermediate_size=4 * config.width,
        max_position_embeddings=config.longest, type_vocab_size=1, pad_token_id=0))


def mask_tokens(tokens: NDArray[np.int64], rows: int, share: float, draw: np.random.Generator) -> tuple[Tensor, Tensor]:
    """Inputs and labels of masked pre-training (Devlin et al. 2019): of the chosen tokens 80 % masked, 10 % changed."""
    chosen = (draw.random(tokens.shape) < share) & (tokens >= len(SPECIAL))
    kind = draw.random(tokens.shape)
    inputs = np.where(chosen & (kind < 0.8), MASK, tokens)
    changed = chosen & (kind >= 0.8) & (kind < 0.9)
    inputs[changed] = draw.integers(len(SPECIAL), rows, int(changed.sum()))
    return torch.from_numpy(inputs), torch.from_numpy(np.where(chosen, tokens, IGNORED))


def pretrain(
    model: "BertForMaskedLM", tokenizer: "PreTrainedTokenizerFast", passages: list[str], config: TransformerConfig,
    draw: np.random.Generator,
) -> float:
    """Masked pre-training; returns the last loss."""
    last = float("nan")
    for number, optimizer in _schedule(model, config.pretrain_steps, config.pretrain_rate):
        texts = [passages[i] for i in draw.integers(0, len(passages), config.pretrain_batch)]
        batch = _tokenise(tokenizer, texts)
        inputs, labels = mask_tokens(batch["input_ids"].numpy(), model.config.vocab_size, config.masked_share, draw)
        with _half(model.device):
            loss = model(input_ids=inputs.to(model.device), attention_mask=batch["attention_mask"].to(model.device),
                         labels=labels.to(model.device)).loss
        last = _step(optimizer, loss)
        if number % 500 == 0:
            log.info("masked step %d, loss %.2f", number, last)
    return last


def contrast(
    model: "BertModel", tokenizer: "PreTrainedTokenizerFast", sources: dict[str, list[Pair]], shares: dict[str, float],
    config: TransformerConfig, draw: np.random.Generator,
) -> float:
    """Contrastive stage with the losses of the static encoder; returns the last loss."""
    names = [name for name, share in shares.items() if share > 0]
    weights = np.array([shares[name] for name in names])
    last = float("nan")
    for number, optimizer in _schedule(model, config.steps, config.rate):
        pairs = sources[str(draw.choice(names, p=weights / weights.sum()))]
        batch = [pairs[i] for i in draw.choice(len(pairs), min(config.batch, len(pairs)), replace=False)]
        with _half(model.device):
            queries = embed(model, tokenizer, [pair.query for pair in batch])
            positives = embed(model, tokenizer, [pair.positive for pair in batch])
        blocked = duplicate_mask(_keys([p.group for p in batch]), _keys([p.query for p in batch]))
        loss = matryoshka(queries.float().cpu(), positives.float().cpu(), blocked, config.temperature,
                          config.dimensions, config.prefix_weight)
        last = _step(optimizer, loss)
        if number % 100 == 0:
            log.info("contrastive step %d, loss %.2f", number, last)
    return last


def embed(model: "BertModel", tokenizer: "PreTrainedTokenizerFast", texts: list[str]) -> Tensor:
    """[texts, width]: mean of the last layer over the tokens of each text."""
    batch = _tokenise(tokenizer, texts)
    mask = batch["attention_mask"].to(model.device)
    states = model(input_ids=batch["input_ids"].to(model.device), attention_mask=mask).last_hidden_state
    return (states * mask[..., None]).sum(1) / mask.sum(1, keepdim=True).clamp(min=1)


def save(model: "BertModel", tokenizer: "PreTrainedTokenizerFast", out: Path) -> Path:
    """A float16 sentence-transformers folder: transformer, mean pooling."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer

    parts = out / "parts"
    model.eval().half().save_pretrained(str(parts))
    tokenizer.save_pretrained(str(parts))
    encoder = SentenceTransformer(modules=[Transformer(str(parts)), Pooling(model.config.hidden_size)], device="cpu")
    encoder.save_pretrained(str(out), create_model_card=False)
    for path in sorted(parts.iterdir()):
        path.unlink()
    parts.rmdir()
    return out


def _tokenise(tokenizer: "PreTrainedTokenizerFast", texts: list[str]) -> dict[str, Tensor]:
    return dict(tokenizer(texts, padding=True, truncation=True, return_tensors="pt", add_special_tokens=False))


def _schedule(model: torch.nn.Module, steps: int, rate: float) -> Iterator[tuple[int, torch.optim.Optimizer]]:
    """Step numbers with an optimizer whose rate warms up over 5 % of the steps and then falls to zero."""
    model.train()
    optimizer = torch.optim.AdamW(model.parameters(), lr=rate, weight_decay=0.01)
    warm = max(1, steps // 20)
    for number in range(steps):
        for group in optimizer.param_groups:
            group["lr"] = rate * min((number + 1) / warm, (steps - number) / steps)
        yield number, optimizer


def _step(optimizer: torch.optim.Optimizer, loss: Tensor) -> float:
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return float(loss.item())


def _half(device: torch.device) -> torch.autocast:
    return torch.autocast(device.type, dtype=torch.bfloat16, enabled=device.type == "cuda")


def _keys(values: list[str]) -> Tensor:
    seen: dict[str, int] = {}
    return torch.tensor([seen.setdefault(value, len(seen)) for value in values])
