"""Pair sources: (query, positive, group) drawn from the corpora and from the written material.

Two pairs of one group answer each other's query, so neither may serve as the other's negative.
"""

import hashlib
import logging
import random
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from training import written
from training.config import CorporaConfig
from training.corpora import (
    PARALLEL,
    PUBLIC,
    SYNONYMS,
    Document,
    cut_passages,
    read_documents,
    read_rows,
    split_sentences,
)

log = logging.getLogger(__name__)
_NUMBERING = re.compile(
    r"^([（(]?[一二三四五六七八九十百0-9]+[)）]?[、.．]?|第[一二三四五六七八九十百零0-9]+[编章节条篇])\s*")
_HEADING = re.compile(r"^#+\s*(.+)$")
_CJK = re.compile(r"[\u3400-\u9fff]")
_ASKING = (
    "关于{}是怎么讲的", "{}有哪些要求", "如何{}", "怎么{}", "{}的做法", "{}方面讲了什么", "对{}怎么说", "{}有什么举措")
_EMPTY_HEADINGS = {"总则", "附则"}


@dataclass(frozen=True)
class Pair:
    """A query and a text that answers it."""

    query: str
    positive: str
    group: str


class Collector:
    """Gathers passages and pairs while documents stream by; all draws come from one seed."""

    def __init__(self, config: CorporaConfig, seed: int) -> None:
        self.config = config
        self.random = random.Random(seed)
        self.passages: list[str] = []
        self.pairs: dict[str, list[Pair]] = {}

    def add(self, source: str, query: str, positive: str, group: str = "") -> None:
        """Keep a pair; too short a query or positive is dropped."""
        query, positive = query.strip()[:120], positive.strip()[:400]
        if len(query) >= 3 and len(positive) >= 15:
            self.pairs.setdefault(source, []).append(Pair(query, positive, group or text_group(positive)))

    def rest_of_paragraph(self, source: str, passages: Iterable[str]) -> None:
        """Inverse cloze: one sentence asks for the others of its passage."""
        for passage in passages:
            sentences = split_sentences(passage)
            if len(sentences) < 2:
                continue
            at = self.random.randrange(len(sentences))
            if 8 <= len(sentences[at]) <= 90:
                kept = self.random.random() >= 0.85
                rest = passage if kept else "".join(sentences[:at] + sentences[at + 1:])
                self.add(source, sentences[at], rest, text_group(passage))

    def heading_query(self, heading: str) -> str:
        """A heading without its number, sometimes in the form of a question."""
        bare = _NUMBERING.sub("", heading).strip("。：: ")
        return self.random.choice(_ASKING).format(bare) if self.random.random() < 0.35 else bare

    def news(self, document: Document) -> None:
        passages = cut_passages(document.lines)
        self.passages += passages
        title = re.sub(r"[【】]", " ", document.title)
        if self.random.random() < 0.2:
            title = re.sub(r"^\S{2,12}：", "", title)
        if "快讯" not in title:
            for number, passage in enumerate(passages[:3]):
                if number == 0 or self.random.random() < 0.35:
                    self.add("news_title", title, passage, document.title)
        self.rest_of_paragraph("news_rest", passages)

    def law(self, document: Document) -> None:
        title = re.sub(r"[（(].*?[)）]", "", document.title)
        for heading, paragraphs in _blocks(document, _markdown_heading):
            passages = cut_passages(paragraphs)
            self.passages += passages
            bare = _NUMBERING.sub("", heading).strip()
            if 2 <= len(bare) <= 30 and bare not in _EMPTY_HEADINGS:
                for passage in self.random.sample(passages, min(2, len(passages))):
                    query = f"{title} {bare}" if self.random.random() < 0.6 else bare
                    self.add("law_heading", query, passage, title + bare)
            if self.random.random() < 0.5:
                self.rest_of_paragraph("law_rest", passages)

    def report(self, document: Document) -> None:
        for heading, paragraphs in _blocks(document, _short_line):
            passages = cut_passages(paragraphs)
            self.passages += passages * self.config.report_repeats
            for passage in passages:
                if heading:
                    self.add("report_heading", self.heading_query(heading), passage, heading)
                sentences = split_sentences(passage)
                if len(sentences) > 1 and 5 <= len(sentences[0]) <= 32:
                    self.add("report_lead", self.heading_query(sentences[0]), "".join(sentences[1:]), sentences[0])
            for _ in range(self.config.report_repeats):
                self.rest_of_paragraph("report_rest", passages)

    def general(self, document: Document) -> None:
        lines = [line for line in document.lines if len(line) > 20 and len(_CJK.findall(line)) > 0.35 * len(line)]
        passages = cut_passages(lines)
        self.random.shuffle(passages)
        self.passages += passages[:self.config.general_passages]
        self.rest_of_paragraph("general_rest", passages[:10])

    def swap_corpora(self, groups: list[list[str]]) -> None:
        """Copies of drawn queries with some words replaced from their synonym group."""
        names = ("news_rest", "report_rest", "report_heading", "report_lead", "news_title", "law_heading")
        drawn = [pair for name in names for pair in self.pairs.get(name, [])]
        self.random.shuffle(drawn)
        drawn = drawn[:self.config.swaps]
        self.pairs["swapped"] = swap_synonyms(drawn, groups, self.config.swap_share, self.random)


