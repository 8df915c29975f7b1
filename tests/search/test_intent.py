"""What kind of answer a question wants."""

from __future__ import annotations

import pytest

from rag.search.intent import COMPARISON, FACT, PHRASE, PRECEDENT, TOPIC, is_broad, read_intent


@pytest.mark.parametrize(
    ("question", "intent"),
    [
        ("紧急信息多少小时内上报", FACT),
        ("哪一年开的会", FACT),
        ("谁负责督办", FACT),
        ("how many hours do units have", FACT),
        ("形容办公室工作细致不出错的说法", PHRASE),
        ("有没有现成的比喻", PHRASE),
        ("别的地方怎么抓信息报送", PRECEDENT),
        ("有没有单位做过约稿制度", PRECEDENT),
        ("信息报送这些年有什么变化", COMPARISON),
        ("信息报送", TOPIC),
        ("他们对信息报送是怎么讲的", TOPIC),
        ("", TOPIC),
    ],
)
def test_intents(question: str, intent: str) -> None:
    assert read_intent(question) == intent


def test_broad_questions_are_those_for_several_voices() -> None:
    assert is_broad("他们对信息报送是怎么讲的")
    assert is_broad("what did they say about information reporting")
    assert not is_broad("信息报送")
    assert not is_broad("他们要求多少小时内上报")
