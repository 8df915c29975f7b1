"""The archive as tools of a language model, by the Model Context Protocol."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Annotated, TypeVar

from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import ToolAnnotations
from pydantic import Field

from rag.cli.filtering import parse_years
from rag.config import VERSION
from rag.contracts import Json
from rag.errors import YanjuError
from rag.functions.labels import LABELS
from rag.serve.service import Service
from rag.types import Filters

T = TypeVar("T")
READING = ToolAnnotations(read_only_hint=True, destructive_hint=False, open_world_hint=False)
INSTRUCTIONS = (
    "Verbatim search over an archive of Chinese officials' speeches. Quote `text` exactly as it is given and cite its "
    "title, year, file and section; never alter a quotation or complete one from memory. When `answered` is false, the "
    "archive holds no answer: say so."
)
INVENTED = " This is the sample archive: every person, place and figure in it is invented (示例（虚构）). Say so."

Question = Annotated[str, Field(min_length=1, max_length=500, description="in everyday words, Chinese or English")]
Count = Annotated[int, Field(ge=1, le=50)]
Years = Annotated[str, Field(max_length=20, description="2019, 2018-2020, 2018- or -2020; empty for all")]
Functions = Annotated[tuple[str, ...], Field(max_length=12, description=f"of: {', '.join(LABELS)}; empty for all")]
Names = Annotated[tuple[str, ...], Field(max_length=20)]


def tool_server(service: Service) -> MCPServer:
    """A server with the tools search, ask, phrases and read."""
    instructions = INSTRUCTIONS + (INVENTED if service.sample else "")
    server = MCPServer("yanju", version=VERSION, instructions=instructions, log_level="WARNING")

    @server.tool(annotations=READING)
    def search(
        query: Question,
        k: Count = 10,
        year: Years = "",
        speaker: Names = (),
        genre: Names = (),
    ) -> list[Json]:
        """Passages by meaning, best first. `"…"` asks for an exact phrase, `-词` excludes a word."""
        return _told(lambda: service.search(query, k, _filters(year, speaker, genre)))

    @server.tool(annotations=READING)
    def ask(question: Question, year: Years = "", speaker: Names = (), genre: Names = ()) -> Json:
        """An answer made of verbatim quotations grouped by point, each with a numbered citation; or a refusal."""
        return _told(lambda: service.ask(question, _filters(year, speaker, genre)))

    @server.tool(annotations=READING)
    def phrases(
        query: Question, function: Functions = (), k: Count = 20, year: Years = "", speaker: Names = ()
    ) -> list[Json]:
        """Wording by meaning: sentences to take over, each with its function and everywhere it stands."""
        return _told(lambda: service.phrases(query, k, replace(_filters(year, speaker, ()), function=function)))

    @server.tool(annotations=READING)
    def read(
        speech_id: Annotated[str, Field(max_length=100)],
        start: Annotated[int, Field(ge=0, description="offset of the first character")] = 0,
        end: Annotated[int | None, Field(ge=1, description="offset behind the last one")] = None,
    ) -> Json:
        """A speech with its outline, or the characters start to end of it; at most 20,000 at once; `next` says where to read on."""
        return _told(lambda: service.read(speech_id, start, end))

    return server


def _filters(year: str, speaker: tuple[str, ...], genre: tuple[str, ...]) -> Filters:
    return Filters(years=parse_years(year), speaker=speaker, genre=genre)


def _told(work: Callable[[], T]) -> T:
    """The result; what a caller can do something about as a message for the model to read."""
    try:
        return work()
    except YanjuError as error:
        raise ToolError(str(error)) from error
