"""Cached steps before the contrastive stage: corpora → passages and pairs → tokenizer → word vectors."""

import dataclasses
import hashlib
import json
import logging
import os
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from training import english, pairs, vectors, vocabulary, written
from training.config import Recipe
from training.pairs import Pair

OWN = ("written", "lexicon", "real", "asked")
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Prepared:
    """What the contrastive stage starts from."""

    rows: list[str]
    table: NDArray[np.float32]
    sources: dict[str, list[Pair]]
    held_out: list[written.Written]
    synonyms: list[list[str]]


def prepare(recipe: Recipe, corpora: Path, data: Path, work: Path) -> Prepared:
    """Run or reuse every cached step under ``work``, then add the written material of ``data``."""
    base = prepare_corpora(recipe, corpora, data, work)
    rows, learnt, counts = prepare_vectors(recipe, work, base)
    sources, held_out = prepare_sources(recipe, base, corpora, data)
    rows = rows[:recipe.start.corpus_rows]
    learnt, counts = learnt[:len(rows)], counts[:len(rows)]
    own = [pair for name in OWN for pair in sources[name]]
    if recipe.start.english:
        own += sources["english"]
    texts = [*(pair.query for pair in own), *dict.fromkeys(pair.positive for pair in own)]
    every = vocabulary.extend_vocabulary(rows, texts, recipe.start.min_written)
    tokenizer = vocabulary.build_tokenizer(rows)
    pieces = [tokenizer.encode(row, add_special_tokens=False).ids for row in every[len(rows):]]
    table = vectors.start_table(learnt, counts, recipe.start, pieces)
    if recipe.start.english:
        pairs_en = english.english_pairs(sources, ("english", *OWN))
        table = english.start_english(every, table, pairs_en, vocabulary.build_tokenizer(every), recipe.start.weight)
    return Prepared(every, table, sources, held_out, pairs.synonym_groups(corpora))


def prepare_sources(
    recipe: Recipe, base: Path, corpora: Path, data: Path,
) -> tuple[dict[str, list[Pair]], list[written.Written]]:
    """All pair sources, those of the corpora and our own; and the written rows that are held out."""
    sources = {path.stem: list(_read_pairs(path)) for path in sorted((base / "pairs").glob("*.jsonl"))}
    joined = [written.Written(row["passage"], tuple(row["queries"]), row["theme"], row["wording"])
              for row in _read_json(base / "real.json")]
    material = {"written": written.load_written(data), "lexicon": written.load_lexicon(data),
                "real": [row for row in joined if not row.wording], "asked": [row for row in joined if row.wording]}
    held_out = [row for row in material["written"] if written.is_held_out(row, recipe.holdout)]
    held = set(held_out)
    kept = {name: [row for row in items if row not in held] for name, items in material.items()}
    log.info("written material: %s, held out %d", {name: len(items) for name, items in kept.items()}, len(held))
    sources |= {name: pairs.written_pairs(items) for name, items in kept.items()}
    sources["wording"] = pairs.wording_pairs(kept["asked"])
    own = [pair for name in OWN for pair in sources[name]]
    sources["own_swapped"] = pairs.swap_synonyms(
        own * 2, pairs.synonym_groups(corpora), recipe.corpora.swap_share, random.Random(recipe.vectors_seed))
    return sources, held_out


def prepare_corpora(recipe: Recipe, corpora: Path, data: Path, work: Path) -> Path:
    """Folder with passages.txt, pairs/SOURCE.jsonl and real.json (queries joined with their passages)."""
    keys = hashlib.sha256(b"".join(path.read_bytes() for path in sorted(data.glob("queries_*.jsonl"))))
    folder = work / f"corpora-{recipe.fingerprint('corpora', 'vectors_seed')}-{keys.hexdigest()[:6]}"
    with _once(folder, "corpora") as needed:
        if needed:
            join = written.QueryJoin(data)
            collected = pairs.collect(corpora, recipe.corpora, recipe.vectors_seed, join)
            (folder / "pairs").mkdir(exist_ok=True)
            (folder / "passages.txt").write_text("\n".join(collected.passages) + "\n", encoding="utf-8")
            for name, items in collected.pairs.items():
                lines = (json.dumps([p.query, p.positive, p.group], ensure_ascii=False) for p in items)
                (folder / "pairs" / f"{name}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
            rows = [dataclasses.asdict(row) for row in join.joined()]
            (folder / "real.json").write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")
    return folder


def prepare_vectors(
    recipe: Recipe, work: Path, base: Path,
) -> tuple[list[str], NDArray[np.float32], NDArray[np.int64]]:
    """Vocabulary rows of the corpora, their word vectors and counts."""
    sections = ("corpora", "vocabulary", "vectors", "vectors_seed")
    folder = work / f"vectors-{recipe.fingerprint(*sections)}"
    with _once(folder, "vocabulary and word vectors") as needed:
        if needed:
            passages = (base / "passages.txt").read_text(encoding="utf-8").splitlines()
            rows = vocabulary.choose_vocabulary(passages, recipe.vocabulary)
            tokens = folder / f"tokens-{os.getpid()}.txt"
            count = vectors.write_tokens(vocabulary.build_tokenizer(rows), passages, tokens)
            log.info("vocabulary: %d rows, corpus: %d tokens", len(rows), count)
            learnt, counts = vectors.train_word_vectors(tokens, len(rows), recipe.vectors, recipe.vectors_seed)
            tokens.unlink()
            (folder / "rows.json").write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")
            np.savez(folder / "vectors.npz", vectors=learnt, counts=counts)
    arrays = np.load(folder / "vectors.npz")
    return list(_read_json(folder / "rows.json")), arrays["vectors"], arrays["counts"]


@contextmanager
def _once(folder: Path, what: str) -> Iterator[bool]:
    """Yields whether the step must run; marks the folder done only when it ended well."""
    done = folder / "done"
    needed = not done.exists()
    folder.mkdir(parents=True, exist_ok=True)
    started = time.monotonic()
    yield needed
    if needed:
        done.touch()
        log.info("%s: %.0f s", what, time.monotonic() - started)


def _read_pairs(path: Path) -> Iterator[Pair]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield Pair(*json.loads(line))


def _read_json(path: Path) -> list:
    return json.loads(path.read_text(encoding="utf-8"))
