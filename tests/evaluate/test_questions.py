"""Question files: read whole, or refused with the line that is wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rag.errors import UsageError
from rag.evaluate.questions import read_jsonl, read_questions

GOOD = {"id": "A1", "query": "怎么抓？", "type": "fact", "evidence": [{"file": "f", "quote": "原话", "grade": 2}]}


def write(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_a_question_with_and_one_without_evidence(tmp_path: Path) -> None:
    path = write(tmp_path / "q.jsonl", json.dumps(GOOD), "", json.dumps({"id": 2, "query": "谁？"}), "")
    first, second = read_questions(path)
    assert (first.id, first.type, first.evidence[0].quote, first.answerable) == ("A1", "fact", "原话", True)
    assert (second.id, second.type, second.answerable) == ("2", "", False)


def test_a_byte_order_mark_and_windows_line_ends(tmp_path: Path) -> None:
    (tmp_path / "q.jsonl").write_bytes(b"\xef\xbb\xbf" + (json.dumps(GOOD) + "\r\n" * 2 + json.dumps(GOOD)).encode())
    assert len(read_jsonl(tmp_path / "q.jsonl")) == 2


@pytest.mark.parametrize("separator", ["\u2028", "\u2029", "\x85"])
def test_separators_inside_a_string_do_not_end_the_line(tmp_path: Path, separator: str) -> None:
    row = {**GOOD, "query": f"前{separator}后"}
    (one,) = read_jsonl(write(tmp_path / "q.jsonl", json.dumps(row, ensure_ascii=False)))
    assert one["query"] == f"前{separator}后"


def test_a_lone_surrogate_becomes_a_question_mark(tmp_path: Path) -> None:
    (one,) = read_jsonl(write(tmp_path / "q.jsonl", '{"id": "x", "query": "信\\ud800息"}'))
    assert one["query"] == "信?息"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "第 2 行不是 JSON"),
        ("[]", "第 2 行缺少 id 或 query"),
        ('"text"', "第 2 行缺少 id 或 query"),
        ('{"id": "x"}', "第 2 行缺少 id 或 query"),
        ('{"query": "x"}', "第 2 行缺少 id 或 query"),
        ('{"id": "x", "query": 5}', "第 2 行缺少 id 或 query"),
        ('{"id": "x", "query": "?", "evidence": [{"file": "f"}]}', "x 的 evidence 不完整"),
        ('{"id": "x", "query": "?", "evidence": {"file": "f"}}', "x 的 evidence 不完整"),
        (
            '{"id": "x", "query": "?", "evidence": [{"file": "f", "quote": "q", "grade": "high"}]}',
            "x 的 evidence 不完整",
        ),
    ],
)
def test_bad_lines_are_named(tmp_path: Path, line: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        read_questions(write(tmp_path / "q.jsonl", json.dumps(GOOD), line))


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "gbk.jsonl").write_bytes("怎么".encode("gb18030"))
    for path in (tmp_path / "none.jsonl", tmp_path, tmp_path / "gbk.jsonl"):
        with pytest.raises(UsageError, match="无法读取"):
            read_jsonl(path)
