"""The tokenizer: greedy longest match over characters, frequent words and English words.

No segmenter is needed at run time: words found by jieba in the corpora become rows of the table, and
a WordPiece model with an empty continuation prefix takes the longest row at each place.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from training.config import VocabularyConfig

if TYPE_CHECKING:
    from tokenizers import Tokenizer

SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
UNKNOWN = 1
_ASCII = "0123456789abcdefghijklmnopqrstuvwxyz"
_PUNCTUATION = "，。、；：？！“”‘’《》（）()【】[]—…·,.;:?!\"'<>-_/\\%+*=&#@~|$^{}〔〕"
_PIECE = re.compile(r"[\u3400-\u9fff]+|[a-z]+")
_SPLIT = r"[\u3400-\u9fff]+|[a-z]+|[0-9]|."


def count_pieces(texts: Iterable[str]) -> tuple[Counter[str], Counter[str], Counter[str]]:
    """Counts of characters, of jieba words of 2–4 characters, and of English words."""
    import jieba

    jieba.setLogLevel(60)
    chars: Counter[str] = Counter()
    words: Counter[str] = Counter()
    english: Counter[str] = Counter()
    for piece in _pieces(texts):
        if piece[0] <= "z":
            english[piece] += 1
        else:
            chars.update(piece)
            words.update(word for word in jieba.cut(piece, HMM=False) if 2 <= len(word) <= 4)
    return chars, words, english


def choose_vocabulary(corpus: Iterable[str], config: VocabularyConfig) -> list[str]:
    """Rows of the table, most frequent first within each kind; ties in code-point order."""
    chars, words, english = count_pieces(corpus)
    rows = [*SPECIAL, *_ASCII, *_PUNCTUATION]
    rows += [w for w in _frequent(english, config.min_english) if len(w) > 1][:config.max_english]
    rows += _frequent(chars, config.min_char)
    rows = list(dict.fromkeys(rows))
    rows += _frequent(words, 2)[:max(0, config.size - len(rows))]
    return rows


def extend_vocabulary(rows: list[str], written: Iterable[str], least: int) -> list[str]:
    """The rows, then words and characters of the written material that have none.

    Users' words are rare in official text. They come last, so that word vectors trained on the
    corpora alone stay valid when more is written.
    """
    chars, words, english = count_pieces(written)
    own = _frequent(chars, 1) + _frequent(words, least) + _frequent(english, least)
    return list(dict.fromkeys([*rows, *own]))


def build_tokenizer(rows: list[str]) -> "Tokenizer":
    """Tokenizer whose row numbers are the positions in ``rows``; no special tokens are added to a text."""
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers

    tokenizer = Tokenizer(models.WordPiece(
        {row: number for number, row in enumerate(rows)},
        unk_token="[UNK]", continuing_subword_prefix="", max_input_chars_per_word=400))
    tokenizer.normalizer = normalizers.Sequence([
        normalizers.NFKC(), normalizers.Lowercase(), normalizers.Replace(Regex(r"\s+"), " ")])
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Split(Regex(_SPLIT), "isolated")])
    tokenizer.add_special_tokens(list(SPECIAL))
    return tokenizer


def load_tokenizer(path: Path) -> "Tokenizer":
    """Tokenizer from a tokenizer.json file."""
    from tokenizers import Tokenizer

    return Tokenizer.from_file(str(path))


def _frequent(counts: Counter[str], least: int) -> list[str]:
    return [piece for piece, n in sorted(counts.items(), key=lambda item: (-item[1], item[0])) if n >= least]


def _pieces(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        yield from _PIECE.findall(unicodedata.normalize("NFKC", text).lower())
