"""The subcommands that read: search and ask."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING

from rag.cli.filtering import filters_of
from rag.cli.output import print_answer, print_composition, print_hits, print_json
from rag.cli.status import DONE
from rag.config import archive_folder
from rag.contracts import answer_json, composition_json, hit_json
from rag.errors import UsageError
from rag.types import Answer

if TYPE_CHECKING:
    from rag.generate.compose import Composition
    from rag.generate.settings import GenerationSettings
    from rag.session import Session


def search(options: Namespace) -> int:
    from rag.session import Session

    session = Session.open(archive_folder(options.archive))
    results = session.retriever.search(options.query, options.k, filters_of(options), not options.no_expand)
    if options.json:
        print_json([hit_json(hit) for hit in results.hits])
        return DONE
    for notice in results.notices:
        print(notice)
    print_hits(results.hits)
    if not results.hits:
        print("没有符合条件的段落。")
    return DONE


def ask(options: Namespace) -> int:
    from rag.session import Session

    settings = _generation() if options.compose else None
    session = Session.open(archive_folder(options.archive))
    answer = session.answerer.ask(options.query, filters_of(options), not options.no_expand)
    composition = _composed(answer, session, settings) if settings else None
    if options.json:
        print_json(answer_json(answer) | ({"composition": composition_json(composition)} if composition else {}))
        return DONE
    if composition:
        print_composition(composition)
    print_answer(answer)
    return DONE


def _generation() -> GenerationSettings:
    """The model endpoint of the environment.

    Raises:
        UsageError: there is none, or its settings are wrong.
        GenerationError: the client library is missing.
    """
    from rag.generate.client import require_client
    from rag.generate.settings import HOW_TO_SWITCH_ON, GenerationSettings

    settings = GenerationSettings.from_environment()
    if settings is None:
        raise UsageError(HOW_TO_SWITCH_ON)
    require_client()
    return settings


def _composed(answer: Answer, session: Session, settings: GenerationSettings) -> Composition:
    from rag.generate.compose import compose_answer

    return compose_answer(answer, settings, session.retriever.analyzer, session.retriever.encoder)
