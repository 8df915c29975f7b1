"""Figures as a table in a file, for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from rag.explore.gather import StatedFigure
from rag.write.export_text import SAMPLE, guarded

COLUMNS = (
    "数字",
    "数值",
    "上限",
    "单位（量词）",
    "所在分句",
    "单位",
    "单位依据",
    "年份",
    "专题",
    "题名",
    "文件",
    "章节",
    "页",
    "起",
    "止",
    "讲话编号",
    "备注",
)


def figures_csv(found: Iterable[StatedFigure], *, sample: bool = False) -> bytes:
    """UTF-8 with a byte-order mark, which Excel needs to see Chinese; one row a figure, with its source.

    Of the ``sample`` archive, every row says that it is invented.
    """
    stream = io.StringIO()
    writer = csv.writer(stream, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows([_cell(value) for value in (*_row(one), SAMPLE if sample else "")] for one in found)
    return b"\xef\xbb\xbf" + stream.getvalue().encode("utf-8")


def _row(one: StatedFigure) -> Sequence[object]:
    basis = "" if one.unit_name is None else "原句点名" if one.named else "讲话单位"
    place, figure = one.place, one.figure
    return (
        one.text, figure.value, figure.high, figure.unit, one.clause, one.unit_name, basis, place.year, one.theme, place.title,
        place.file, " › ".join(place.section), place.page, place.start, place.end, place.speech_id,
    )  # fmt: skip


def _cell(value: object) -> str:
    """Whole numbers without a decimal point; text that no spreadsheet takes for a formula."""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else str(value)
    return guarded("" if value is None else str(value))
