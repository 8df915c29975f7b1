"""The numbers that Word makes: from styles and numbering definitions to «一、», «（二）», «3.1»."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from rag.ingest.readers.numerals import format_number, is_known

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_PLACE = re.compile("%([1-9])")
_OFF = ("0", "false", "off")


def value(element: Any, path: str) -> str | None:
    """``w:val`` of the first element at ``path`` (names without prefix, ``/`` between), None where there is none."""
    found = element.find("/".join(W + name for name in path.split("/"))) if element is not None else None
    return found.get(W + "val") if found is not None else None


def number(element: Any, path: str) -> int | None:
    """``value`` as an integer; None where it is missing or none."""
    text = value(element, path)
    return int(text) if text is not None and re.fullmatch(r"-?\d{1,9}", text) else None


def switched_on(element: Any, path: str) -> bool:
    """True where the on/off property at ``path`` is there and not switched off."""
    found = element.find("/".join(W + name for name in path.split("/"))) if element is not None else None
    return found is not None and found.get(W + "val", "1") not in _OFF


@dataclass(frozen=True)
class Style:
    """A paragraph style: its name in lower case, what it is based on, and what concerns numbers and outline."""

    name: str
    based_on: str | None
    num_id: int | None
    level: int | None
    outline: int | None


class Styles:
    """The paragraph styles of a document, looked up through what they are based on."""

    def __init__(self, root: Any) -> None:
        self._styles: dict[str, Style] = {}
        self._default: str | None = None
        for element in root.findall(W + "style") if root is not None else ():
            key = element.get(W + "styleId") or ""
            if element.get(W + "type") == "paragraph" and element.get(W + "default") in ("1", "true", "on"):
                self._default = key
            self._styles[key] = Style(
                (value(element, "name") or key).lower(),
                value(element, "basedOn"),
                number(element, "pPr/numPr/numId"),
                number(element, "pPr/numPr/ilvl"),
                number(element, "pPr/outlineLvl"),
            )

    def chain(self, style_id: str | None) -> list[tuple[str, Style]]:
        """The style and its bases, nearest first; the default style where ``style_id`` is not known."""
        found: dict[str, Style] = {}
        key = style_id if style_id in self._styles else self._default
        while key in self._styles and key not in found:
            found[key] = self._styles[key]
            key = found[key].based_on
        return list(found.items())

    def outline_level(self, style_id: str | None) -> int | None:
        """0 for «heading 1» and so on; None for body text."""
        level = next((style.outline for _, style in self.chain(style_id) if style.outline is not None), None)
        return level if level is None or level < 9 else None

    def is_title(self, style_id: str | None) -> bool:
        return any(style.name == "title" for _, style in self.chain(style_id)[:1])


@dataclass
class Level:
    """One level of a numbering definition."""

    start: int = 1
    style: str = "decimal"
    text: str = ""
    suffix: str = "tab"
    restart: int | None = None
    legal: bool = False
    paragraph_style: str | None = None


@dataclass
class _List:
    """Counters of one abstract numbering: all lists made from it count on together."""

    levels: dict[int, Level]
    counts: dict[int, int] = field(default_factory=dict)


@dataclass(frozen=True)
class _Instance:
    """A ``w:num``: its abstract list, levels it redefines, and start values it sets once."""

    list_id: str
    levels: dict[int, Level]
    starts: dict[int, int]


class Numbering:
    """Counts through a document: ask for each paragraph's ``label`` once, in document order."""

    def __init__(self, root: Any, styles: Styles) -> None:
        self._styles = styles
        self._lists: dict[str, _List] = {}
        self._instances: dict[int, _Instance] = {}
        self._started: set[tuple[int, int]] = set()
        self.unknown: set[str] = set()
        if root is not None:
            self._read(root)

    def label(self, properties: Any, style_id: str | None) -> str:
        """The generated text in front of a paragraph with these ``w:pPr``, its separator included, or ""."""
        num_id, level = self._place(properties, style_id)
        instance = self._instances.get(num_id or 0)
        numbering = self._lists.get(instance.list_id) if instance else None
        if instance is None or numbering is None or num_id is None:
            return ""
        levels = {**numbering.levels, **instance.levels}
        if level not in levels:
            return ""
        self._count(numbering, levels, instance, num_id, level)
        return self._write(levels, numbering.counts, level)

    def _place(self, properties: Any, style_id: str | None) -> tuple[int | None, int]:
        """numId and level: the paragraph's own, else the style's, whose level may be named by the definition."""
        own_id, own_level = number(properties, "numPr/numId"), number(properties, "numPr/ilvl")
        for key, style in self._styles.chain(style_id):
            if style.num_id is not None:
                num_id = own_id if own_id is not None else style.num_id
                linked = self._linked_level(style.num_id, key)
                inherited = linked if linked is not None else style.level or 0
                if own_level is None and num_id == style.num_id:
                    return num_id, inherited
                return num_id, own_level or 0
        return own_id, own_level or 0

    def _linked_level(self, num_id: int, style_id: str) -> int | None:
        instance = self._instances.get(num_id)
        numbering = self._lists.get(instance.list_id) if instance else None
        levels = numbering.levels if numbering else {}
        return next((at for at, level in levels.items() if level.paragraph_style == style_id), None)

    def _count(self, numbering: _List, levels: dict[int, Level], instance: _Instance, num_id: int, level: int) -> None:
        counts = numbering.counts
        if level in instance.starts and (num_id, level) not in self._started:
            counts[level] = instance.starts[level]
        else:
            counts[level] = counts[level] + 1 if level in counts else levels[level].start
        self._started.add((num_id, level))
        for deeper in [at for at in counts if at > level]:
            restart = levels[deeper].restart if deeper in levels else None
            if restart is None or level < restart:
                del counts[deeper]

    def _write(self, levels: dict[int, Level], counts: dict[int, int], at: int) -> str:
        level = levels[at]
        if level.style == "bullet":
            mark = level.text.strip()
            # Symbol fonts keep their bullets in the private-use area.
            label = mark if mark and not "\ue000" <= mark[0] <= "\uf8ff" else "•"
        else:
            label = _PLACE.sub(lambda place: self._digits(levels, counts, level, int(place[1]) - 1), level.text)
        return label + _separator(level.suffix, label) if label.strip() else ""

    def _digits(self, levels: dict[int, Level], counts: dict[int, int], level: Level, at: int) -> str:
        shown = levels.get(at)
        if shown is None:
            return ""
        style = "decimal" if level.legal else shown.style
        if not is_known(style):
            self.unknown.add(style)
        return format_number(counts.get(at, shown.start), style)

    def _read(self, root: Any) -> None:
        linked: dict[str, str] = {}
        for element in root.findall(W + "abstractNum"):
            key = element.get(W + "abstractNumId") or ""
            self._lists[key] = _List(_levels(element))
            link = value(element, "numStyleLink")
            if link is not None:
                linked[key] = link
        for element in root.findall(W + "num"):
            num_id = element.get(W + "numId") or ""
            if num_id.isdecimal():
                self._instances[int(num_id)] = _instance(element)
        for key, style_id in linked.items():
            target = next((style.num_id for _, style in self._styles.chain(style_id) if style.num_id), None)
            instance = self._instances.get(target or 0)
            if instance is not None and instance.list_id in self._lists:
                self._lists[key] = self._lists[instance.list_id]


