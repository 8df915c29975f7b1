"""The whole suite of the retriever once more, with Milvus as its store."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import test_retriever
from milvus_support import KINDS, milvus

from rag.archive.reader import Archive
from rag.search import retriever
from rag.search.milvus.migrate import migrate
from rag.search.milvus.store import MilvusStore

# Milvus holds one state of an archive: while files come and go, readers are told that it is stale (test_milvus.py).
LEFT_OUT = {"test_searching_while_files_come_and_go"}
assert vars(test_retriever).keys() >= LEFT_OUT
globals().update(
    {name: it for name, it in vars(test_retriever).items() if name.startswith(("test_", "put")) and name not in LEFT_OUT}
)


@pytest.fixture(scope="module", params=KINDS)
def uri(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with milvus(request.param, tmp_path_factory.mktemp("milvus")) as address:
        yield address


@pytest.fixture(autouse=True)
def _in_milvus(uri: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    class Following(MilvusStore):
        """Migrates whenever the archive has changed, so that tests that change it go on."""

        def _check(self) -> None:
            if self._stamp.get("state") != self._archive.meta("state"):
                migrate(Archive(self._archive.folder), uri, "FLAT")
            super()._check()

    def opened(archive: Archive) -> MilvusStore:
        migrate(archive, uri, "FLAT")
        return Following.open(archive, uri)

    monkeypatch.setattr(retriever, "EmbeddedStore", opened)
