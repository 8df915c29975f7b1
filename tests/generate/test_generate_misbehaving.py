"""Servers that fail in every way there is: one notice, the quotations stand, nothing is raised, the key stays secret."""

from __future__ import annotations

import gzip
import json
import logging
import socket
import time
from dataclasses import replace
from http.server import BaseHTTPRequestHandler
from importlib.metadata import requires, version
from typing import Any

import pytest
from endpoint import Behaviour, Endpoint, completion, send, serving, speaking
from quoted import QUOTES, answer_of, reply

from rag.generate.client import INSTALL
from rag.generate.compose import Composition, compose_answer
from rag.generate.settings import GenerationSettings
from rag.text.words import Analyzer
from rag.types import Answer

Handler = BaseHTTPRequestHandler
Request = dict[str, Any]
KEY = "sk-secret-314159"


def status(code: int) -> Behaviour:
    body = json.dumps({"error": {"message": f"Incorrect API key provided: {KEY}", "type": "x"}}).encode()
    return lambda handler, _: send(handler, code, body)


def body(content: bytes | dict[str, Any], kind: str = "application/json") -> Behaviour:
    raw = content if isinstance(content, bytes) else json.dumps(content).encode()
    return lambda handler, _: send(handler, 200, raw, kind)


def truncated(handler: Handler, _: Request) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", "5000")
    handler.end_headers()
    handler.wfile.write(json.dumps(completion(reply((QUOTES[0], [1])))).encode())


def broken_stream(handler: Handler, _: Request) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", "text/event-stream")
    handler.send_header("Transfer-Encoding", "chunked")
    handler.end_headers()
    handler.wfile.write(b'20\r\ndata: {"choices": [{"delta": {')


def garbage(handler: Handler, _: Request) -> None:
    handler.wfile.write(b"\x00\xff not http at all\r\n\r\n")


def squeezed(handler: Handler, _: Request) -> None:
    send(handler, 200, gzip.compress(b" " * 50_000_000), **{"Content-Encoding": "gzip"})


FAILING: dict[str, tuple[Behaviour, str]] = {
    "500": (status(500), "HTTP 500"),
    "404": (status(404), "HTTP 404"),
    "429": (status(429), "HTTP 429"),
    "401": (status(401), "不接受密钥（HTTP 401）"),
    "204": (status(204), "HTTP 204"),
    "not json": (body(b"<html>502</html>", "text/html"), "不是约定的格式"),
    "invalid json": (body(b'{"choices": [{"message": '), "不是约定的格式"),
    "invalid utf-8": (body(b'{"choices": "\xff\xfe"}'), "不是约定的格式"),
    "deep json": (body(b"[" * 200_000), "不是约定的格式"),
    "json of another shape": (body(b'{"choices": []}'), "不是约定的格式"),
    "json null": (body(b"null"), "不是约定的格式"),
    "content is a list": (body(completion(None) | {"choices": [{"message": {"content": [1]}}]}), "没有写出内容"),
    "no content": (body(completion(None)), "没有写出内容"),
    "blank content": (body(completion("  \n")), "没有写出内容"),
    "empty list": (body(completion("[]")), "没有写出可用的句子"),
    "refusal field": (body(completion(None, refusal="I won't")), "拒绝作答"),
    "refusal in words": (body(completion("抱歉，我无法回答这个问题。")), "拒绝作答"),
    "truncated body": (truncated, "中断或无法读取"),
    "broken stream": (broken_stream, "中断或无法读取"),
    "not http": (garbage, "无法连接"),
    "10 MB": (body(completion("信" * 3_500_000)), "过长"),
    "10 MB of sentences": (speaking(lambda _: reply(*[(f"{n}，{QUOTES[0]}", [1]) for n in range(2000)])), "过长"),
    "50 MB squeezed": (squeezed, "过长"),
}


def falls_back(composition: Composition, why: str) -> None:
    assert composition.sentences == ()
    assert why in composition.notice
    assert composition.notice.endswith("，以下只列原话。")
    assert KEY not in composition.notice


