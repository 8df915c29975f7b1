"""Which sentences their quotations support."""

from __future__ import annotations

import pytest
from quoted import QUOTES, written_claims

from rag.encoder.base import Encoder
from rag.generate.facts import quotations
from rag.generate.support import Checker
from rag.search.alignment import WordVectors
from rag.text.words import Analyzer

GROUPS = written_claims()


@pytest.fixture(scope="module")
def vectors(encoder: Encoder) -> WordVectors:
    return WordVectors(encoder)


@pytest.fixture(scope="module")
def checker(analyzer: Analyzer, vectors: WordVectors) -> Checker:
    return Checker(dict(enumerate(QUOTES, 1)), analyzer, vectors)


@pytest.mark.parametrize("group", GROUPS, ids=range(len(GROUPS)))
def test_no_written_claim_that_says_something_else_passes(
    group: dict[str, list[str]], analyzer: Analyzer, vectors: WordVectors
) -> None:
    quotes = dict(enumerate(group["quotes"], 1))
    for near in (vectors, None):
        checked = Checker(quotes, analyzer, near)
        assert [text for text in group["unsupported"] if checked.supporting(text, list(quotes))] == []


def test_most_faithful_claims_pass(analyzer: Analyzer, vectors: WordVectors) -> None:
    passed = [
        bool(Checker(dict(enumerate(group["quotes"], 1)), analyzer, vectors).supporting(text, range(1, 9)))
        for group in GROUPS
        for text in group["supported"]
    ]
    assert sum(passed) / len(passed) >= 0.9


@pytest.mark.parametrize(
    ("sentence", "cited", "kept"),
    [
        (QUOTES[0], [1], (1,)),
        (QUOTES[0], [2], ()),
        (QUOTES[0], [], ()),
        (QUOTES[0], [9], ()),
        (QUOTES[0], [9, 1, 1], (1,)),
        (QUOTES[0], [2, 3, 1, 4], (1,)),  # padding goes
        ("紧急信息要在2小时内报告，迟报、漏报、瞒报的一律通报批评。", [1, 2], (1, 2)),
        ("紧急信息要在2小时内报告，迟报、漏报、瞒报的一律通报批评。", [1], ()),
        ("紧急信息要在4小时内向市委值班室报告。", [1], ()),  # that is the limit for the written report
        ("采用率24.6%，紧急信息要在3.2小时内报告。", [1, 3], ()),
        ("紧急信息要在1,268小时内向市委值班室报告。", [1, 3], ()),  # a number does not change its quotation
        ("他常说：“信息就是信任，报得准才站得住。”", [4], (4,)),
        ("他常说：“信息就是信任，报得快才站得住。”", [4], ()),
        ("他常说：「信息就是信任」。", [4], (4,)),
        ("他常说：「信息就是信任。", [4], ()),
        ("这句话写进了《云堰市政务信息工作办法》。", [4], (4,)),
        ("这句话写进了《云堰市政务信息工作条例》。", [4], ()),
        ("，。", [1], ()),
        ("同时，也就是说。", [1], ()),
    ],
)
def test_support(checker: Checker, sentence: str, cited: list[int], kept: tuple[int, ...]) -> None:
    assert checker.supporting(sentence, cited) == kept


@pytest.mark.parametrize(
    ("quote", "claim"),
    [
        ("任何单位不得迟报、漏报、瞒报信息。", "任何单位要迟报、漏报、瞒报信息。"),
        ("各单位要及时报送紧急信息。", "各单位不要及时报送紧急信息。"),
        ("禁止用公款请客送礼。", "要用公款请客送礼。"),
        ("会议没有解决群众反映的问题。", "会议解决群众反映的问题。"),
        ("会议解决了群众反映的问题。", "会议未解决群众反映的问题。"),
        ("信息工作增长百分之三十。", "信息工作增长百分之十三。"),
        ("全市有三成信息被采用。", "全市有八成信息被采用。"),
        ("例会改在周五上午召开。", "例会改在周三上午召开。"),
        ("试点时间是两个月，信息要日清日结。", "试点时间是两个小时，信息要日清日结。"),
        ("请各单位于3月5日前报送信息材料。", "请各单位于3月５５日前报送信息材料。"),
        ("经费由县财政局统一安排使用。", "经费由县民政局统一安排使用。"),
        ("由李建国同志负责信息报送工作。", "由王建国同志负责信息报送工作。"),
        ("值班员小费觉得不对，多打了一个电话。", "值班员小张觉得不对，多打了一个电话。"),
        ("局长当天打电话道歉，三天内改好。", "科长当天打电话道歉，三天内改好。"),
        ("希望各级工会办好一阵子，管好一辈子。", "希望各级科协办好一阵子，管好一辈子。"),
        ("一个字没有写，到底由谁去捞。", "一个字写，到底由谁去捞。"),
        ("茶不能凉，凉了寒的是人心。", "茶凉，凉了寒的是人心。"),
        ("信息系统由本市自行开发维护。", "信息系统由IBM自行开发维护。"),
        ("信息工作要抓紧抓实抓好。", "信息工作要抓紧抓实抓好☭。"),
        ("甲县报送信息30条，乙县报送信息20条。", "甲县报送信息20条。"),
        ("参会的有部分县区的信息员。", "参会的有全部县区的信息员。"),
    ],
)
def test_a_changed_fact_or_sign_removes_the_sentence(
    quote: str, claim: str, analyzer: Analyzer, vectors: WordVectors
) -> None:
    checked = Checker({1: quote}, analyzer, vectors)
    assert checked.supporting(quote, [1]) == (1,)
    assert checked.supporting(claim, [1]) == ()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("无引号", []),
        ('甲说「乙」、“丙”和"丁"', ["乙", "丙", "丁"]),
        ("甲说「乙说『丙』」", ["乙说『丙』", "丙"]),
        ("甲说“乙", None),
        ("甲说乙”", None),
        ("甲说「乙“丙」丁”", None),
    ],
)
def test_quotations(text: str, found: list[str] | None) -> None:
    got = quotations(text)
    assert (sorted(got) if got is not None else None) == (sorted(found) if found is not None else None)
