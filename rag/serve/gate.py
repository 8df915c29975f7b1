"""What every request passes: its key, its host name, its rate."""

from __future__ import annotations

import math

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rag.serve.limits import RateLimiter, known_key
from rag.serve.problems import problem
from rag.serve.settings import LOOPBACK, ServeSettings

OPEN = ("/health", "/openapi.json")
FIXED = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


class Gate:
    """Lets a request in, or answers 401, 403 or 429. Wrong keys count against the address that they come from."""

    def __init__(self, app: ASGIApp, settings: ServeSettings, sample: bool = False) -> None:
        self._app = app
        self._settings = settings
        self._limiter = RateLimiter(settings.rate)
        self._fixed = {**FIXED, **({"X-Yanju-Sample": "true"} if sample else {})}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(self._fixed)
            await send(message)

        answer = self._refusal(Request(scope)) or self._app
        await answer(scope, receive, marked)

    def _refusal(self, request: Request) -> Response | None:
        """The answer to a request that is not let in."""
        key = given_key(request.headers)
        known = bool(key) and known_key(key, self._settings.keys)
        address = request.client.host if request.client else "?"
        if wait := self._limiter.wait(f"key {key}" if known else f"address {address}"):
            seconds = math.ceil(wait)
            message = f"请求太频繁（每分钟最多 {self._settings.rate} 次），请 {seconds} 秒后再试。"
            return problem(429, "rate", message, {"Retry-After": str(seconds)})
        if request.url.path in OPEN:
            return None
        if self._settings.keys:
            headers = {"WWW-Authenticate": "Bearer"}
            message = "缺少密钥或密钥不对，请用请求头 Authorization: Bearer 密钥。"
            return None if known else problem(401, "key", message, headers)
        # Without keys, a web page that rebinds its own name to this computer must not read the archive.
        if request.url.hostname not in LOOPBACK:
            return problem(403, "host", "未设密钥时只接受发往 127.0.0.1 或 localhost 的请求。")
        return None


def given_key(headers: Headers) -> str:
    """The key of a request: `Authorization: Bearer KEY` or `X-API-Key: KEY`; empty where there is none."""
    scheme, _, value = headers.get("authorization", "").partition(" ")
    return value.strip() if scheme.lower() == "bearer" else headers.get("x-api-key", "").strip()
