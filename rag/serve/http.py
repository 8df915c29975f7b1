"""The HTTP service: the command line's JSON at addresses of the same names, read only."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Any

from anyio import to_thread
from fastapi import Depends, FastAPI, Path, Query
from fastapi.responses import JSONResponse

from rag.cli.filtering import parse_years
from rag.config import VERSION
from rag.functions.labels import LABELS
from rag.serve.gate import Gate
from rag.serve.problems import DESCRIBED, register
from rag.serve.schemas import Answer, Health, Hit, Phrase, Speech, SpeechDetail
from rag.serve.service import Service
from rag.serve.settings import ServeSettings
from rag.types import Filters
from rag.write.phrase import check_functions

LONGEST_QUERY = 500
LONGEST_FILTER = 100
MOST_FILTERS = 20
MOST_RESULTS = 100
MOST_SPEECHES = 1000
WORKERS = 4  # each has a connection of its own, with a cache of 64 MB

Text = Annotated[str, Query(min_length=1, max_length=LONGEST_QUERY, description="the question or query")]
Value = Annotated[str, Query(max_length=LONGEST_FILTER)]
Function = Annotated[str, Query(max_length=LONGEST_FILTER, json_schema_extra={"enum": list(LABELS)})]
Count = Annotated[int, Query(ge=1, le=MOST_RESULTS, description="number of results")]
Expand = Annotated[bool, Query(description="search English words by Chinese ones of the archive too")]


def filters(
    year: Annotated[str, Query(max_length=20, description="2019, 2018-2020, 2018- or -2020")] = "",
    speaker: Annotated[list[Value], Query(max_length=MOST_FILTERS)] = [],  # noqa: B006 (FastAPI's way; never changed)
    organisation: Annotated[list[Value], Query(max_length=MOST_FILTERS)] = [],  # noqa: B006
    place: Annotated[list[Value], Query(max_length=MOST_FILTERS)] = [],  # noqa: B006
    genre: Annotated[list[Value], Query(max_length=MOST_FILTERS)] = [],  # noqa: B006
    speech: Annotated[list[Value], Query(max_length=MOST_FILTERS, description="speech ids")] = [],  # noqa: B006
    function: Annotated[list[Function], Query(max_length=MOST_FILTERS, description="rhetorical functions")] = [],  # noqa: B006
    contains: Annotated[str, Query(max_length=LONGEST_FILTER, description="verbatim text")] = "",
) -> Filters:
    """What a search is limited to.

    Raises:
        UsageError: the year range or a function is none.
    """
    check_functions(function)
    return Filters(
        years=parse_years(year),
        speaker=tuple(speaker),
        organisation=tuple(organisation),
        place=tuple(place),
        genre=tuple(genre),
        speech_ids=tuple(speech),
        contains=contains,
        function=tuple(function),
    )


Limited = Annotated[Filters, Depends(filters)]


def create_app(service: Service, settings: ServeSettings) -> FastAPI:
    """The application. Its OpenAPI document is at /openapi.json; pages that load scripts from elsewhere are left out."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        to_thread.current_default_thread_limiter().total_tokens = WORKERS
        yield

    app = FastAPI(
        title="言据 Yanju",
        version=VERSION,
        description="Search and cited answers over an archive of speeches. Every text is verbatim: "
        "`text == speech.text[start:end]`.",
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        responses=DESCRIBED,
    )
    register(app)
    app.add_middleware(Gate, settings=settings, sample=service.sample)
    _add_questions(app, service)
    _add_speeches(app, service)

    @app.get("/health", response_model=Health, summary="Whether the archive can be read; needs no key")
    def health() -> JSONResponse:
        archive = service.archive
        with archive.snapshot():
            counts = {"generation": archive.generation, "speeches": archive.count("speeches")}
        return JSONResponse({"status": "ok", "version": VERSION, "sample": service.sample, **counts})

    return app


def _add_questions(app: FastAPI, service: Service) -> None:
    @app.get("/search", response_model=list[Hit], summary="Passages by meaning, best first (as `search --json`)")
    def search(q: Text, limited: Limited, k: Count = 10, expand: Expand = True) -> JSONResponse:
        return JSONResponse(service.search(q, k, limited, expand))

    @app.get(
        "/ask",
        response_model=Answer,
        summary="An answer of verbatim quotations with citations, or a refusal (as `ask --json`)",
    )
    def ask(q: Text, limited: Limited, expand: Expand = True) -> JSONResponse:
        return JSONResponse(service.ask(q, limited, expand))

    @app.get("/phrases", response_model=list[Phrase], summary="Wording by meaning, closest first (as `phrases --json`)")
    def phrases(q: Text, limited: Limited, k: Count = 20, expand: Expand = True) -> JSONResponse:
        return JSONResponse(service.phrases(q, k, limited, expand))


def _add_speeches(app: FastAPI, service: Service) -> None:
    @app.get(
        "/speeches", response_model=list[Speech], summary="The speeches, in the order of their files (as `list --json`)"
    )
    def speeches(
        start: Annotated[int, Query(ge=0, description="how many to leave out")] = 0,
        limit: Annotated[int, Query(ge=1, le=MOST_SPEECHES)] = MOST_SPEECHES,
    ) -> JSONResponse:
        return JSONResponse(service.speeches(start, limit))

    @app.get(
        "/speeches/{speech_id}",
        response_model=SpeechDetail,
        summary="One speech with its text and outline (as `show --json`)",
    )
    def speech(speech_id: Annotated[str, Path(max_length=LONGEST_FILTER)]) -> JSONResponse:
        return JSONResponse(service.speech(speech_id))


def run(service: Service, settings: ServeSettings) -> None:
    """Serves until it is stopped. Questions are not logged."""
    import uvicorn

    options: dict[str, Any] = {"access_log": False, "log_level": "warning", "limit_concurrency": 100}
    uvicorn.run(create_app(service, settings), host=settings.host, port=settings.port, server_header=False, **options)
