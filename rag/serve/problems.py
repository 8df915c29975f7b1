"""Errors as JSON: ``{"error": {"type", "message"}}``, the message one sentence in Chinese."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from rag.errors import ArchiveError, EncoderError, UsageError, YanjuError
from rag.serve.service import UnknownSpeechError

log = logging.getLogger(__name__)

STATUS: tuple[tuple[type[YanjuError], int, str], ...] = (
    (UnknownSpeechError, 404, "not-found"),
    (UsageError, 400, "usage"),
    (ArchiveError, 503, "archive"),
    (EncoderError, 503, "encoder"),
    (YanjuError, 500, "internal"),
)
_OF_STATUS = {404: "没有这个地址，可用的见 /openapi.json。", 405: "这个服务只能读，请用 GET 请求。"}


class Problem(BaseModel):
    """What went wrong: a stable code, and a sentence that says what, where and what to do."""

    type: str
    message: str


class Failure(BaseModel):
    """Every answer that is no result."""

    error: Problem


DESCRIBED: dict[int | str, dict[str, Any]] = {
    code: {"model": Failure, "description": text}
    for code, text in {
        400: "the question or a filter cannot be used",
        401: "no key, or a wrong one",
        404: "no such speech",
        422: "a parameter is missing or out of range",
        429: "too many requests; Retry-After says how many seconds to wait",
        503: "the archive or its model cannot be used",
    }.items()
}


def problem(status: int, kind: str, message: str, headers: Mapping[str, str] | None = None) -> JSONResponse:
    return JSONResponse({"error": {"type": kind, "message": message}}, status, headers)


def register(app: FastAPI) -> None:
    """Every error that a request can meet becomes a ``Failure``."""

    @app.exception_handler(YanjuError)
    def known(_: Request, error: YanjuError) -> JSONResponse:
        status, kind = next((status, kind) for cls, status, kind in STATUS if isinstance(error, cls))
        if status >= 500:
            log.error("%s", error)
        return problem(status, kind, str(error))

    @app.exception_handler(sqlite3.DatabaseError)
    def unreadable(_: Request, error: sqlite3.DatabaseError) -> JSONResponse:
        log.error("%s", error)
        return problem(503, "archive", f"档案读取失败（{error}），请稍后重试；仍不行时请管理员运行 verify。")

    @app.exception_handler(RequestValidationError)
    def invalid(_: Request, error: RequestValidationError) -> JSONResponse:
        return problem(422, "parameter", "；".join(_sentence(one) for one in error.errors()) + "。")

    @app.exception_handler(HTTPException)
    def http(_: Request, error: HTTPException) -> JSONResponse:
        message = _OF_STATUS.get(error.status_code, str(error.detail))
        return problem(error.status_code, "http", message, error.headers)

    @app.exception_handler(Exception)
    def unforeseen(_: Request, error: Exception) -> JSONResponse:
        return problem(500, "internal", "服务出了错，详情已写入日志，请交给管理员。")


def _sentence(error: Mapping[str, Any]) -> str:
    """One of pydantic's findings, in Chinese."""
    name = ".".join(str(part) for part in error["loc"][1:]) or "请求"
    limits = error.get("ctx", {})
    told = {
        "missing": "缺少参数 {name}",
        "string_too_short": "参数 {name} 不能为空",
        "string_too_long": "参数 {name} 最长 {max_length} 字",
        "too_long": "参数 {name} 最多给 {max_length} 个",
        "int_parsing": "参数 {name} 应为整数",
        "bool_parsing": "参数 {name} 应为 true 或 false",
        "greater_than_equal": "参数 {name} 不能小于 {ge}",
        "less_than_equal": "参数 {name} 不能大于 {le}",
    }.get(error["type"], "参数 {name} 不合要求")
    return told.format(name=name, **limits)
