"""Shared runs of texts, found from grams, extended, joined."""

from __future__ import annotations

import random
from difflib import SequenceMatcher

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.write.extension import Block
from rag.write.runs import Run, best_part, runs_between, runs_within
from rag.write.seeds import LINKS, Corpus, GramIndex, common_grams, exact_stretches
from rag.write.stream import stream_of

COPIED = "守夜人不一定能把火扑灭，但是他第一声喊得早，全城的人就少受一分惊，这就是守夜的用处。"
BEFORE, AFTER = "今年汛期来得早，上游水库已经开闸放水。", "下面由市应急局汇报物资储备的情况。"
OTHER = "各位委员，过去五年我们建了一千二百个基层工会。", "希望大家回去以后抓紧传达。"


def only(a: str, b: str) -> tuple[Run, str, str]:
    one, other = stream_of(a), stream_of(b)
    (run,) = runs_between(one, other)
    spans = one.span(run.start_a, run.end_a), other.span(run.start_b, run.end_b)
    return run, a[spans[0].start : spans[0].end], b[spans[1].start : spans[1].end]


def test_a_copied_sentence_is_one_verbatim_run_whatever_stands_around_it() -> None:
    run, own, other = only(BEFORE + COPIED + AFTER, OTHER[0] + COPIED + OTHER[1])
    assert own == other == COPIED.rstrip("。")
    assert (run.similarity, run.verbatim, run.length) == (1.0, 1.0, 38)


def test_punctuation_and_width_are_no_edits() -> None:
    run, _, other = only(BEFORE + COPIED, OTHER[0] + COPIED.replace("，", ",\n"))
    assert run.similarity == 1.0
    assert ",\n" in other


def test_edits_lower_similarity_and_leave_one_run() -> None:
    changed = COPIED.replace("守夜人", "值班员").replace("一分惊", "很多惊吓")
    run, _, _ = only(BEFORE + "我常说" + COPIED, OTHER[0] + "我常说" + changed)
    assert 0.8 < run.similarity < 1.0
    assert run.verbatim < run.similarity


def test_a_sentence_put_in_between_does_not_split_the_run() -> None:
    halves = COPIED[:22], COPIED[22:]
    run, _, _ = only(COPIED + AFTER, halves[0] + "这是我后来加上的一句话，" + halves[1] + OTHER[1])
    assert run.matched == 38


def test_a_few_common_letters_before_an_unlike_heading_are_no_part_of_the_run() -> None:
    head = "（2019年3月5日）\n同志们：\n一、信息报送要快\n", "（2021年6月1日）\n同志们：\n一、值班要在岗\n"
    _, own, other = only(head[0] + COPIED + AFTER, head[1] + COPIED + OTHER[1])
    assert own == other == COPIED.rstrip("。")


def test_the_best_part_of_an_alignment_leaves_end_pieces_that_cost_more_than_they_match() -> None:
    # A gap of n letters on both sides costs 3n - n = 2n, on one side 3n - n/2 = 2.5n.
    weak, body = Block(0, 0, 5), [Block(9, 9, 20), Block(30, 30, 12)]
    assert best_part([weak, *body]) == body  # 5 < 2 · 4
    assert best_part([Block(0, 0, 9), *body]) == [Block(0, 0, 9), *body]  # 9 > 2 · 0
    assert best_part([*body, Block(44, 42, 5)]) == body  # 5 = 2.5 · 2: no gain
    assert best_part([weak]) == [weak]


def test_unrelated_texts_share_nothing() -> None:
    assert runs_between(stream_of(BEFORE + AFTER), stream_of("".join(OTHER))) == []
    assert runs_between(stream_of(""), stream_of(COPIED)) == []


def test_all_pairs_are_the_pairs_taken_one_by_one() -> None:
    chance = random.Random(7)
    words = [chr(chance.randrange(0x4E00, 0x9FA5)) for _ in range(3000)]
    texts = ["".join(chance.choices(words, k=400)) for _ in range(8)]
    texts[3] = texts[3][:50] + texts[0][100:180] + texts[3][50:]
    texts[6] = texts[6][:200] + texts[0][120:220] + texts[6][200:] + texts[5][30:70]
    streams = [stream_of(text) for text in texts]
    together = {(a, b): [(r.start_a, r.end_a, r.start_b, r.end_b) for r in runs] for a, b, runs in runs_within(streams)}
    alone = {
        (a, b): [(r.start_a, r.end_a, r.start_b, r.end_b) for r in found]
        for a in range(8)
        for b in range(a + 1, 8)
        if (found := runs_between(streams[a], streams[b]))
    }
    assert together == alone
    assert set(together) == {(0, 3), (0, 6), (3, 6), (5, 6)}


def test_a_text_in_very_many_speeches_costs_a_bounded_number_of_links() -> None:
    chance = random.Random(3)
    speeches = ["".join(chr(chance.randrange(0x4E00, 0x9FA5)) for _ in range(60)) + COPIED for _ in range(100)]
    streams = [stream_of(text) for text in speeches]
    corpus = Corpus(streams)
    links = sum(len(here) for here, _ in GramIndex(corpus, 14, None).links(corpus, 0, len(corpus.codes)))
    assert links <= LINKS * len(corpus.codes)
    pairs = {(a, b) for a, b, _ in runs_within(streams)}
    assert {(n, n + 1) for n in range(99)} <= pairs


@settings(max_examples=60)
@given(st.text("甲乙丙丁戊", min_size=0, max_size=40), st.text("甲乙丙丁戊", min_size=0, max_size=40))
def test_exact_stretches_are_the_maximal_ones(a: str, b: str) -> None:
    """Against the definition: equal, not to be lengthened, at least as long as a gram."""
    found = exact_stretches(*common_grams(stream_of(a).codes, stream_of(b).codes, 5), 5).tolist()
    expected = []
    for i in range(len(a)):
        for j in range(len(b)):
            if a[i] != b[j] or (i and j and a[i - 1] == b[j - 1]):
                continue
            n = 0
            while i + n < len(a) and j + n < len(b) and a[i + n] == b[j + n]:
                n += 1
            expected += [[i, j, n]] if n >= 5 else []
    assert sorted(found) == sorted(expected)


@pytest.mark.parametrize("seed", range(5))
def test_blocks_never_claim_what_is_not_equal(seed: int) -> None:
    chance = random.Random(seed)
    a = BEFORE + COPIED + AFTER
    b = "".join(char for char in a if chance.random() > 0.08)
    one, other = stream_of(a), stream_of(b)
    for run in runs_between(one, other):
        assert all(one.text[i : i + n] == other.text[j : j + n] for i, j, n in run.blocks)
        own, theirs = one.text[run.start_a : run.end_a], other.text[run.start_b : run.end_b]
        assert run.similarity >= SequenceMatcher(None, own, theirs, autojunk=False).ratio() - 0.05
