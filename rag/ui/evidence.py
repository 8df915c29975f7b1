"""Answers and search results as the data that the answer component shows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from rag.answer.refusal import NO_EVIDENCE
from rag.archive.rows import SpeechRow
from rag.i18n import gettext as _
from rag.search.query import parse_query
from rag.search.retriever import Results
from rag.session import Session
from rag.types import Answer, Filters, Hit, Place, Span
from rag.ui import citing, telling
from rag.ui.links import Request, Spot, address
from rag.ui.marking import Mark, segments, word_marks
from rag.ui.naming import function_name

View = dict[str, Any]
FEW = 4  # passages without a citation that are shown at once


def limits(filters: Filters, titles: Callable[[str], str]) -> list[str]:
    """The active filters in words; ``titles`` gives the title of a speech id."""
    out = []
    if filters.years:
        first, last = filters.years
        out.append(_("年份 {years}").format(years=_years(first, last)))
    labels = {"speaker": _("讲话人"), "organisation": _("单位"), "place": _("地区"), "genre": _("体裁")}
    out += [f"{label} {value}" for name, label in labels.items() for value in getattr(filters, name)]
    function, only, containing = _("句子功能"), _("只看"), _("含有")
    out += [f"{function} {function_name(label)}" for label in filters.function]
    out += [f"{only} {titles(speech_id)}" for speech_id in filters.speech_ids]
    return out + ([f"{containing} {filters.contains}"] if filters.contains else [])


def _years(first: int, last: int) -> str:
    if first == last:
        return str(first)
    if last >= 9999:
        return _("{year} 及以后").format(year=first)
    return _("{year} 及以前").format(year=last) if first <= 0 else f"{first}–{last}"


@dataclass(frozen=True)
class Presenter:
    """Turns places of one archive into what the page shows, for one request."""

    session: Session
    request: Request
    kept: frozenset[tuple[str, int, int]] = frozenset()
    sample: bool = False
    read: dict[str, SpeechRow] = field(default_factory=dict, compare=False)
    pages: dict[str, list[tuple[int, int]]] = field(default_factory=dict, compare=False)

    def answer(self, answer: Answer) -> View:
        """An answer with its evidence: cited passages first, then the other ones."""
        if not answer.answered:
            return self._nothing(answer)
        cited = self._cited(answer)
        shown = {(p["speech"], p["from"]) for p in cited}
        more = [self.passage(hit) for hit in answer.more if (hit.place.speech_id, hit.place.start) not in shown]
        groups = [{"title": _("引用的段落"), "passages": cited}, {"title": _("未引用的相关段落"), "passages": more}]
        return {
            "coverage": _("共 {found} 篇涉及，引用 {cited} 篇 {quotes} 处").format(
                found=answer.speeches_found, cited=answer.speeches_cited, quotes=answer.quotes
            ),
            "refusal": "",
            **self._told(answer.notices),
            "points": [
                {
                    "heading": p.heading,
                    "quotes": [{"text": q.text, "n": q.citation, "ns": [q.citation, *q.also]} for q in p.quotes],
                }
                for p in answer.points
            ],
            "cites": {str(c.n): self.cite(c.place) for c in answer.citations},
            "groups": [group for group in groups if group["passages"]],
            "rest": _("更多出处（{n}）").format(n=len(more) - FEW) if len(more) > FEW + 1 else "",
            "few": FEW,
            "plain": self._plain(answer),
        }

    def _nothing(self, answer: Answer) -> View:
        nearest = [self.passage(hit) for hit in answer.nearest]
        return _empty() | {
            "refusal": _(NO_EVIDENCE),
            **self._told((*self._verbatim(answer), *(n for n in answer.notices if n != NO_EVIDENCE))),
            "groups": [{"title": _("最接近的段落（不是答案）"), "passages": nearest}] if nearest else [],
        }

    def _told(self, notices: Iterable[str]) -> View:
        """The notices in the language of the page, and whether words were searched that nobody typed."""
        known = list(notices)
        return {"notices": [telling.told(one) for one in known], "expanded": any(telling.is_expansion(n) for n in known)}

    def _verbatim(self, answer: Answer) -> list[str]:
        """That nothing holds the words between quotation marks, where that is why there is nothing to show."""
        phrases = parse_query(self.request.question).phrases if not answer.nearest else ()
        return [_("没有一段原文含有「{words}」。去掉引号可以查意思相近的内容。").format(words="」「".join(phrases))] if phrases else []

    def results(self, results: Results) -> View:
        """A plain list of passages."""
        passages = [self.passage(hit) for hit in results.hits]
        found = _("{n} 个段落，按相关程度排列").format(n=len(passages)) if passages else _("没有符合条件的段落")
        return _empty() | {
            "coverage": found,
            **self._told(results.notices),
            "groups": [{"title": _("检索结果"), "passages": passages}] if passages else [],
        }

    def cite(self, place: Place) -> View:
        """What the card of a citation shows."""
        speech = self.speech(place.speech_id)
        before, after = citing.neighbours(speech.text, Span(place.start, place.end))
        return self._where(place, speech) | {
            "text": speech.text[place.start : place.end],
            "before": before,
            "after": after,
        }

    def passage(self, hit: Hit) -> View:
        """A search result, its best sentence and the words of the question marked."""
        speech = self.speech(hit.place.speech_id)
        return self._passage(hit.place, speech, [hit.best], hit.duplicates) | {"ns": []}

    def speech(self, speech_id: str) -> SpeechRow:
        if speech_id not in self.read:
            self.read[speech_id] = self.session.archive.speech(speech_id)
        return self.read[speech_id]

    def page(self, speech: SpeechRow, offset: int) -> int | None:
        """The page on which an offset stands (a passage's own page is the one it begins on)."""
        if speech.speech_id not in self.pages:
            source = self.session.archive.source_pages(speech.source_id)
            self.pages[speech.speech_id] = citing.page_starts(speech, source)
        return citing.page_at(self.pages[speech.speech_id], offset)

    @cached_property
    def words(self) -> list[str]:
        """The words of the question, marked in every passage."""
        return self.session.retriever.question_words(self.request.question, self.request.expand)

    def _cited(self, answer: Answer) -> list[View]:
        """One entry a cited passage, with the numbers of all citations that stand in it."""
        groups: dict[tuple[str, int, int], list[int]] = {}
        for citation in answer.citations:
            around = self._around(citation.place)
            groups.setdefault((citation.place.speech_id, around.start, around.end), []).append(citation.n)
        places = {citation.n: citation.place for citation in answer.citations}
        twins = {(hit.place.speech_id, hit.place.start): hit.duplicates for hit in answer.more}
        out = []
        for (speech_id, start, end), numbers in groups.items():
            first = places[numbers[0]]
            place = Place(speech_id, first.title, first.file, first.year, first.section, start, end, first.page)
            quotes = [Span(places[n].start, places[n].end) for n in numbers]
            view = self._passage(place, self.speech(speech_id), quotes, twins.get((speech_id, start), ()))
            out.append(view | {"ns": numbers})
        return out

    def _around(self, place: Place) -> Span:
        """The passage that a quotation stands in."""
        archive = self.session.archive
        rows = archive.passage_spans(archive.passage_ids([self.speech(place.speech_id).id]))
        return next(
            (Span(start, end) for *_row, start, end in rows if start <= place.start < end), Span(place.start, place.end)
        )

    def _passage(self, place: Place, speech: SpeechRow, quotes: Sequence[Span], same: Sequence[Place]) -> View:
        text = speech.text[place.start : place.end]
        marks = [Mark(a, b, "quote") for a, b in quotes] + word_marks(text, self.words, place.start)
        first = quotes[0]
        target = Place(
            place.speech_id, place.title, place.file, place.year, place.section, first.start, first.end, place.page
        )
        return self._where(target, speech) | {
            "speech": place.speech_id,
            "from": place.start,
            "segs": segments(speech.text, place.start, place.end, marks),
            "best": speech.text[first.start : first.end],
            "same": [self._link(other) for other in same],
            "sameLabel": _("另有 {n} 处相同").format(n=len(same)),
        }

    def _where(self, place: Place, speech: SpeechRow) -> View:
        spot = Spot(place.speech_id, place.start, place.end, self.request)
        page = self.page(speech, place.start)
        path = citing.PATH_MARK.join(citing.section_name(s) for s in citing.section_path(speech, place.start))
        return {
            "title": speech.title,
            "meta": citing.byline(speech),
            "path": path,
            "page": citing.page_text(page),
            "cite": citing.citation(speech, place.start, page, sample=self.sample),
            "href": address("read", spot.params()),
            "spot": {"speech": place.speech_id, "start": place.start, "end": place.end},
            "kept": (place.speech_id, place.start, place.end) in self.kept,
        }

    def _link(self, place: Place) -> View:
        spot = Spot(place.speech_id, place.start, place.end, self.request)
        return {
            "title": f"{place.title}（{place.file}）",
            "href": address("read", spot.params()),
            "spot": {"speech": place.speech_id, "start": place.start, "end": place.end},
        }

    def _plain(self, answer: Answer) -> str:
        """The answer as text to paste: points, quotations with numbers, the list of sources."""
        lines = [answer.question]
        for point in answer.points:
            lines += ["", point.heading]
            lines += ["“{}”{}".format(q.text, "".join(f"[{n}]" for n in (q.citation, *q.also))) for q in point.quotes]
        lines += ["", _("出处")]
        for c in answer.citations:
            speech = self.speech(c.place.speech_id)
            page = self.page(speech, c.place.start)
            lines.append(f"[{c.n}] {citing.citation(speech, c.place.start, page, sample=self.sample)}")
        return "\n".join(lines)


def _empty() -> View:
    empty: View = {"notices": [], "points": [], "cites": {}, "groups": []}
    return empty | {"coverage": "", "refusal": "", "plain": "", "rest": "", "few": 0, "expanded": False}
