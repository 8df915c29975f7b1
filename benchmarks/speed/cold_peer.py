"""python -m benchmarks.speed.cold_peer FOLDER QUESTION: the least a process can do that starts with files and a question.

Reads the texts, cuts them, indexes jieba words with bm25s and prints the five best passages: no vectors, no citations.
"""

from __future__ import annotations

import logging
import sys
from pathlib import Path

from benchmarks.quality.corpus import chunks, jieba_words, read_texts
from rag.evaluate.search_metrics import Ranked


def main(folder: str, question: str) -> None:
    import bm25s
    import jieba

    jieba.setLogLevel(logging.WARNING)
    logging.getLogger("bm25s").setLevel(logging.ERROR)
    passages: list[Ranked] = chunks(read_texts(Path(folder)))
    index = bm25s.BM25()
    index.index([jieba_words(p.text) for p in passages], show_progress=False)
    found, _ = index.retrieve([jieba_words(question)], k=min(5, len(passages)), show_progress=False)
    for n in found[0]:
        print(passages[int(n)].file, passages[int(n)].text)


if __name__ == "__main__":
    main(*sys.argv[1:])
