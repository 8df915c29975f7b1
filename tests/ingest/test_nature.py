"""What a text is: told, never refused."""

from __future__ import annotations

import pytest

from rag.ingest.nature import language, nature_notes

SPEECH = "同志们：\n今天开会，讲三个问题。一是信息要快，二是信息要准，三是信息要实。\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (SPEECH, "zh"),
        ("我们今天召开2024年GDP工作会议，ABC项目投资3.5亿元。", "zh"),
        ("同志們：今天召開全市信息工作會議，總結經驗。", "zh-Hant"),
        ("Comrades, report at once.", "en"),
        ("みなさん、報告はすぐにしてください。", "ja"),
        ("동지 여러분, 정보를 빨리 보고합시다.", "ko"),
        ("Товарищи, докладывайте сразу.", None),
        ("", "zh"),
        ("12345", "zh"),
    ],
)
def test_language(text: str, expected: str | None) -> None:
    assert language(text) == expected


@pytest.mark.parametrize("text", [SPEECH, "", "   ", "在会议上的讲话", "云山苍苍\n江水泱泱\n" * 20])
def test_speeches_need_no_remark(text: str) -> None:
    assert nature_notes(text) == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Report at once. " * 100, "西文"),
        ("Докладывайте сразу. " * 100, "其他文字"),
        ("1,2,3,4;\n" * 500, "数字和符号"),
        ("章庭槐、陶明远、" * 200, "没有句号"),
    ],
)
def test_others_are_told(text: str, told: str) -> None:
    (note,) = nature_notes(text)
    assert told in note
    assert note.endswith("。")
