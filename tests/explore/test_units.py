"""Which units a text names."""

from __future__ import annotations

import pytest

from rag.explore.units import UnitNames

TEXTS = (
    "今年，鹭洲县总工会做了三件事。",
    "在鹭洲县，企业都建了工会。",
    "我们全县各乡镇都在学鹭洲县的做法，城市社区和农村也一样。",
)


@pytest.fixture
def names() -> UnitNames:
    return UnitNames.learn(TEXTS, ["澜川重机集团", "市总工会"])


def test_places_are_learnt_from_where_they_stand(names: UnitNames) -> None:
    assert names.places == {"鹭洲县"}


def test_a_unit_is_named_as_far_as_the_text_names_it(names: UnitNames) -> None:
    text = "去年鹭洲县总工会和澜川重机集团结对，鹭洲县委办公室牵头。"
    found = names.mentions(text)
    assert [one.name for one in found] == ["鹭洲县总工会", "澜川重机集团", "鹭洲县委办公室"]
    assert [text[one.start : one.end] for one in found] == [one.name for one in found]


def test_mentions_keep_to_their_range(names: UnitNames) -> None:
    text = "鹭洲县在前，鹭洲县在后。"
    assert [one.start for one in names.mentions(text, 3, len(text))] == [6]


def test_a_bare_office_is_no_name_to_look_for(names: UnitNames) -> None:
    assert names.mentions("市总工会来了人，全市上下都支持，老城区、乡村也支持。") == []


@pytest.mark.parametrize(
    "text", ["各地各县市都要学。" * 2, "这座城市的社区，那座城市的社区。" * 2, "我县、本县、全县，后进村、重点村。" * 2]
)
def test_common_words_are_no_places(text: str) -> None:
    assert UnitNames.learn([text], []).places == frozenset()
