"""Reading what is to be exported: a list of places, or what ask, phrases and batch print."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from rag.errors import UsageError
from rag.write.export import Item

LONGEST_NOTE = 2000
_HOW = "应为 JSON 列表，每项含 speech_id、start、end（可加 note），或 ask、phrases、batch 输出的 JSON。"


def read_items(text: str, name: str) -> list[Item]:
    """The items in a JSON text, or in one with an object a line; ``name`` is what messages call it.

    Understood are a list of {"speech_id", "start", "end", "note"?}, which `phrases --json` and `search --json` print
    too, the object of `ask --json`, and lines of a `batch` run.

    Raises:
        UsageError: it is something else, or holds nothing to export.
    """
    items = [item for value in _values(text, name) for item in _items(value, name)]
    if not items:
        raise UsageError(f"{name} 里没有可导出的引文。{_HOW}")
    return list(dict.fromkeys(items))


def _values(text: str, name: str) -> list[Any]:
    try:
        return [json.loads(text)]
    except ValueError as error:
        lines = [line for line in text.splitlines() if line.strip()]
        if len(lines) < 2:
            raise UsageError(f"{name} 不是 JSON（{error}）。{_HOW}") from error
    try:
        return [json.loads(line) for line in lines]
    except ValueError as error:
        raise UsageError(f"{name} 不是 JSON，也不是每行一个 JSON（{error}）。{_HOW}") from error


def _items(value: Any, name: str) -> Iterator[Item]:
    if isinstance(value, list):
        for n, one in enumerate(value, 1):
            yield _item(one, f"{name} 第 {n} 项")
    elif isinstance(value, dict) and isinstance(value.get("passages"), list):
        yield from _items(value["passages"], name)
    elif isinstance(value, dict) and isinstance(value.get("answer"), dict):
        yield from _answer(value["answer"], name)
    elif isinstance(value, dict) and "points" in value:
        yield from _answer(value, name)
    else:
        yield _item(value, name)


def _answer(answer: dict[str, Any], name: str) -> Iterator[Item]:
    """The quotations of an answer."""
    try:
        speeches = {c["n"]: c["speech_id"] for c in answer["citations"]}
        for point in answer["points"]:
            for quote in point["quotes"]:
                place = {"speech_id": speeches[quote["citation"]], "start": quote["start"], "end": quote["end"]}
                yield _item(place, name)
    except (KeyError, TypeError) as error:
        raise UsageError(f"{name} 不是完整的 ask 输出（{error!r}）。{_HOW}") from error


def _item(value: Any, where: str) -> Item:
    if not isinstance(value, dict) or not isinstance(value.get("speech_id"), str):
        raise UsageError(f"{where} 缺少 speech_id。{_HOW}")
    start, end, note = value.get("start"), value.get("end"), value.get("note") or ""
    if type(start) is not int or type(end) is not int:
        raise UsageError(f"{where} 的 start、end 应为整数，实为 {start!r}、{end!r}。")
    if not isinstance(note, str) or len(note) > LONGEST_NOTE:
        raise UsageError(f"{where} 的 note 应为不超过 {LONGEST_NOTE} 字的文字。")
    return Item(value["speech_id"], start, end, note)
