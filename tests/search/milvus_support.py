"""Milvus for tests: Milvus Lite in a file, as a server of its own, and the Milvus of YANJU_MILVUS_URI where it is set."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from rag.search.milvus.collection import Collection

# Read before any test: with the variable set, every archive that a test opens would be looked for in Milvus.
GIVEN = os.environ.pop("YANJU_MILVUS_URI", "")


def require_pymilvus() -> None:
    """Skips the test where the extra is not installed, fails it under CI."""
    try:
        import milvus_lite  # noqa: F401
        import pymilvus  # noqa: F401
    except ImportError:
        message = "the extra «milvus» is not installed"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(message)


KINDS = ("file", "server", "given")


@contextmanager
def milvus(kind: str, folder: Path) -> Iterator[str]:
    """The URI of a Milvus Lite file, of a Milvus Lite server, or of the Milvus that YANJU_MILVUS_URI names."""
    require_pymilvus()
    if kind == "file":
        yield str(folder / "milvus.db")
    elif kind == "server":
        with serving(folder) as address:
            yield address
    elif GIVEN:
        with _leaving_no_trace():
            yield GIVEN
    else:
        pytest.skip("YANJU_MILVUS_URI is not set: no Milvus to test against")


@contextmanager
def _leaving_no_trace() -> Iterator[None]:
    """Drops what the block has made, and only that: somebody's archives may be in there."""
    made: dict[str, Collection] = {}
    real = Collection.create

    def create(self: Collection, dimension: int, index: str) -> None:
        made[self.name] = self
        real(self, dimension, index)

    with pytest.MonkeyPatch.context() as noting:
        noting.setattr(Collection, "create", create)
        yield
    for one in made.values():
        one.drop()


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """The URI of a Milvus Lite server on this machine only, for as long as the block lasts."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [Path(sys.executable).with_name("milvus-lite"), "server", "--data-dir", str(folder)]
    process = subprocess.Popen([*command, "--host", "127.0.0.1", "--port", str(port)], stderr=subprocess.DEVNULL)
    try:
        _wait(port, process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        if process.poll() is not None:
            pytest.fail(f"milvus-lite server ended with {process.returncode}")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    pytest.fail("milvus-lite server does not answer")
