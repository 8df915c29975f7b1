"""One question to the model endpoint, bounded in time and size.

The library's own time limit starts anew with every byte that arrives, so a server that drips would hold the caller
for ever; the call therefore runs in a thread of its own, which the caller leaves behind when the time is up.
"""

from __future__ import annotations

import json
import logging
import queue
import threading
import time
from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import urlsplit

from rag.errors import GenerationError
from rag.generate.settings import GenerationSettings

log = logging.getLogger(__name__)

Message = dict[str, str]

INSTALL = 'python -m pip install -c constraints.txt "openai==3.52.0"'
MAX_BYTES = 1_000_000
# The library adds facts about this computer and whatever OPENAI_… variables hold; none of it is the endpoint's business.
_SENT = {"host", "accept", "accept-encoding", "connection", "content-type", "content-length", "transfer-encoding"}
_SENT |= {"x-stainless-raw-response"}  # by this one the library itself knows to leave the body unread


_HERE = ("localhost", "127.0.0.1", "::1")


def require_client() -> None:
    """Imports the client library.

    Raises:
        GenerationError: it is not installed.
    """
    try:
        import openai  # noqa: F401
    except ImportError as error:
        raise GenerationError("模型成文需要 openai 库，请运行：{install}", install=INSTALL) from error


def complete(settings: GenerationSettings, messages: Sequence[Message]) -> str:
    """The text with which the model answers, within ``settings.timeout`` seconds.

    Raises:
        GenerationError: there is none, for a reason that its message tells.
    """
    require_client()
    results: queue.SimpleQueue[str | GenerationError] = queue.SimpleQueue()
    deadline = time.monotonic() + settings.timeout

    def work() -> None:
        try:
            results.put(reply_text(_request(settings, messages, deadline)))
        except GenerationError as error:
            results.put(error)
        except Exception as error:
            results.put(_explained(error))

    threading.Thread(target=work, name="yanju-generate", daemon=True).start()
    try:
        result = results.get(timeout=settings.timeout)
    except queue.Empty:
        raise _too_slow() from None
    if isinstance(result, GenerationError):
        raise result
    return result


def _request(settings: GenerationSettings, messages: Sequence[Message], deadline: float) -> bytes:
    """The body of the endpoint's reply. A redirect is an error: the quotations go to the address given, nowhere else."""
    import openai

    def bare(request: Any) -> None:
        kept = _SENT | ({"authorization"} if settings.api_key else set())
        for name in [name for name in request.headers if name.lower() not in kept]:
            del request.headers[name]

    http = openai.DefaultHttpxClient(
        follow_redirects=False,
        timeout=settings.timeout,
        trust_env=urlsplit(settings.base_url).hostname not in _HERE,  # a proxy does not reach this computer
        event_hooks={"request": [bare], "response": []},
    )
    with (
        http,
        openai.OpenAI(
            base_url=settings.base_url,
            api_key=settings.api_key or "none",
            timeout=settings.timeout,
            max_retries=0,
            http_client=http,
        ) as client,
        client.chat.completions.with_streaming_response.create(
            model=settings.model, messages=_typed(messages), temperature=0
        ) as response,
    ):
        if response.status_code != 200:
            raise GenerationError("模型服务报错（HTTP {status_code}）", status_code=response.status_code)
        return _bounded(response.iter_bytes(), deadline)


def _typed(messages: Sequence[Message]) -> Any:
    return list(messages)


def _bounded(chunks: Iterable[bytes], deadline: float) -> bytes:
    body = bytearray()
    for chunk in chunks:
        body += chunk
        if len(body) > MAX_BYTES:
            raise GenerationError("模型的回答过长")
        if time.monotonic() > deadline:
            raise _too_slow()
    return bytes(body)


def reply_text(body: bytes) -> str:
    """The message text in the body of a chat completion.

    Raises:
        GenerationError: the body is no chat completion, or the model declines or says nothing.
    """
    try:
        choice = json.loads(body)["choices"][0]
        message = choice["message"]
        content, refusal = message.get("content"), message.get("refusal")
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise GenerationError("模型服务的答复不是约定的格式") from error
    if refusal or choice.get("finish_reason") == "content_filter":
        raise GenerationError("模型拒绝作答")
    if not isinstance(content, str) or not content.strip():
        raise GenerationError("模型没有写出内容")
    return content


def _too_slow() -> GenerationError:
    return GenerationError("模型服务没有在限定时间内答完")


def _explained(error: Exception) -> GenerationError:
    """What went wrong, in words of our own: the library's messages may repeat the key or the quotations."""
    import openai

    log.warning("generation failed: %s", type(error).__name__)
    if isinstance(error, openai.APITimeoutError) or "Timeout" in type(error).__name__:
        return _too_slow()
    if isinstance(error, openai.AuthenticationError | openai.PermissionDeniedError):
        return GenerationError("模型服务不接受密钥（HTTP {status_code}）", status_code=error.status_code)
    if isinstance(error, openai.APIStatusError):
        return GenerationError("模型服务报错（HTTP {status_code}）", status_code=error.status_code)
    if isinstance(error, openai.APIConnectionError):
        return GenerationError("无法连接模型服务")
    return GenerationError("模型服务的答复中断或无法读取")
