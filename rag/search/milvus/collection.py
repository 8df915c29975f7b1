"""One archive's collection in Milvus: connection, schema, filters, and the stamp that says what state it holds.

Strings enter an expression through `quoted` only, and index names come from `INDEXES` only: nothing that a user types
is read as an expression. Every read is ``Strong``: what has been written is seen.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from rag.archive.reader import Archive
from rag.encoder.base import Vectors
from rag.errors import ArchiveError, UsageError
from rag.types import Filters

URI, TOKEN = "YANJU_MILVUS_URI", "YANJU_MILVUS_TOKEN"
INDEXES: Mapping[str, dict[str, Any]] = {"FLAT": {}, "HNSW": {"M": 16, "efConstruction": 200}}
STAMPS = "yanju_stamps"
TEXT_FIELDS = ("speaker", "organisation", "place", "genre")
STRONG = "Strong"
CONNECTING_S = 10
_LONGEST = 65_535
_EF_FACTOR = 2


def client_of(uri: str) -> Any:
    """A client for a Milvus server, or for a Milvus Lite file.

    Raises:
        UsageError: pymilvus is not installed, or nothing answers at the URI.
    """
    try:
        from pymilvus import MilvusClient
        from pymilvus.exceptions import MilvusException
    except ImportError as error:
        raise UsageError('没有安装 pymilvus。请运行：python -m pip install ".[milvus]"') from error
    logging.getLogger("pymilvus").setLevel(logging.CRITICAL)  # it logs what it also raises
    try:
        return MilvusClient(uri, token=os.environ.get(TOKEN, ""), timeout=CONNECTING_S)
    except (MilvusException, ValueError, OSError) as error:
        reason = error.message if isinstance(error, MilvusException) else error
        raise UsageError(f"连不上 Milvus（{uri}）：{reason}。请检查地址，或取消环境变量 {URI}。") from error


class Collection:
    """The passages of one archive: vectors, sparse words, and the fields that filters ask. Texts stay in SQLite."""

    def __init__(self, client: Any, archive_id: str) -> None:
        if not archive_id.isalnum():
            raise ValueError(archive_id)
        self.client = client
        self.archive_id = archive_id
        self.name = f"yanju_{archive_id}"

    def create(self, dimension: int, index: str) -> None:
        """Makes the collection anew, empty.

        Raises:
            UsageError: the index is not one of `INDEXES`.
        """
        from pymilvus import DataType

        if index not in INDEXES:
            raise UsageError(f"没有「{index}」这种索引，可用：{'、'.join(INDEXES)}。")
        self.drop()
        with answering():
            schema = self.client.create_schema(auto_id=False, enable_dynamic_field=False)
            schema.add_field("id", DataType.INT64, is_primary=True)
            schema.add_field("dense", DataType.FLOAT_VECTOR, dim=dimension)
            schema.add_field("words", DataType.SPARSE_FLOAT_VECTOR)
            schema.add_field("year", DataType.INT64)
            schema.add_field("speech_id", DataType.VARCHAR, max_length=256)
            for field in TEXT_FIELDS:
                schema.add_field(field, DataType.VARCHAR, max_length=_LONGEST)
            indexes = self.client.prepare_index_params()
            indexes.add_index("dense", index_type=index, metric_type="IP", params=dict(INDEXES[index]))
            indexes.add_index("words", index_type="SPARSE_INVERTED_INDEX", metric_type="IP")
            self.client.create_collection(self.name, schema=schema, index_params=indexes, consistency_level=STRONG)

    def drop(self) -> None:
        """Takes the collection and its stamp away, where they are there."""
        with answering():
            self._forget_stamp()
            if self.client.has_collection(self.name):
                self.client.drop_collection(self.name)

    def upsert(self, rows: Sequence[dict[str, Any]]) -> None:
        with answering():
            self.client.upsert(self.name, list(rows))

    def delete(self, ids: Sequence[int]) -> None:
        with answering():
            self.client.delete(self.name, ids=list(ids))

    def ids(self, batch: int = 10_000) -> Iterator[list[int]]:
        """The ids that are in, ascending, in batches."""
        last = -1
        while True:
            with answering():
                rows = self.client.query(
                    self.name, filter=f"id > {last}", output_fields=["id"], limit=batch, consistency_level=STRONG
                )
            found = sorted(int(row["id"]) for row in rows)
            if not found:
                return
            yield found
            last = found[-1]

    def search(self, field: str, data: Any, limit: int, expression: str, index: str = "") -> dict[int, float]:
        """Passage id → inner product, best first, equal ones by id."""
        params = {"ef": max(_EF_FACTOR * limit, 64)} if index == "HNSW" else {}
        with answering():
            (hits,) = self.client.search(
                self.name,
                data=[data.tolist() if hasattr(data, "tolist") else data],
                anns_field=field,
                limit=limit,
                filter=expression,
                output_fields=["id"],
                search_params={"metric_type": "IP", "params": params},
                consistency_level=STRONG,
            )
        found = [(int(hit["id"]), float(hit["distance"])) for hit in hits]
        return dict(sorted(found, key=lambda one: (-one[1], one[0])))

    # The stamp

    def stamp(self) -> dict[str, Any] | None:
        """What the collection says of itself; None while there is no collection."""
        with answering():
            if not self.client.has_collection(STAMPS) or not self.client.has_collection(self.name):
                return None
            for name in (STAMPS, self.name):  # Milvus Lite opens its file with everything released
                self.client.load_collection(name)
            rows = self.client.query(
                STAMPS,
                filter=f"archive == {quoted(self.archive_id)}",
                output_fields=["stamp"],
                consistency_level=STRONG,
            )
        return json.loads(rows[0]["stamp"]) if rows else None

    def put_stamp(self, stamp: Mapping[str, Any]) -> None:
        from pymilvus import DataType

        with answering():
            if not self.client.has_collection(STAMPS):
                schema = self.client.create_schema(auto_id=False, enable_dynamic_field=False)
                schema.add_field("archive", DataType.VARCHAR, is_primary=True, max_length=64)
                schema.add_field("stamp", DataType.VARCHAR, max_length=_LONGEST)
                schema.add_field("none", DataType.FLOAT_VECTOR, dim=2)  # Milvus wants a vector in every collection
                indexes = self.client.prepare_index_params()
                indexes.add_index("none", index_type="FLAT", metric_type="IP")
                self.client.create_collection(STAMPS, schema=schema, index_params=indexes, consistency_level=STRONG)
            row = {"archive": self.archive_id, "stamp": json.dumps(stamp), "none": [0.0, 1.0]}
            self.client.upsert(STAMPS, [row])

    def _forget_stamp(self) -> None:
        if self.client.has_collection(STAMPS):
            self.client.delete(STAMPS, filter=f"archive == {quoted(self.archive_id)}")


@contextmanager
def answering() -> Iterator[None]:
    """Turns what Milvus refuses into one sentence.

    Raises:
        ArchiveError: Milvus does not answer, or refuses.
    """
    from pymilvus.exceptions import MilvusException

    try:
        yield
    except MilvusException as error:
        raise ArchiveError(
            f"Milvus 出错（{error.message}）。请检查服务；不用 Milvus 时，请取消环境变量 {URI}。"
        ) from error


def row_of(passage: int, vector: Vectors, words: Mapping[int, float], speech: Mapping[str, Any]) -> dict[str, Any]:
    """A passage as Milvus stores it; unknown years are −1, unknown texts empty."""
    texts = {field: speech[field] or "" for field in TEXT_FIELDS}
    year = speech["year"] if speech["year"] is not None else -1
    # Milvus stores no empty sparse vector; term 0 is no word's number.
    sparse = dict(words) or {0: 1e-6}
    return {
        "id": passage, "dense": vector.tolist(), "words": sparse, "year": year, "speech_id": speech["speech_id"], **texts,
    }  # fmt: skip


def expression_of(filters: Filters, archive: Archive) -> str:
    """The metadata filters as an expression. «Contains» comparisons become lists of the values that SQLite finds."""
    parts: list[str] = []
    if filters.years:
        first, last = filters.years
        parts.append(f"year >= {int(first)} and year <= {int(last)}")
    for field in TEXT_FIELDS:
        if wanted := getattr(filters, field):
            parts.append(f"{field} in [{', '.join(map(quoted, _values(archive, field, wanted)))}]")
    if filters.speech_ids:
        parts.append(f"speech_id in [{', '.join(map(quoted, filters.speech_ids))}]")
    return " and ".join(parts)


def quoted(value: str) -> str:
    """A string literal of Milvus's expressions."""
    return json.dumps(value, ensure_ascii=False)


def _values(archive: Archive, field: str, wanted: Sequence[str]) -> list[str]:
    return [str(value) for value, _ in archive.facet(field) if any(part in str(value) for part in wanted)]
