"""A model of BAAI/bge-small-zh-v1.5's shape with random weights: what it costs to run, not what it finds."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

# https://huggingface.co/BAAI/bge-small-zh-v1.5/blob/main/config.json
VOCABULARY, WIDTH, LAYERS, HEADS, INNER, LONGEST = 21_128, 512, 4, 8, 2_048, 512
SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]")


def untrained(folder: Path, texts: Iterable[str], seed: int = 7) -> Path:
    """Saves the model below ``folder`` and gives its place; one token a character of the texts, as BERT reads Chinese."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from tokenizers import Tokenizer, models, pre_tokenizers, processors
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    letters = sorted({letter for text in texts for letter in text if not letter.isspace()})[: VOCABULARY - len(SPECIAL)]
    numbers = {token: n for n, token in enumerate([*SPECIAL, *letters])}
    characters = Tokenizer(models.WordLevel(numbers, unk_token="[UNK]"))
    characters.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Split("", "isolated")]
    )
    characters.post_processor = processors.BertProcessing(("[SEP]", numbers["[SEP]"]), ("[CLS]", numbers["[CLS]"]))
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=characters, pad_token="[PAD]", unk_token="[UNK]", cls_token="[CLS]", sep_token="[SEP]"
    )
    torch.manual_seed(seed)
    config = BertConfig(
        vocab_size=VOCABULARY,
        hidden_size=WIDTH,
        num_hidden_layers=LAYERS,
        num_attention_heads=HEADS,
        intermediate_size=INNER,
        max_position_embeddings=LONGEST,
    )
    BertModel(config).save_pretrained(folder / "bert")
    tokenizer.save_pretrained(folder / "bert")
    transformer = Transformer(str(folder / "bert"), max_seq_length=LONGEST)
    model = SentenceTransformer(modules=[transformer, Pooling(WIDTH, pooling_mode="cls")], device="cpu")
    model.save(str(folder / "bge-small-shape"))
    return folder / "bge-small-shape"
