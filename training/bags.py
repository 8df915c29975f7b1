"""Texts as bags of tokens in flat arrays: text → sentences → row numbers, with token dropout."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self

import numpy as np
from numpy.typing import NDArray

from training.corpora import split_sentences
from training.pairs import Pair
from training.vocabulary import UNKNOWN

if TYPE_CHECKING:
    from tokenizers import Tokenizer

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Selection:
    """Some texts: tokens of all sentences in a row, where each sentence starts, whose it is, how long it is."""

    tokens: Ints
    starts: Ints
    owners: Ints
    lengths: Ints


@dataclass(frozen=True)
class Bags:
    """``tokens[sentences[i]:sentences[i + 1]]`` is sentence i; ``texts`` does the same for sentences."""

    tokens: NDArray[np.int32]
    sentences: Ints
    texts: Ints

    def __len__(self) -> int:
        return len(self.texts) - 1

    @classmethod
    def of(cls, texts: list[str], tokenizer: "Tokenizer", whole: bool = False) -> Self:
        """Tokenise; ``whole`` keeps each text as one sentence (queries)."""
        split = [[text] if whole else split_sentences(text) or [text] for text in texts]
        flat = [sentence for sentences in split for sentence in sentences]
        rows = [encoding.ids or [UNKNOWN] for encoding in tokenizer.encode_batch_fast(flat, add_special_tokens=False)]
        return cls(
            np.fromiter((token for row in rows for token in row), dtype=np.int32),
            offsets(np.fromiter((len(row) for row in rows), dtype=np.int64, count=len(rows))),
            offsets(np.fromiter((len(sentences) for sentences in split), dtype=np.int64, count=len(split))))

    def select(self, texts: Ints, dropout: float = 0.0, draw: np.random.Generator | None = None) -> Selection:
        """The chosen texts; with ``dropout``, tokens are left out at random, one a sentence always stays."""
        sentences = ranges(self.texts[texts], self.texts[texts + 1])
        owners = np.repeat(np.arange(len(texts)), self.texts[texts + 1] - self.texts[texts])
        begin, lengths = self.sentences[sentences], self.sentences[sentences + 1] - self.sentences[sentences]
        tokens = self.tokens[ranges(begin, begin + lengths)].astype(np.int64)
        if dropout > 0 and draw is not None:
            keep = draw.random(len(tokens)) >= dropout
            keep[offsets(lengths)[:-1]] |= np.add.reduceat(keep, offsets(lengths)[:-1]) == 0
            kept = np.add.reduceat(keep.astype(np.int64), offsets(lengths)[:-1])
            tokens, lengths = tokens[keep], kept
        return Selection(tokens, offsets(lengths)[:-1], owners, lengths)


@dataclass(frozen=True)
class PairBags:
    """One pair source, tokenised; pairs with one ``group`` or one ``asked`` are no negatives of each other."""

    queries: Bags
    positives: Bags
    group: Ints
    asked: Ints

    def __len__(self) -> int:
        return len(self.group)

    @classmethod
    def of(cls, pairs: list[Pair], tokenizer: "Tokenizer") -> Self:
        """Tokenise the pairs of a source."""
        return cls(
            Bags.of([pair.query for pair in pairs], tokenizer, whole=True),
            Bags.of([pair.positive for pair in pairs], tokenizer),
            _numbers([pair.group for pair in pairs]), _numbers([pair.query for pair in pairs]))

    @classmethod
    def cached(cls, pairs: list[Pair], tokenizer: "Tokenizer", folder: Path) -> Self:
        """As ``of``, kept in ``folder`` under a hash of the vocabulary and the pairs."""
        key = hashlib.sha256(repr(tokenizer.get_vocab_size()).encode())
        for row in sorted(tokenizer.get_vocab().items(), key=lambda item: item[1])[-4000:]:
            key.update(row[0].encode())
        for pair in pairs:
            key.update(f"{pair.query}\0{pair.positive}\0{pair.group}\n".encode())
        path = folder / f"bags-{key.hexdigest()[:16]}.npz"
        if not path.exists():
            made = cls.of(pairs, tokenizer)
            q, p = made.queries, made.positives
            np.savez(
                path, query_tokens=q.tokens, query_sentences=q.sentences, query_texts=q.texts, tokens=p.tokens,
                sentences=p.sentences, texts=p.texts, group=made.group, asked=made.asked)
            return made
        with np.load(path) as a:
            return cls(
                Bags(a["query_tokens"], a["query_sentences"], a["query_texts"]),
                Bags(a["tokens"], a["sentences"], a["texts"]), a["group"], a["asked"])


def offsets(lengths: Ints) -> Ints:
    """Running sums that begin with 0."""
    return np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)


def ranges(starts: Ints, ends: Ints) -> Ints:
    """All numbers of all half-open ranges, one range after the other."""
    lengths = ends - starts
    return np.repeat(starts - offsets(lengths)[:-1], lengths) + np.arange(lengths.sum())


def _numbers(values: list[str]) -> Ints:
    seen: dict[str, int] = {}
    return np.array([seen.setdefault(value, len(seen)) for value in values], dtype=np.int64)
