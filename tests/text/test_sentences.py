"""Where sentences end."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.text.sentences import MAX_SENTENCE, misread_stops, sentences, trim

LONG = "各级办公室要把信息报送放在心上抓在手上"  # 19 characters


def split(text: str) -> list[str]:
    return [text[a:b] for a, b in sentences(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("快报。慎报！报了吗？", ["快报。", "慎报！", "报了吗？"]),
        ("他说：“快报。”大家记住了。", ["他说：“快报。”", "大家记住了。"]),
        ("解决“谁来干？怎么干？”的问题。要快。", ["解决“谁来干？怎么干？”的问题。", "要快。"]),
        ("做到“快！”“准！”，再说“实！”字。", ["做到“快！”“准！”，再说“实！”", "字。"]),
        ("他问：“谁来干？怎么干？”没人说话。", ["他问：“谁来干？", "怎么干？”", "没人说话。"]),
        ("古人说：“行之惟艰。”，我们也是。", ["古人说：“行之惟艰。”，我们也是。"]),
        ("一句“没完。二句。的确。", ["一句“没完。", "二句。", "的确。"]),
        ("等等……再说。", ["等等……", "再说。"]),
        ("真的吗？！是的。", ["真的吗？！", "是的。"]),
        ("投资3.5亿元，增长7.2%。", ["投资3.5亿元，增长7.2%。"]),
        ("第一行\n第二行", ["第一行", "第二行"]),
        ("  前后有空白。　 ", ["前后有空白。"]),
        ("We met. Then we left (early). Done", ["We met.", "Then we left (early).", "Done"]),
        ("Mr. smith came.", ["Mr. smith came."]),
        ("工作抓好遥责任压实遥", ["工作抓好遥", "责任压实遥"]),
        ("遥远的地方，逍遥自在，遥感测绘。", ["遥远的地方，逍遥自在，遥感测绘。"]),
        ("", []),
        ("\n \n", []),
        ("。", ["。"]),
    ],
)
def test_sentences_end_where_a_reader_ends_them(text: str, expected: list[str]) -> None:
    assert split(text) == expected


def test_a_semicolon_divides_only_clauses_that_stand_alone() -> None:
    assert split(f"{LONG}；{LONG}。") == [f"{LONG}；", f"{LONG}。"]
    assert split(f"快；{LONG}。") == [f"快；{LONG}。"]
    assert split(f"{LONG}；慢。") == [f"{LONG}；慢。"]


def test_a_sentence_without_end_is_cut_at_commas() -> None:
    parts = split("，".join([LONG] * 60))
    assert len(parts) > 3
    assert all(len(part) <= MAX_SENTENCE for part in parts)
    assert all(part.endswith("，") for part in parts[:-1])


def test_a_sentence_without_commas_is_cut_anywhere() -> None:
    parts = split("好" * (2 * MAX_SENTENCE + 1))
    assert [len(part) for part in parts] == [MAX_SENTENCE, MAX_SENTENCE, 1]


def test_bounds_limit_the_search() -> None:
    text = "甲。乙。丙。"
    assert sentences(text, 2, 4) == [(2, 4)]
    assert sentences(text, 1, 3) == [(1, 2), (2, 3)]


@given(st.text(st.sampled_from("好学a. 。！？；，…”)\n\t遥1A\u3000"), max_size=400))
def test_sentences_hold_all_that_is_no_white_space(text: str) -> None:
    spans = sentences(text)
    at = 0
    for span in spans:
        assert at <= span.start < span.end
        assert span.end - span.start <= MAX_SENTENCE
        assert not text[at : span.start].strip()
        assert text[span.start : span.end].strip() == text[span.start : span.end]
        assert "\n" not in text[span.start : span.end]
        at = span.end
    assert not text[at:].strip()


def test_misread_stops_are_only_those_that_cannot_be_words() -> None:
    assert misread_stops("认真落实遥路途遥远。遥遥领先") == [4]
    assert misread_stops("没有") == []


def test_trim() -> None:
    assert trim(" 甲 乙\u3000", 0, 5) == (1, 4)
    assert trim("   ", 0, 3) == (3, 3)
