"""Reading the archive."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any

import numpy as np

from rag.archive.passages import PassageReader, batches
from rag.archive.quarantine import held_files
from rag.archive.rows import (
    FIELDS,
    HeldFile,
    Retired,
    SourceRow,
    SpeechRow,
    SpeechSummary,
    load_found,
    load_sections,
)
from rag.errors import ArchiveError, UsageError
from rag.functions.labels import LABELS
from rag.types import Filters, Flag, Found, Piece, Removal

CORRECTED = "人工更正"
_PERMITTED = 8  # filters whose passages are remembered: each may be millions of ids


class Archive(PassageReader):
    """Read access to one archive. Safe to share between threads: each uses a connection of its own."""

    # Sources

    def sources(self) -> list[SourceRow]:
        """All source files, by name."""
        rows = self.db.execute(
            "SELECT s.id, s.key, s.path, s.name, s.folder, s.sha256, s.format, s.encoding, s.pages, s.notes, s.settings,"
            " s.added_at, s.changed_at, (SELECT count(*) FROM speeches p WHERE p.source = s.id)"
            " FROM sources s ORDER BY s.name, s.path"
        ).fetchall()
        shown = self.display_names()
        return [
            SourceRow(
                r[0],
                r[1],
                r[2],
                shown[r[0]],
                r[5],
                r[6],
                r[7],
                tuple(json.loads(r[8])),
                tuple(json.loads(r[9])),
                *r[10:],
            )
            for r in rows
        ]

    def display_names(self) -> dict[int, str]:
        """Source id → file name; with as much of its folder as tells it from a namesake."""
        return self.remembered("display names", self._display_names)

    def _display_names(self) -> dict[int, str]:
        rows = self.db.execute("SELECT id, name, path FROM sources").fetchall()
        groups: dict[str, list[tuple[int, str]]] = {}
        for source, name, path in rows:
            groups.setdefault(name, []).append((source, path))
        out: dict[int, str] = {}
        for name, members in groups.items():
            paths = {source: PurePosixPath(path) for source, path in members} if len(members) > 1 else {}
            for source, _path in members:
                others = [path for other, path in paths.items() if other != source]
                out[source] = _shortest(paths[source], others) if others else name
        return out

    def source_text(self, source_id: int) -> str:
        return str(self.db.execute("SELECT text FROM sources WHERE id = ?", (source_id,)).fetchone()[0])

    def source_bytes(self, source_id: int) -> bytes:
        return bytes(self.db.execute("SELECT bytes FROM sources WHERE id = ?", (source_id,)).fetchone()[0])

    def source_size(self, source_id: int) -> tuple[int, bool]:
        """Bytes of a source file, and whether they begin like a PDF's."""
        row = self.db.execute(
            "SELECT length(bytes), substr(bytes, 1, 5) = CAST('%PDF-' AS BLOB) FROM sources WHERE id = ?", (source_id,)
        ).fetchone()
        return int(row[0]), bool(row[1])

    def held(self) -> list[HeldFile]:
        """The files in the quarantine, by number."""
        return held_files(self.db)

    def removals(self, source_id: int) -> list[Removal]:
        rows = self.db.execute(
            'SELECT start, "end", reason FROM removals WHERE source = ? ORDER BY start', (source_id,)
        )
        return [Removal(*row) for row in rows]

    # Speeches

    def speeches(self, ids: Iterable[int] | None = None) -> list[SpeechRow]:
        """Speeches in the order of their files, or those with the given row ids."""
        query = (
            "SELECT p.id, p.speech_id, p.source, p.ordinal, p.text, p.content_hash, p.pieces, p.found, p.sections, p.flags"
            " FROM speeches p JOIN sources s ON s.id = p.source {} ORDER BY s.name, s.path, p.ordinal"
        )
        if ids is None:
            rows = self.db.execute(query.format("")).fetchall()
        else:
            rows = [
                row
                for batch in batches(sorted(set(ids)))
                for row in self.db.execute(query.format(f"WHERE p.id IN ({','.join('?' * len(batch))})"), batch)
            ]
        shown = self.display_names()
        corrections = self.corrections()
        return [self._speech(row, shown, corrections) for row in rows]

    def speech(self, speech_id: str) -> SpeechRow:
        """One speech by its public id.

        Raises:
            UsageError: there is none.
        """
        row = self.db.execute("SELECT id FROM speeches WHERE speech_id = ?", (speech_id,)).fetchone()
        if row is None:
            raise UsageError("档案中没有编号为 {speech_id} 的讲话。可用 python -m rag list 查看全部编号。", speech_id=speech_id)
        return self.speeches([row[0]])[0]

    def speech_texts(self, ids: Iterable[int]) -> dict[int, str]:
        """Row id → text of speeches."""
        return {row[0]: row[1] for row in self._of_speeches("id, text", ids)}

    def speech_rows(self, limit: int) -> list[int]:
        """Row ids of the first speeches, at most ``limit``."""
        return [row[0] for row in self.db.execute("SELECT id FROM speeches ORDER BY id LIMIT ?", (limit,))]

    def cards(self, ids: Iterable[int]) -> dict[int, str]:
        """Row id → what a catalogue card says of a speech, in one line: title, organisation, place, speaker, year."""
        rows = self._of_speeches("id, title, organisation, place, speaker, year", ids)
        return {row[0]: " ".join(str(value) for value in row[1:] if value) for row in rows}

    def _of_speeches(self, columns: str, ids: Iterable[int]) -> Iterator[Sequence[Any]]:
        for batch in batches(sorted(set(ids))):
            yield from self.db.execute(
                f"SELECT {columns} FROM speeches WHERE id IN ({','.join('?' * len(batch))})", batch
            )

    def summaries(self) -> list[SpeechSummary]:
        """All speeches without their texts, in the order of their files."""
        rows = self.db.execute(
            "SELECT p.speech_id, p.source, p.ordinal, p.title, p.speaker, p.organisation, p.place, p.date, p.year, p.genre,"
            " length(p.text), p.flags FROM speeches p JOIN sources s ON s.id = p.source ORDER BY s.name, s.path, p.ordinal"
        )
        shown = self.display_names()
        return [
            SpeechSummary(
                r[0],
                shown[r[1]],
                r[2],
                r[3],
                r[4],
                r[5],
                r[6],
                r[7],
                r[8],
                r[9],
                r[10],
                tuple(sorted({flag[0] for flag in json.loads(r[11])})),
            )
            for r in rows
        ]

    def retired(self, speech_id: str) -> Retired | None:
        """A speech that a change or a removal took out of the archive."""
        row = self.db.execute(
            "SELECT speech_id, title, source_key, text FROM retired WHERE speech_id = ?", (speech_id,)
        ).fetchone()
        return Retired(*row) if row else None

    def source_pages(self, source_id: int) -> tuple[int, ...]:
        """Offsets at which the pages of a source start; empty for formats without pages."""
        row = self.db.execute("SELECT pages FROM sources WHERE id = ?", (source_id,)).fetchone()
        return tuple(json.loads(row[0])) if row else ()

    def _speech(
        self, row: Sequence[Any], shown: dict[int, str], corrections: dict[str, dict[str, str | None]]
    ) -> SpeechRow:
        metadata = load_found(row[7])
        for field, value in corrections.get(row[1], {}).items():
            metadata[field] = Found(int(value) if field == "year" and value else value or None, CORRECTED, 1.0)
        return SpeechRow(
            row[0], row[1], shown[row[2]], row[2], row[3], row[4], row[5],
            tuple(Piece(*p) for p in json.loads(row[6])), metadata, load_sections(row[8]),
            tuple(Flag(*f) for f in json.loads(row[9])),
        )  # fmt: skip

    def corrections(self) -> dict[str, dict[str, str | None]]:
        out: dict[str, dict[str, str | None]] = {}
        for speech_id, field, value in self.db.execute("SELECT speech_id, field, value FROM corrections"):
            out.setdefault(speech_id, {})[field] = value
        return out

    def twins(self) -> dict[str, list[str]]:
        """Speech id → ids of the other speeches with the same text (punctuation and width aside)."""
        groups: dict[str, list[str]] = {}
        for speech_id, content in self.db.execute("SELECT speech_id, content_hash FROM speeches ORDER BY id"):
            groups.setdefault(content, []).append(speech_id)
        return {
            one: [other for other in group if other != one]
            for group in groups.values()
            if len(group) > 1
            for one in group
        }

    def facet(self, field: str) -> list[tuple[Any, int]]:
        """Distinct values of a metadata field with the number of speeches each, most frequent first."""
        if field not in FIELDS:
            raise ValueError(f"no such field: {field}")
        rows = self.db.execute(
            f"SELECT {field}, count(*) n FROM speeches WHERE {field} IS NOT NULL GROUP BY 1 ORDER BY n DESC, 1"
        )
        return [(value, count) for value, count in rows]

    def matching_speeches(self, filters: Filters) -> set[int]:
        """Row ids of the speeches that pass the metadata filters («contains» is checked passage by passage)."""
        where, values = _where(filters)
        return {row[0] for row in self.db.execute(f"SELECT id FROM speeches WHERE {where}", values)}

    def permitted(self, filters: Filters) -> np.ndarray | None:
        """Ids, ascending, of the passages that pass the metadata filters; None when there are no such filters.

        Raises:
            ArchiveError: a filter asks for functions of sentences, and not all passages have them yet.
            UsageError: there is no such function.
        """
        limits = replace(filters, contains="")
        if not limits.active:
            return None

        def read() -> np.ndarray:
            if limits.function:
                others = self.permitted(replace(limits, function=()))
                having = self._having_functions(limits.function)
                return having if others is None else np.intersect1d(having, others, assume_unique=True)
            where, values = _where(limits)
            query = f"SELECT p.id FROM speeches s JOIN passages p ON p.speech = s.id WHERE {where}"
            return np.sort(np.array([row[0] for row in self.db.execute(query, values)], dtype=np.int64))

        return self.remembered(("permitted", limits), read, room=_PERMITTED)

    def _having_functions(self, labels: Sequence[str]) -> np.ndarray:
        """Ids, ascending, of the passages with a sentence of any of these functions."""
        if unknown := [label for label in labels if label not in LABELS]:
            raise UsageError(f"没有「{unknown[0]}」这种句子功能，可选：{'、'.join(LABELS)}。")
        if missing := self.unlabelled():
            raise ArchiveError(
                f"有 {missing} 个段落还没有标注句子功能，不能按功能筛选。请运行：python -m rag reindex --archive {self.folder}"
            )
        marks = [f"[{LABELS.index(label)}," for label in labels]
        query = "SELECT id FROM passages WHERE " + " OR ".join(["instr(functions, ?) > 0"] * len(marks))
        return np.sort(np.array([row[0] for row in self.db.execute(query, marks)], dtype=np.int64))

    def undated(self) -> int:
        """Number of speeches without a year."""
        return int(self.db.execute("SELECT count(*) FROM speeches WHERE year IS NULL").fetchone()[0])


def _where(filters: Filters) -> tuple[str, list[Any]]:
    """The condition on speeches that metadata filters set, with its values."""
    where: list[str] = ["1"]
    values: list[Any] = []
    if filters.years:
        where.append("year BETWEEN ? AND ?")
        values += list(filters.years)
    for field in ("speaker", "organisation", "place", "genre"):
        wanted = getattr(filters, field)
        if wanted:
            where.append("(" + " OR ".join([f"instr({field}, ?) > 0"] * len(wanted)) + ")")
            values += list(wanted)
    if filters.speech_ids:
        where.append(f"speech_id IN ({','.join('?' * len(filters.speech_ids))})")
        values += list(filters.speech_ids)
    return " AND ".join(where), values


def _shortest(path: PurePosixPath, others: Sequence[PurePosixPath]) -> str:
    """The fewest trailing parts of a path that no other path shares."""
    for count in range(2, len(path.parts) + 1):
        tail = path.parts[-count:]
        if all(other.parts[-count:] != tail for other in others):
            return "/".join(tail).lstrip("/")
    return str(path)
