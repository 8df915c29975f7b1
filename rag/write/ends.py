"""Ends of shared runs at sentences: the last letters of one sentence, before whole ones that are shared, are chance.

«…（2019年3月5日）\\n同志们：» and «…（2021年6月1日）\\n同志们：» share the line, and not the «日» before it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.write.extension import Block
from rag.write.runs import Run
from rag.write.stream import Stream

FRAGMENT = 5  # letters
_BREAK = re.compile(r"[。！？!?\n]")


def at_sentences(run: Run, texts: tuple[str, str], streams: tuple[Stream, Stream]) -> Run:
    """The run without up to `FRAGMENT` letters of a sentence that it cuts, where a whole one begins or ends beside them.

    ``texts`` and ``streams`` are those of the two speeches. What is cut is exact on both sides.
    """
    head = _fragment(run.blocks[0], texts, streams)
    first = run.blocks[0]
    blocks = (Block(first.start_a + head, first.start_b + head, first.length - head), *run.blocks[1:])
    last = blocks[-1]
    tail = _fragment(last, texts, streams, from_end=True)
    return Run((*blocks[:-1], last._replace(length=last.length - tail)))


def _fragment(block: Block, texts: tuple[str, str], streams: tuple[Stream, Stream], *, from_end: bool = False) -> int:
    """How many letters of the block, from one of its ends, belong to a sentence that both sides enter in the middle."""

    def breaks(n: int) -> bool:
        own = _breaks(texts[0], streams[0], block.start_a + n)
        return own and _breaks(texts[1], streams[1], block.start_b + n)

    if breaks(block.length if from_end else 0):
        return 0
    reach = range(1, min(FRAGMENT, block.length - 1) + 1)
    return next((n for n in reach if breaks(block.length - n if from_end else n)), 0)


def _breaks(text: str, stream: Stream, position: int) -> bool:
    """Whether a sentence or a line ends between a position of the stream and the one before it."""
    if position in (0, len(stream)):
        return True
    between: Sequence[int] = stream.offsets[position - 1 : position + 1].tolist()
    return _BREAK.search(text, between[0] + 1, between[1]) is not None
