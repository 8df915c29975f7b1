"""A local server of the chat-completions protocol, on a free port of 127.0.0.1, that behaves or misbehaves as told."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Model = Callable[[Sequence[dict[str, str]]], str]
Behaviour = Callable[[BaseHTTPRequestHandler, dict[str, Any]], None]
JSON = "application/json"


@dataclass
class Endpoint:
    """A running server. ``requests`` holds the headers and the body of each call; ``closing`` is set when it stops."""

    url: str
    behaviour: Behaviour
    requests: list[tuple[dict[str, str], dict[str, Any]]] = field(default_factory=list)
    closing: threading.Event = field(default_factory=threading.Event)

    def says(self, reply: str | Model) -> None:
        """Lets a model answer, or the same text every time."""
        self.behaviour = speaking((lambda _: reply) if isinstance(reply, str) else reply)


def completion(content: str | None, **message: Any) -> dict[str, Any]:
    """A chat completion as the protocol has it."""
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1700000000,
        "model": "tiny",
        "choices": [
            {
                "index": 0,
                "message": {"role": "assistant", "content": content, **message},
                "logprobs": None,
                "finish_reason": "stop",
            }
        ],
        "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2},
    }


def send(handler: BaseHTTPRequestHandler, status: int, body: bytes, kind: str = JSON, **headers: str) -> None:
    handler.send_response(status)
    handler.send_header("Content-Type", kind)
    handler.send_header("Content-Length", str(len(body)))
    for name, value in headers.items():
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(body)


def speaking(model: Model) -> Behaviour:
    def behave(handler: BaseHTTPRequestHandler, request: dict[str, Any]) -> None:
        send(handler, 200, json.dumps(completion(model(request["messages"])), ensure_ascii=False).encode())

    return behave


@contextmanager
def serving(behaviour: Behaviour) -> Iterator[Endpoint]:
    endpoint = Endpoint("", behaviour)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            endpoint.requests.append(({k.lower(): v for k, v in self.headers.items()}, request))
            self.close_connection = True
            if self.path != "/v1/chat/completions":
                send(self, 404, b"{}")
                return
            with suppress(OSError):  # the client went away
                endpoint.behaviour(self, request)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: Any, client_address: Any) -> None:
            pass

    server = Server(("127.0.0.1", 0), Handler)
    endpoint.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield endpoint
    finally:
        endpoint.closing.set()
        server.shutdown()
        server.server_close()
        thread.join()
