"""Material written for this project: pairs, lexicon, and queries on passages of the public corpora.

The passages of the last kind may not be redistributed. Their queries are kept with a key (hash and
length of the passage, hash of its beginning) and are joined with the corpora again when training.
"""

import hashlib
import json
import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from training.corpora import Document, read_rows, split_sentences, squash

HEAD = 12
WORDING = 2
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Written:
    """A passage with the queries it answers; ``theme`` groups passages for holding out.

    ``wording`` is the one sentence that the query `WORDING` asks to be shown, where that is known.
    """

    passage: str
    queries: tuple[str, ...]
    theme: str
    wording: str = ""


def load_written(folder: Path) -> list[Written]:
    """Every row of ``pairs_*.jsonl``, first copy of a passage only."""
    rows: dict[str, Written] = {}
    for path in sorted(folder.glob("pairs_*.jsonl")):
        for row in _whole_rows(path):
            rows.setdefault(row["p"], Written(row["p"], tuple(row["q"]), row.get("theme", path.stem)))
    return list(rows.values())


def load_lexicon(folder: Path) -> list[Written]:
    """Every row of ``lexicon_*.jsonl``: an official phrase as the passage."""
    rows: dict[str, Written] = {}
    for path in sorted(folder.glob("lexicon_*.jsonl")):
        for row in _whole_rows(path):
            rows.setdefault(row["e"], Written(row["e"], tuple(row["q"]), row["e"]))
    return list(rows.values())


def _whole_rows(path: Path) -> Iterator[dict]:
    """Rows that parse; a file that is being written may end in half a line."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            yield json.loads(line)
        except json.JSONDecodeError:
            log.warning("%s:%d is not JSON, left out", path.name, number)


def is_held_out(row: Written, share: float) -> bool:
    """Whether the row's theme falls into the development share (by hash, so it never moves)."""
    return int(hashlib.sha1(row.theme.encode()).hexdigest()[:6], 16) / 0x1000000 < share


def passage_key(passage: str) -> dict[str, str | int]:
    """``{"key", "head", "n"}`` by which a passage is found again in its corpus."""
    text = squash(passage)
    return {"key": _sha(text, 16), "head": _sha(text[:HEAD], 8), "n": len(text)}


def write_query_keys(real: Path, target: Path) -> int:
    """Turn ``{"p", "q"}`` files into ``{"key", "head", "n", "q"}`` files; returns the rows written.

    A row may have ``s``: the number, from 1, of the sentence that the query `WORDING` asks for.
    """
    count = 0
    for path in sorted(real.glob("queries_*.jsonl")):
        rows = [{**passage_key(row["p"]), **{name: row[name] for name in ("q", "s") if name in row}} for row in read_rows(path)]
        text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        (target / path.name).write_text(text, encoding="utf-8")
        count += len(rows)
    return count


class QueryJoin:
    """Finds the passages of keyed queries while the corpora stream by."""

    def __init__(self, folder: Path) -> None:
        self.rows = [row for path in sorted(folder.glob("queries_*.jsonl")) for row in _whole_rows(path)]
        self.found: dict[int, Written] = {}
        self._by_head: dict[str, list[int]] = {}
        for number, row in enumerate(self.rows):
            self._by_head.setdefault(row["head"], []).append(number)

    def look(self, document: Document) -> None:
        """Try every place of the document where a passage can begin: a paragraph or a sentence."""
        if document.source not in ("news", "report"):
            return
        text, starts = "", []
        for line in document.lines:
            for sentence in split_sentences(line):
                starts.append(len(text))
                text += sentence
        for start in starts:
            for number in self._by_head.get(_sha(text[start:start + HEAD], 8), ()):
                row = self.rows[number]
                passage = text[start:start + row["n"]]
                if number not in self.found and _sha(passage, 16) == row["key"]:
                    wording = split_sentences(passage)[row["s"] - 1] if "s" in row else ""
                    self.found[number] = Written(
                        passage, tuple(row["q"]), f"real:{document.source}:{row['key']}", wording)

    def joined(self) -> list[Written]:
        """What was found, in the order of the files."""
        log.info("queries on corpus passages: %d of %d joined", len(self.found), len(self.rows))
        return [self.found[number] for number in sorted(self.found)]


def all_queries(rows: Iterable[Written]) -> Iterator[str]:
    """Every query of the rows."""
    for row in rows:
        yield from row.queries


def _sha(text: str, digits: int) -> str:
    return hashlib.sha1(text.encode()).hexdigest()[:digits]