def _levels(parent: Any) -> dict[int, Level]:
    return {int(at): _level(element) for element in parent.findall(W + "lvl") if (at := element.get(W + "ilvl", ""))}


def _level(element: Any) -> Level:
    # Word 2010's own formats stand in mc:AlternateContent, the fallback last.
    formats = [found.get(W + "val") or "decimal" for found in element.iter(W + "numFmt")]
    start = number(element, "start")
    return Level(
        start if start is not None else 0,
        formats[-1] if formats else "decimal",
        value(element, "lvlText") or "",
        value(element, "suff") or "tab",
        number(element, "lvlRestart"),
        switched_on(element, "isLgl"),
        value(element, "pStyle"),
    )


def _instance(element: Any) -> _Instance:
    levels: dict[int, Level] = {}
    starts: dict[int, int] = {}
    for override in element.findall(W + "lvlOverride"):
        at = int(override.get(W + "ilvl") or 0)
        redefined, start = override.find(W + "lvl"), number(override, "startOverride")
        if redefined is not None:
            levels[at] = _level(redefined)
        if start is not None:
            starts[at] = start
    return _Instance(value(element, "abstractNumId") or "", levels, starts)


def _separator(suffix: str, label: str) -> str:
    """Word's tab is layout: a space after «1.», nothing after «一、» and «（一）», which bring their own room."""
    if suffix == "nothing":
        return ""
    return " " if suffix == "space" or label[-1].isascii() or label == "•" else ""
