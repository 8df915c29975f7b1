"""What a quotation needs beside it to be understood: the sentence before, the one after, the head of its table."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.ingest.marks import heading_label, is_title
from rag.text.normalize import squash
from rag.types import Span

# A sentence that opens like this leans on the one before it.
_LEANS_BACK = re.compile(
    r"^(?:这|此|其(?!实)|它|他们?|她|对此|因此|为此|同时|此外|另外|而且|并且|但是?|可是|然而|所以|否则|只有这样|由此|从而|特别是|尤其是|比如|例如|如[：:，,]|即|也就是|换句话说|总之|相反|再[就说]|反之)"
)
_LEANS_ON = re.compile(r"[：:]$")
_UNFINISHED = re.compile(r"[；;？?]$")  # a half sentence, or a question that the next words answer
# At an end «遥» and «o» are full stops, mis-recognised.
_CLOSED = re.compile(r"[。！？!?：:；;…”’」』）)\]】遥]$|[\u4e00-\u9fff][oO0]$")
LONGEST_HEADING = 40
SHORTEST_LINE = 16  # a line of prose that the page breaks is longer than an entry of a list


class Neighbours:
    """The sentences of one passage, and how each hangs together with the next. ``headings`` are those above the passage."""

    def __init__(self, text: str, spans: Sequence[Span], headings: Sequence[str]) -> None:
        self._text = text
        self._spans = spans
        self._headings = {_bare(heading) for heading in headings}

    def needs_before(self, n: int) -> bool:
        """Whether the sentence says too little without the one before it."""
        if n == 0:
            return False
        if self._parted(n - 1):
            return self._is_cut(n - 1)
        return bool(_LEANS_BACK.match(self._said(n)))

    def needs_after(self, n: int) -> bool:
        """Whether the sentence says too little without the one after it."""
        if n + 1 >= len(self._spans):
            return False
        said = self._said(n)
        if _LEANS_ON.search(said) or self.is_heading(n):
            return True
        return self._is_cut(n) if self._parted(n) else bool(_UNFINISHED.search(said))

    def is_half(self, n: int) -> bool:
        """Whether the sentence ends at a semicolon, with more to come."""
        return n + 1 < len(self._spans) and self._said(n)[-1] in "；;"

    def open_quotation(self, first: int, last: int) -> int:
        """How many quotation marks are opened and not closed from one sentence to another; less than 0 the other way round."""
        said = self._text[self._spans[first].start : self._spans[last].end]
        return said.count("“") - said.count("”")

    def is_heading(self, n: int) -> bool:
        """Whether the sentence is but the heading of what follows."""
        said = self._said(n)
        if _bare(said) in self._headings:
            return True
        alone = (n == 0 or self._parted(n - 1)) and n + 1 < len(self._spans) and self._parted(n)
        return alone and len(said) < LONGEST_HEADING and heading_label(said) is not None

    def table_head(self, n: int) -> int:
        """The first line of the table that the sentence is a line of; the sentence itself outside tables."""
        while n and "\t" in self._said(n) and "\t" in self._said(n - 1):
            n -= 1
        return n

    def _said(self, n: int) -> str:
        return self._text[self._spans[n].start : self._spans[n].end]

    def _parted(self, n: int) -> bool:
        """Whether a line ends between the sentence and the next."""
        return "\n" in self._text[self._spans[n].end : self._spans[n + 1].start]

    def _is_cut(self, n: int) -> bool:
        """Whether the line that the sentence ends is one of prose, broken before the sentence was at its end."""
        said = self._said(n)
        return (
            len(squash(said)) >= SHORTEST_LINE
            and re.search("[，,、]", said) is not None
            and not _CLOSED.search(said)
            and "\t" not in said
            and _bare(said) not in self._headings
            and heading_label(said) is None
            and not is_title(said)
        )


def _bare(heading: str) -> str:
    return squash(heading).rstrip("。")
