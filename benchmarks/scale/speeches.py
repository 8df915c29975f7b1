"""Speeches without end, recombined clause by clause from what was written for this project. Same seed, same speeches.

A sentence takes the shape (number of clauses) of one of the material's and its clauses from others on the same theme,
with invented places and fresh figures here and there, so that the vocabulary goes on growing and no two passages are
alike. Such sentences make no sense; lengths, themes and word frequencies are those of the material.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rag.config import ROOT

MATERIAL = ROOT / "training" / "data"
PASSAGES_A_SPEECH = 23.9  # what ingestion makes of one, on average
CHARACTERS_A_SPEECH = (3_200, 6_400)
_SENTENCE = re.compile(r"[^。！？\n]+[。！？]")
_BRACKETS = re.compile(r"[“”‘’「」『』《》〈〉（）()【】\[\]\"]")
_SYLLABLES = "云青柳白岚鹤朔澜鹭松河岭泽溪沙安临平阳清宁丰永长兴和定远东西南北江海山川石龙凤玉金银铜"
_SURNAMES = "章陶沈梁顾邵严褚卫蒋韩杨朱秦尤许何吕施张孔曹"
_GIVEN = "庭槐明远建国志强秀英文博海燕春晓立新正言守信致和"
_SUBJECTS = ("信息", "安全生产", "防汛救灾", "工会", "乡村振兴", "作风建设", "信访", "督查", "办公室", "生态环境保护")
_NUMERALS = "一二三四五六七八九"


@dataclass(frozen=True)
class Theme:
    """What sentences on one theme are made of: shapes (clauses a sentence), clauses that end one, clauses that do not."""

    name: str
    shapes: tuple[int, ...]
    inner: tuple[str, ...]
    last: tuple[str, ...]


def read_themes(folder: Path = MATERIAL) -> list[Theme]:
    """The material by theme, from the passages of ``pairs_*.jsonl``; themes with too little of it are left out."""
    grouped: dict[str, list[list[str]]] = {}
    for path in sorted(folder.glob("pairs_*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            sentences = [s for s in _SENTENCE.findall(row["p"]) if not _BRACKETS.search(s)]
            grouped.setdefault(row["theme"], []).extend(s.split("，") for s in sentences)
    themes = []
    for name, sentences in sorted(grouped.items()):
        inner = tuple(dict.fromkeys(c for s in sentences for c in s[:-1] if 3 <= len(c) <= 40))
        last = tuple(dict.fromkeys(s[-1] for s in sentences if 4 <= len(s[-1]) <= 60))
        if len(inner) >= 20 and len(last) >= 20:
            themes.append(Theme(name, tuple(len(s) for s in sentences), inner, last))
    return themes


Sentence = tuple[str, ...]  # its clauses
Paragraph = tuple[Sentence, ...]


@dataclass(frozen=True)
class Made:
    """A speech before it is written down: the lines of its head, and its sections as (heading, paragraphs)."""

    name: str
    head: tuple[str, ...]
    sections: tuple[tuple[str, tuple[Paragraph, ...]], ...]

    @property
    def text(self) -> str:
        lines = list(self.head)
        for heading, paragraphs in self.sections:
            lines += [heading, *(written(paragraph) for paragraph in paragraphs)]
        return "\n".join(lines) + "\n"


def written(paragraph: Paragraph) -> str:
    return "".join("，".join(clauses) for clauses in paragraph)


class Speeches:
    """Speech number n of a seed, always the same."""

    def __init__(self, seed: int = 7, themes: Sequence[Theme] | None = None) -> None:
        self.seed = seed
        self.themes = list(themes or read_themes())

    def speech(self, n: int) -> Made:
        rng = random.Random(f"{self.seed}-{n}")
        place, subject, year = _place(rng), rng.choice(_SUBJECTS), rng.randint(2006, 2025)
        speaker = rng.choice(_SURNAMES) + "".join(rng.sample(_GIVEN, 2))
        date = f"（{year}年{rng.randint(1, 12)}月{rng.randint(1, 28)}日）"
        head = (f"在{place}{subject}工作会议上的讲话", speaker, date, "同志们：")
        count, wanted = rng.randint(3, 6), rng.randint(*CHARACTERS_A_SPEECH)
        sections = tuple(self._section(rng, number, wanted // count) for number in range(count))
        return Made(f"{year}年{place}{subject}讲话{n:06d}.txt", head, sections)

    def _section(self, rng: random.Random, number: int, characters: int) -> tuple[str, tuple[Paragraph, ...]]:
        theme, paragraphs, length = rng.choice(self.themes), [], 0
        while length < characters:
            paragraph = tuple(sentence(rng, theme) for _ in range(rng.randint(3, 9)))
            paragraphs.append(paragraph)
            length += len(written(paragraph))
        return f"{_NUMERALS[number]}、{_heading(rng, theme)}", tuple(paragraphs)


def sentence(rng: random.Random, theme: Theme) -> Sentence:
    inner = [_varied(rng, rng.choice(theme.inner)) for _ in range(rng.choice(theme.shapes) - 1)]
    return (*inner, _varied(rng, rng.choice(theme.last)))


def _varied(rng: random.Random, clause: str) -> str:
    """A clause with fresh figures, now and then about a named place."""
    fresh = re.sub(r"\d+", lambda m: str(rng.randint(1, 10 ** min(4, len(m.group())))), clause)
    return f"{_place(rng)}{fresh}" if rng.random() < 0.06 else fresh


def _heading(rng: random.Random, theme: Theme) -> str:
    short = [c for c in theme.inner if 6 <= len(c) <= 16]
    return rng.choice(short or theme.inner)


def _place(rng: random.Random) -> str:
    return "".join(rng.sample(_SYLLABLES, 2)) + rng.choice("县市区镇")
