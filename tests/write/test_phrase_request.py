"""The thing to be put into words, told from the words of asking."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.functions.labels import LABELS
from rag.write.request import read_request


@pytest.mark.parametrize(
    ("text", "thing"),
    [
        ("形容工作细致不出错的说法", "工作细致不出错"),
        ("有没有现成的句子，形容办公室工作细致？", "办公室工作细致"),
        ("怎么形容干部作风漂浮", "干部作风漂浮"),
        ("关于团结，有没有现成的说法", "团结"),
        ("劝人早点报、别怕报错的硬气话", "劝人早点报、别怕报错"),
        ("巡察期间立行立改要求怎么表述", "巡察期间立行立改要求"),
        ("用造屋讲写作、劝人少雕琢词句的排比", "用造屋讲写作、劝人少雕琢词句"),
        ("a metaphor for a trade union bringing people together", "a trade union bringing people together"),
        ("how to put fear of making mistakes", "fear of making mistakes"),
    ],
)
def test_the_words_of_asking_are_taken_away(text: str, thing: str) -> None:
    assert read_request(text).thing == thing


@pytest.mark.parametrize(
    "text", ["少用形容词，用数字说话", "方法比蛮力重要", "批评把工会当过渡站", "信息报送", "要求管好民生资金"]
)
def test_words_that_only_look_like_asking_stay(text: str) -> None:
    assert read_request(text).thing == text


@pytest.mark.parametrize(
    ("text", "functions"),
    [
        ("把党支部比作秤砣的话", ("比喻警句",)),
        ("劝写材料的人落笔慎重的老话", ("比喻警句", "引经据典")),
        ("讲话结尾鼓劲的排比", ("排比", "号召结尾")),
        ("a nice closing line about somebody waiting", ("号召结尾",)),
        ("批评把工会当过渡站的说法", ()),
    ],
)
def test_the_functions_that_a_request_names(text: str, functions: tuple[str, ...]) -> None:
    assert read_request(text).functions == functions
    assert set(functions) <= set(LABELS)


@given(st.text(alphabet="的说法有没形容句子金怎么写话，？ab排比", max_size=30))
def test_something_is_always_left_and_it_stands_in_the_request(text: str) -> None:
    thing = read_request(text).thing
    assert thing in text
    assert len(thing) >= min(2, len(text.strip()))
