"""Errors that a healthy archive does not have, made by a service that is none."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path

import httpx2
import pytest
from fakes import FakeEncoder

from rag.errors import CitationError, EncoderError
from rag.serve.http import create_app
from rag.serve.service import Service
from rag.serve.settings import ServeSettings


def answer(service: Service) -> httpx2.Response:
    """What `/speeches` gives, without a server between."""

    async def get() -> httpx2.Response:
        transport = httpx2.ASGITransport(app=create_app(service, ServeSettings()), raise_app_exceptions=False)
        async with httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            return await client.get("/speeches")

    return asyncio.run(get())


@pytest.mark.parametrize(
    ("error", "status", "kind", "said"),
    [
        (sqlite3.DatabaseError("database disk image is malformed"), 503, "archive", "请管理员运行 verify"),
        (EncoderError("模型不见了。"), 503, "encoder", "模型不见了。"),
        (CitationError("引文对不上。"), 500, "internal", "引文对不上。"),
        (ZeroDivisionError("secret detail"), 500, "internal", "详情已写入日志"),
    ],
)
def test_every_error_is_one_sentence(
    small: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, status: int, kind: str, said: str
) -> None:
    def fails(*_: object) -> None:
        raise error

    service = Service(small, FakeEncoder())
    monkeypatch.setattr(service, "speeches", fails)
    given = answer(service)
    assert given.status_code == status
    assert given.json()["error"]["type"] == kind
    assert said in given.json()["error"]["message"]
    assert "secret" not in given.text
