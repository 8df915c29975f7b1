"""Words and character pairs of a text, for the lexical side of search."""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Iterable
from typing import TYPE_CHECKING

from rag.text.normalize import CJK, normalize
from rag.text.segmentation import Segmenter

if TYPE_CHECKING:
    import jieba

_TOKEN = re.compile(f"[{CJK}]+|[a-z]+|[0-9]+(?:\\.[0-9]+)?")
_CJK_RUN = re.compile(f"[{CJK}]+")

# Function words, and the words with which people wrap a question about speeches.
STOP_WORDS = frozenset(
    [
        "的",
        "地",
        "得",
        "了",
        "着",
        "过",
        "是",
        "在",
        "和",
        "与",
        "及",
        "或",
        "而",
        "且",
        "并",
        "等",
        "之",
        "其",
        "所",
        "以",
        "于",
        "对",
        "把",
        "被",
        "将",
        "给",
        "让",
        "使",
        "从",
        "到",
        "由",
        "向",
        "为",
        "为了",
        "因为",
        "所以",
        "就",
        "都",
        "也",
        "还",
        "又",
        "再",
        "才",
        "很",
        "更",
        "最",
        "不",
        "没",
        "没有",
        "有",
        "有没有",
        "这",
        "那",
        "这个",
        "那个",
        "这些",
        "那些",
        "这样",
        "那样",
        "一个",
        "一些",
        "一下",
        "个",
        "上",
        "下",
        "中",
        "里",
        "我",
        "你",
        "他",
        "她",
        "它",
        "我们",
        "你们",
        "他们",
        "她们",
        "大家",
        "咱",
        "咱们",
        "人家",
        "自己",
        "谁",
        "哪",
        "哪个",
        "哪些",
        "哪里",
        "哪儿",
        "什么",
        "啥",
        "怎么",
        "怎样",
        "咋",
        "如何",
        "为何",
        "多少",
        "几",
        "吗",
        "呢",
        "吧",
        "啊",
        "呀",
        "嘛",
        "么",
        "要",
        "会",
        "能",
        "可以",
        "应该",
        "关于",
        "有关",
        "方面",
        "讲",
        "说",
        "讲话",
        "说法",
        "提到",
        "提出",
        "谈",
        "想",
        "请",
        "如果",
        "但",
        "但是",
        "以及",
        "the",
        "a",
        "an",
        "of",
        "to",
        "in",
        "on",
        "for",
        "and",
        "or",
        "is",
        "are",
        "was",
        "were",
        "be",
        "did",
        "do",
        "does",
        "what",
        "which",
        "who",
        "whom",
        "how",
        "why",
        "when",
        "where",
        "that",
        "this",
        "these",
        "those",
        "they",
        "them",
        "their",
        "it",
        "its",
        "about",
        "say",
        "says",
        "said",
        "with",
        "by",
        "as",
        "at",
        "from",
        "any",
        "there",
        "have",
        "has",
        "had",
        "i",
        "you",
        "we",
        "our",
        "me",
        "my",
    ]
)


class Analyzer:
    """Turns text into words (jieba, search mode) and character pairs, all normalised.

    ``vocabulary`` adds names that must stay whole, such as an archive's own organisations.
    """

    def __init__(self, vocabulary: Iterable[str] = ()) -> None:
        self.vocabulary = tuple(sorted({normalize(word) for word in vocabulary}))
        self._tokenizer: jieba.Tokenizer | None = None
        self._segmenter: Segmenter | None = None
        self._lock = threading.Lock()

    @property
    def tokenizer(self) -> jieba.Tokenizer:
        """The jieba tokenizer, loaded at first use (its dictionary takes about a second)."""
        with self._lock:
            if self._tokenizer is None:
                import jieba

                jieba.setLogLevel(logging.WARNING)
                tokenizer = jieba.Tokenizer()
                tokenizer.initialize()
                for word in self.vocabulary:
                    tokenizer.add_word(word)
                self._tokenizer = tokenizer
        return self._tokenizer

    @property
    def segmenter(self) -> Segmenter:
        if self._segmenter is None:
            self._segmenter = Segmenter(self.tokenizer)
        return self._segmenter

    def cut(self, text: str) -> list[str]:
        """A plain segmentation of the text as it stands; joined again it gives the text."""
        return self.segmenter.cut(text)

    def words(self, text: str) -> list[str]:
        """Index words in order: jieba's search mode for Chinese, whole runs of letters or digits otherwise."""
        out: list[str] = []
        segmenter = self.segmenter
        for token in _TOKEN.findall(normalize_keeping_gaps(text)):
            if _CJK_RUN.match(token):
                out += segmenter.cut_for_search(token)
            else:
                out.append(token)
        return out

    def query_words(self, text: str) -> list[str]:
        """The words of a query without function words; all of them when nothing else is left. Distinct, in order."""
        found = list(dict.fromkeys(self.words(text)))
        return [word for word in found if word not in STOP_WORDS] or found


def normalize_keeping_gaps(text: str) -> str:
    """Normalised text in which white space between Latin words survives (between CJK characters it does not)."""
    parts = re.split(r"(?<=[A-Za-z0-9])\s+(?=[A-Za-z0-9])", text)
    return " ".join(normalize(part) for part in parts)


def pairs(text: str) -> list[str]:
    """Overlapping character pairs of each CJK run, and whole runs of letters or digits.

    A phrase query over consecutive pairs is an exact substring match, which word segmentation cannot promise.
    """
    out: list[str] = []
    for token in _TOKEN.findall(normalize_keeping_gaps(text)):
        if _CJK_RUN.match(token) and len(token) > 1:
            out += [token[i : i + 2] for i in range(len(token) - 1)]
        else:
            out.append(token)
    return out
