"""The subcommand phrases: wording found by meaning, by pattern, or by parallel structure."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING

from rag.cli.filtering import filters_of
from rag.cli.output import locator, print_json
from rag.cli.status import DONE
from rag.config import archive_folder
from rag.contracts_phrases import phrase_json
from rag.errors import UsageError

if TYPE_CHECKING:
    from rag.session import Session
    from rag.types import Filters
    from rag.write.phrase import Phrase, Phrases

SHOWN_PLACES = 5


def phrases(options: Namespace) -> int:
    """Prints the list of the contract; for people also how often and in how many speeches.

    Raises:
        UsageError: not exactly one of a request, a pattern and a number of parallel members is given.
    """
    from rag.session import Session

    given = [options.query is not None, options.pattern is not None, options.parallel is not None]
    if sum(given) != 1:
        raise UsageError("请给出要找的意思、--pattern 句式、--parallel 项数三者之一，例如：phrases 形容工作细致的说法")
    found = _find(Session.open(archive_folder(options.archive)), options, filters_of(options))
    if options.json:
        print_json([phrase_json(phrase) for phrase in found.phrases])
        return DONE
    for notice in found.notices:
        print(notice)
    if not found.phrases:
        print("没有符合条件的句子。")
    elif options.query is None:
        print(f"共 {found.occurrences} 处，{found.speeches} 篇讲话用到；列出 {len(found.phrases)} 种写法\n")
    for phrase in found.phrases:
        _print(phrase)
    return DONE


def _find(session: Session, options: Namespace, filters: Filters) -> Phrases:
    from rag.write.pattern_search import find_parallels, find_pattern
    from rag.write.phrases import PhraseFinder

    if options.pattern is not None:
        return find_pattern(session.retriever, options.pattern, options.k, filters)
    if options.parallel is not None:
        return find_parallels(session.retriever, options.parallel, options.k, filters)
    return PhraseFinder(session.retriever).find(options.query, options.k, filters, not options.no_expand)


def _print(phrase: Phrase) -> None:
    label = f"【{phrase.function.label}】" if phrase.function else ""
    print(f"{phrase.rank}. {label}{phrase.text.replace(chr(10), chr(10) + '   ')}")
    print(f"   {locator(phrase.place)}")
    if phrase.also:
        more = f"等 {len(phrase.also)} 处" if len(phrase.also) > SHOWN_PLACES else ""
        titles = "；".join(place.title for place in phrase.also[:SHOWN_PLACES])
        print(f"   用在 {phrase.speeches} 篇，另见：{titles}{more}")
    print()