def swap_synonyms(pairs: Iterable[Pair], groups: list[list[str]], share: float, draw: random.Random) -> list[Pair]:
    """Pairs whose query has words replaced from their synonym group; unchanged ones are left out."""
    import jieba

    others = {word: [w for w in group if w != word] for group in groups for word in group}
    swapped = []
    for pair in pairs:
        words = [draw.choice(others[word]) if word in others and draw.random() < share else word
                 for word in jieba.cut(pair.query, HMM=False)]
        if (query := "".join(words)) != pair.query:
            swapped.append(Pair(query, pair.positive, pair.group))
    return swapped


def synonym_groups(folder: Path) -> list[list[str]]:
    """Groups of two and more words of 2–4 characters."""
    groups = [[w for w in dict.fromkeys(row["words"]) if 2 <= len(w) <= 4] for row in read_rows(folder / SYNONYMS)]
    return [group for group in groups if len(group) > 1]


def collect(folder: Path, config: CorporaConfig, seed: int, join: written.QueryJoin) -> Collector:
    """Read every public corpus under ``folder``; returns the collector with passages and pairs."""
    into = Collector(config, seed)
    readers: dict[str, Callable[[Document], None]] = {
        "news": into.news, "law": into.law, "report": into.report, "general": into.general}
    for document in read_documents(folder, config.leave_out):
        join.look(document)
        readers[document.source](document)
    for row in read_rows(folder / PARALLEL):
        if 6 <= len(row["zh"]) <= 200 and 15 < len(row["en"]) < 500:
            into.pairs.setdefault("english", []).append(Pair(row["en"], row["zh"], row["zh"]))
    for row in read_rows(folder / PUBLIC):
        into.add(row["source"], row["q"], row["p"])
    groups = synonym_groups(folder)
    into.swap_corpora(groups)
    into.pairs["synonym"] = [
        Pair(word, other, "|".join(sorted(group))) for group in groups
        for word in group for other in into.random.sample(group, min(3, len(group))) if other != word]
    into.random.shuffle(into.passages)
    log.info("%d passages, pairs: %s", len(into.passages), {name: len(rows) for name, rows in into.pairs.items()})
    return into


def written_pairs(rows: Iterable[written.Written]) -> list[Pair]:
    """One pair per query; all queries of a passage are one group."""
    return [Pair(query, row.passage, text_group(row.passage)) for row in rows for query in row.queries]


def wording_pairs(rows: Iterable[written.Written]) -> list[Pair]:
    """Each request for wording with the one sentence that it asks for, where that is known."""
    return [Pair(row.queries[written.WORDING], row.wording, text_group(row.passage)) for row in rows if row.wording]


def text_group(text: str) -> str:
    """Group of a text: equal for texts that begin with the same 60 characters."""
    return hashlib.sha1(text[:60].encode()).hexdigest()[:12]


def _markdown_heading(line: str) -> str | None:
    found = _HEADING.match(line)
    return found.group(1) if found else None


def _short_line(line: str) -> str | None:
    return line if len(line) < 36 and not line.endswith(("。", "：", ":")) else None


def _blocks(document: Document, heading_of: Callable[[str], str | None]) -> Iterator[tuple[str, list[str]]]:
    """(heading, paragraphs below it); text before the first heading has the heading ''."""
    heading, paragraphs = "", []
    for line in document.lines:
        found = heading_of(line)
        if found is None:
            paragraphs.append(line)
        elif paragraphs or found != heading:
            if paragraphs:
                yield heading, paragraphs
            heading, paragraphs = found, []
    if paragraphs:
        yield heading, paragraphs
