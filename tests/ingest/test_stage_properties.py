"""Each stage of cleaning by itself, on text of any kind: exact offsets, nothing lost, no exception."""

from __future__ import annotations

import os
from itertools import pairwise

from dirt import any_unicode, dirty_text
from document_checks import MAX_PASSAGE
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rag.ingest.lines import display_width, split_lines
from rag.ingest.nature import language, nature_notes
from rag.ingest.outline import outline, path_at
from rag.ingest.passages import passages
from rag.ingest.secrecy import secrecy_mark
from rag.ingest.splitting import split_speeches
from rag.text.normalize import matching_copy, normalize
from rag.text.sentences import MAX_SENTENCE, sentences, trim
from rag.types import SourceText, Span

TEXTS = st.one_of(dirty_text(), any_unicode())
UNSEEN = "\x00\u200b\u200c\u200d\u2060\ufeff\u00ad\u180e"
patient = settings(
    max_examples=int(os.environ.get("YANJU_EXAMPLES", "120")),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def paragraphs_of(text: str) -> list[Span]:
    """The lines of a text that are not empty, as cleaning hands them on."""
    spans, at = [], 0
    for line in text.split("\n"):
        span = trim(text, at, at + len(line))
        spans += [span] if span.end > span.start else []
        at += len(line) + 1
    return spans


@patient
@given(TEXTS, st.sampled_from(("txt", "md")))
def test_lines_and_what_stands_between_them_are_the_text(text: str, format: str) -> None:
    lines = split_lines(SourceText(text, format))
    assert all("".join(text[a:b] for a, b in line.spans) == line.text for line in lines)
    kept = sorted([span for line in lines for span in (*line.spans, *(mark[:2] for mark in line.marks))])
    assert all(a[1] <= b[0] for a, b in pairwise(kept))
    between = "".join(text[a[1] : b[0]] for a, b in pairwise([(0, 0), *kept, (len(text), len(text))]))
    assert not between.strip(UNSEEN + "".join(char for char in between if char.isspace()))


@patient
@given(TEXTS)
def test_widths_count_wide_characters_twice(text: str) -> None:
    assert display_width(text) == sum(2 if ord(char) > 0x2E7F else 1 for char in text)


@patient
@given(TEXTS)
def test_sentences_are_in_order_bounded_and_leave_only_white_space(text: str) -> None:
    at = 0
    for start, end in sentences(text):
        assert not text[at:start].strip()
        assert start < end <= start + MAX_SENTENCE
        assert text[start:end] == text[start:end].strip()
        at = end
    assert not text[at:].strip()


@patient
@given(TEXTS)
def test_splitting_gives_every_line_to_one_part_or_to_the_removals(text: str) -> None:
    lines = [line for line in split_lines(SourceText(text, "txt")) if not line.blank]
    split = split_speeches(lines)
    given_ = [line.index for part in split.parts for line in part.lines]
    assert len(given_) == len(set(given_))
    assert {*given_, *split.removed} == {line.index for line in lines}


@patient
@given(TEXTS)
def test_outlines_nest_and_passages_follow_them(text: str) -> None:
    spans = paragraphs_of(text)
    nodes = outline(text, spans)
    for n, node in enumerate(nodes):
        assert 0 <= node.start < node.heading_end <= node.end <= len(text)
        assert node.parent is None or node.parent < n
        assert node.kind == "inline" or n in path_at(nodes, node.start)
    found = passages(text, spans, nodes)
    held = [span for passage in found for span in passage.sentences]
    assert held == [sentence for span in spans for sentence in sentences(text, *span)]
    assert all(passage.end - passage.start <= MAX_PASSAGE for passage in found)


@patient
@given(TEXTS)
def test_matching_copies_lead_back(text: str) -> None:
    copy = matching_copy(text)
    assert len(copy.text) == len(copy.offsets)
    assert copy.text == normalize(text)
    assert list(copy.offsets) == sorted(copy.offsets)


@patient
@given(TEXTS)
def test_looking_at_a_text_never_fails(text: str) -> None:
    assert language(text) in ("zh", "zh-Hant", "ja", "ko", "en", None)
    assert all(note.endswith("。") for note in nature_notes(text))
    mark = secrecy_mark(text)
    assert mark is None or mark in text
