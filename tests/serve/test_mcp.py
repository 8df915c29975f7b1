"""The tools for language models, called by the official client over standard input and output."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from mcp import ClientSession, StdioServerParameters, stdio_client
from mcp.types import CallToolResult, TextContent
from servers import clean_environment, printed

from rag.config import ROOT

QUESTION = "紧急信息多长时间内上报"


def talk(archive: Path, work: Callable[[ClientSession], Awaitable[None]]) -> None:
    """Starts `python -m rag mcp` on an archive and does ``work`` with it."""

    async def session() -> None:
        command = ["-m", "rag", "mcp", "--archive", str(archive)]
        server = StdioServerParameters(command=sys.executable, args=command, cwd=ROOT, env=clean_environment())
        async with stdio_client(server) as (reading, writing), ClientSession(reading, writing) as client:
            await client.initialize()
            await work(client)

    asyncio.run(session())


def said(result: CallToolResult) -> str:
    return "".join(part.text for part in result.content if isinstance(part, TextContent))


def test_the_tools_say_what_the_command_line_says(sample_archive: Path) -> None:
    found: dict[str, Any] = {}

    async def work(client: ClientSession) -> None:
        tools = (await client.list_tools()).tools
        found["tools"] = {tool.name: tool for tool in tools}
        found["search"] = await client.call_tool("search", {"query": QUESTION, "k": 3, "year": "2012-2020"})
        found["phrases"] = await client.call_tool("phrases", {"query": QUESTION, "function": ["部署要求"], "k": 3})
        found["ask"] = await client.call_tool("ask", {"question": QUESTION})

    talk(sample_archive, work)
    assert set(found["tools"]) == {"search", "ask", "phrases", "read"}
    assert all(tool.description and tool.annotations.read_only_hint for tool in found["tools"].values())
    options = ("--archive", sample_archive, "--json")
    assert found["search"].structured_content["result"] == printed(
        "search", QUESTION, "-k", "3", "--year", "2012-2020", *options
    )
    assert found["phrases"].structured_content["result"] == printed(
        "phrases", QUESTION, "-k", "3", "--function", "部署要求", *options
    )
    assert found["ask"].structured_content == printed("ask", QUESTION, *options)


def test_a_quotation_can_be_read_where_it_stands(sample_archive: Path) -> None:
    async def work(client: ClientSession) -> None:
        hit = (await client.call_tool("search", {"query": QUESTION, "k": 1})).structured_content["result"][0]
        place = {"speech_id": hit["speech_id"], "start": hit["start"], "end": hit["end"]}
        passage = (await client.call_tool("read", place)).structured_content
        assert passage["text"] == hit["text"]
        assert passage["next"] == hit["end"]
        whole = (await client.call_tool("read", {"speech_id": hit["speech_id"]})).structured_content
        assert whole["text"][hit["start"] : hit["end"]] == hit["text"]
        assert whole["next"] is None

    talk(sample_archive, work)


def test_mistakes_reach_the_model_as_sentences(sample_archive: Path) -> None:
    async def work(client: ClientSession) -> None:
        for tool, arguments, sentence in (
            ("read", {"speech_id": "nope"}, "没有编号为 nope 的讲话"),
            ("search", {"query": "-词"}, "请至少写一个要找的词"),
            ("ask", {"question": QUESTION, "year": "去年"}, "年份应写成"),
            ("search", {"query": "长" * 501}, "at most 500 characters"),
        ):
            result = await client.call_tool(tool, arguments)
            assert result.is_error
            assert sentence in said(result)

    talk(sample_archive, work)
