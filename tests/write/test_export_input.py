"""What can be given to `export`, and what is said of anything else."""

from __future__ import annotations

import json

import pytest

from rag.errors import UsageError
from rag.write.export import Item
from rag.write.export_input import read_items

PLACE = {"speech_id": "a.b", "start": 3, "end": 9}
ANSWER = {
    "points": [{"heading": "要快", "quotes": [{"text": "快", "citation": 2, "start": 3, "end": 9, "also": []}]}],
    "citations": [{"n": 1, "speech_id": "x"}, {"n": 2, "speech_id": "a.b"}],
}


@pytest.mark.parametrize(
    "value",
    [
        [PLACE],
        [PLACE | {"text": "句子", "function": "号召结尾", "title": "题", "file": "a.txt"}],
        {"id": "q1", "passages": [PLACE]},
        {"id": "q1", "answer": ANSWER},
        {"question": "问", **ANSWER},
        PLACE,
    ],
)
def test_places_are_found_in_all_that_the_commands_print(value: object) -> None:
    assert read_items(json.dumps(value), "x") == [Item("a.b", 3, 9)]


def test_notes_are_kept_and_repetitions_left_out() -> None:
    text = json.dumps([PLACE | {"note": "开头"}, PLACE, PLACE])
    assert read_items(text, "x") == [Item("a.b", 3, 9, "开头"), Item("a.b", 3, 9)]


def test_a_run_of_several_lines_is_read_line_by_line() -> None:
    lines = [{"id": "1", "passages": [PLACE]}, {"id": "2", "answer": ANSWER}, {"id": "3", "passages": [PLACE | {"end": 5}]}]
    assert read_items("\n".join(map(json.dumps, lines)), "x") == [Item("a.b", 3, 9), Item("a.b", 3, 5)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "不是 JSON"),
        ("{}\n{", "每行一个 JSON"),
        ("[]", "没有可导出的引文"),
        ("[5]", "第 1 项 缺少 speech_id"),
        ('[{"speech_id": "a", "start": 1.5, "end": 2}]', "应为整数"),
        ('[{"speech_id": "a", "start": true, "end": 2}]', "应为整数"),
        ('[{"speech_id": "a", "start": 1, "end": 2, "note": 3}]', "note 应为"),
        ('{"points": [{"quotes": [{"citation": 7}]}], "citations": []}', "不是完整的 ask 输出"),
    ],
)
def test_anything_else_gets_one_sentence(text: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        read_items(text, "素材.json")
