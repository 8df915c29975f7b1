"""Which sentences cannot be quoted without their neighbours: points of a list, backward references, list heads."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.ingest.marks import is_salutation
from rag.types import Span

_ORDINAL = r"(?:[一二三四五六七八九十]是|其[一二三四五六]|[（(]?[一二三四五六七八九十][）)]|第[一二三四五六七八九十]+[，,、]|首先|其次|再次|再者|最后|另一方面|一方面)"
_LEANS_BACK = re.compile(
    rf"{_ORDINAL}|这|此|其(?!实)|它|他们?(?!说)|她|对此|因此|为此|同时|此外|另外|而且|并且|但是?|可是|然而|所以|否则|不然|由此|从而|特别是|尤其是"
    r"|比如|例如|如[：:，,]|即|也就是|换句话说|总之|相反|反之|同样|那么"
)
_OPEN_END = re.compile(r"[：:；;—][”’」』）)]*$")


def with_neighbours(text: str, sentences: Sequence[Span], core: int, longest: int) -> Span:
    """The sentence with the neighbours that it needs, as far as they stand beside it and ``longest`` characters allow.

    A sentence needs the one before it when it is a point of a list («一是»), refers back («这»), or continues what ends in
    a colon or a semicolon; it needs the one after it when it ends so itself. Other paragraphs are needed for lists only.
    """
    first = last = core

    def fits(a: int, b: int) -> bool:
        return a >= 0 and b < len(sentences) and sentences[b].end - sentences[a].start <= longest

    def needs_before() -> bool:
        if not fits(first - 1, last):
            return False
        before, gap = sentences[first - 1], text[sentences[first - 1].end : sentences[first].start]
        if is_salutation(text[before.start : before.end]):
            return False
        listed = _OPEN_END.search(text, before.start, before.end) is not None
        leans = _LEANS_BACK.match(text, sentences[first].start) is not None
        return listed or (leans and "\n" not in gap)

    while needs_before():
        first -= 1
    while fits(first, last + 1) and _OPEN_END.search(text, sentences[last].start, sentences[last].end):
        last += 1
    return Span(sentences[first].start, sentences[last].end)
