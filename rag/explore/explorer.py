"""Everything to explore of one archive, each part computed once for each of its states."""

from __future__ import annotations

from dataclasses import dataclass

from rag.archive.reader import Archive
from rag.errors import UsageError
from rag.explore.gather import Matrix, StatedFigure, gather_figures, gather_matrix, unit_names
from rag.explore.located import Located, representative
from rag.explore.themes import Theme, Themes, find_themes
from rag.explore.units import UnitNames

_KEPT = 8  # results: the archive's themes, names and matrix, and the figures of the last themes looked at


@dataclass(frozen=True)
class Explorer:
    """Themes and what hangs on them. What an archive no longer says is never shown: a new state is computed anew."""

    archive: Archive

    def themes(self) -> Themes:
        return self.archive.remembered("themes", lambda: find_themes(self.archive), room=_KEPT)

    def theme(self, number: int) -> Theme:
        """A theme by its number in the list, from 1.

        Raises:
            UsageError: there is none of this number.
        """
        themes = self.themes().themes
        if not 1 <= number <= len(themes):
            listed = f"编号应在 1 到 {len(themes)} 之间" if themes else "档案太小，没有归纳出专题"
            raise UsageError(f"没有第 {number} 个专题：{listed}。可用 python -m rag themes 查看全部专题。")
        return themes[number - 1]

    def passages(self, theme: Theme, limit: int) -> list[Located]:
        return representative(self.archive, theme, limit)

    def names(self) -> UnitNames:
        return self.archive.remembered("unit names", lambda: unit_names(self.archive), room=_KEPT)

    def figures(self, only: Theme | None = None) -> list[StatedFigure]:
        """The figures of one theme, or of the whole archive."""
        themes, names = self.themes(), self.names()
        key = ("figures", only.label if only else None)
        return self.archive.remembered(key, lambda: gather_figures(self.archive, themes, names, only), room=_KEPT)

    def matrix(self) -> Matrix:
        themes, names = self.themes(), self.names()
        return self.archive.remembered("matrix", lambda: gather_matrix(self.archive, themes, names), room=_KEPT)
