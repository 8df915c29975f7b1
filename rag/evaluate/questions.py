"""Question files: JSON Lines of {"id", "type", "query", "evidence": [{"file", "quote", "grade"}]}."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rag.errors import UsageError


@dataclass(frozen=True)
class Evidence:
    """A verbatim quotation that answers (grade 2) or helps (grade 1)."""

    file: str
    quote: str
    grade: int


@dataclass(frozen=True)
class Question:
    """One question; without evidence it is unanswerable."""

    id: str
    query: str
    type: str
    evidence: tuple[Evidence, ...]

    @property
    def answerable(self) -> bool:
        return bool(self.evidence)


def read_jsonl(path: Path) -> list[dict[str, Any]]:
    """Objects of a JSON Lines file.

    Raises:
        UsageError: the file cannot be read, or a line is no JSON object; the message names the line.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"无法读取 {path}（{error}）。") from error
    rows: list[dict[str, Any]] = []
    for n, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            raise UsageError(f"{path} 第 {n} 行不是 JSON（{error}）。") from error
        if not isinstance(row, dict) or not isinstance(row.get("query"), str) or "id" not in row:
            raise UsageError(f"{path} 第 {n} 行缺少 id 或 query。")
        # A lone surrogate («\\ud800») is legal JSON, but no text.
        rows.append({**row, "query": row["query"].encode("utf-8", "replace").decode()})
    return rows


def read_questions(path: Path) -> list[Question]:
    """Questions with their evidence.

    Raises:
        UsageError: the file cannot be read or misses fields.
    """
    out = []
    for row in read_jsonl(path):
        try:
            evidence = tuple(Evidence(e["file"], e["quote"], int(e["grade"])) for e in row.get("evidence") or [])
        except (KeyError, TypeError, ValueError) as error:
            raise UsageError(f"{path} 中 {row['id']} 的 evidence 不完整（{error}）。") from error
        out.append(Question(str(row["id"]), row["query"], str(row.get("type", "")), evidence))
    return out