@pytest.mark.parametrize("name", FAILING)
def test_failing_servers(
    name: str,
    answer: Answer,
    endpoint: Endpoint,
    settings: GenerationSettings,
    analyzer: Analyzer,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    endpoint.behaviour, why = FAILING[name]
    with caplog.at_level(logging.DEBUG):
        falls_back(compose_answer(answer, settings, analyzer), why)
    assert len(endpoint.requests) == 1
    assert KEY not in caplog.text + "".join(capfd.readouterr())


def test_a_dead_endpoint(answer: Answer, settings: GenerationSettings, analyzer: Analyzer) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening: every connection is refused
        dead = replace(settings, base_url=f"http://127.0.0.1:{taken.getsockname()[1]}/v1")
        falls_back(compose_answer(answer, dead, analyzer), "无法连接模型服务")


def test_an_unknown_host(answer: Answer, settings: GenerationSettings, analyzer: Analyzer) -> None:
    unknown = replace(settings, base_url="http://no-such-host.invalid/v1")
    assert compose_answer(answer, unknown, analyzer).sentences == ()


def silent(handler: Handler, endpoint: Endpoint) -> None:
    endpoint.closing.wait(30)


def dripping_headers(handler: Handler, endpoint: Endpoint) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    while not endpoint.closing.wait(0.05):
        handler.wfile.write(b"X-A: b\r\n")


def dripping_body(handler: Handler, endpoint: Endpoint) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n")
    while not endpoint.closing.wait(0.05):
        handler.wfile.write(b" ")


def endless_events(handler: Handler, endpoint: Endpoint) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n")
    while not endpoint.closing.wait(0.02):
        handler.wfile.write(b'data: {"choices": [{"delta": {"content": "a"}}]}\n\n')


@pytest.mark.parametrize("drip", [silent, dripping_headers, dripping_body, endless_events])
def test_the_time_limit_covers_the_whole_call(
    drip: Any, answer: Answer, endpoint: Endpoint, settings: GenerationSettings, analyzer: Analyzer
) -> None:
    endpoint.behaviour = lambda handler, _: drip(handler, endpoint)
    compose_answer(answer, replace(settings, base_url="http://127.0.0.1:9/v1"), analyzer)  # imports what takes long
    start = time.monotonic()
    falls_back(compose_answer(answer, replace(settings, timeout=0.6), analyzer), "没有在限定时间内答完")
    assert 0.5 < time.monotonic() - start < 3


def test_an_endless_flood_ends_at_its_size(
    answer: Answer, endpoint: Endpoint, settings: GenerationSettings, analyzer: Analyzer
) -> None:
    def flood(handler: Handler, _: Request) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n")
        while not endpoint.closing.is_set():
            handler.wfile.write(b" " * 65536)

    endpoint.behaviour = flood
    falls_back(compose_answer(answer, settings, analyzer), "过长")


def test_a_redirect_is_not_followed(
    answer: Answer, endpoint: Endpoint, settings: GenerationSettings, analyzer: Analyzer
) -> None:
    with serving(speaking(lambda _: reply((QUOTES[0], [1])))) as elsewhere:
        target = f"{elsewhere.url}/chat/completions"
        endpoint.behaviour = lambda handler, _: send(handler, 307, b"", Location=target)
        falls_back(compose_answer(answer, settings, analyzer), "HTTP 307")
        assert elsewhere.requests == []


def test_a_reply_that_breaks_off_keeps_its_whole_sentences(
    endpoint: Endpoint, settings: GenerationSettings, analyzer: Analyzer
) -> None:
    whole = reply((QUOTES[0], [1]), (QUOTES[1], [2]))
    endpoint.behaviour = body(completion(whole[:-8]))
    composition = compose_answer(answer_of(*QUOTES), settings, analyzer)
    assert [s.text for s in composition.sentences] == [QUOTES[0]]


def test_the_install_command_names_the_pinned_version() -> None:
    assert f'"openai=={version("openai")}"' in INSTALL
    assert requires("openai")
