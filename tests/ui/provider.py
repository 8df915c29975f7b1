"""A tiny OpenID Connect provider on 127.0.0.1 that lets one person in without asking."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

CLIENT, SECRET = "yanju", "only-for-tests"


@dataclass
class Provider:
    """A running provider. ``person`` is who the next login is; ``calls`` are the paths that were asked for."""

    url: str
    person: dict[str, str]
    calls: list[str] = field(default_factory=list)
    nonces: dict[str, str] = field(default_factory=dict)


@contextmanager
def provider(person: dict[str, str]) -> Iterator[Provider]:
    from joserfc import jwt
    from joserfc.jwk import RSAKey

    key = RSAKey.generate_key(2048, {"kid": "1", "use": "sig", "alg": "RS256"})
    running = Provider("", person)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            running.calls.append(parts.path)
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            if parts.path == "/authorize":
                code = f"code-{len(running.nonces)}"
                running.nonces[code] = query.get("nonce", "")
                self.send_response(302)
                self.send_header("Location", f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query['state']})}")
                self.end_headers()
            elif parts.path == "/jwks":
                self.reply({"keys": [key.as_dict(private=False)]})
            else:
                self.reply(discovery(running.url))

        def do_POST(self) -> None:
            running.calls.append(self.path)
            form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            now = int(time.time())
            claims = {"iss": running.url, "aud": CLIENT, "iat": now, "exp": now + 600, "nonce": running.nonces[form["code"][0]]}
            token = jwt.encode({"alg": "RS256", "kid": "1"}, claims | running.person, key)
            self.reply({"access_token": "a", "token_type": "Bearer", "expires_in": 600, "id_token": token})

        def reply(self, value: dict[str, Any]) -> None:
            body = json.dumps(value).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    running.url = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield running
    finally:
        server.shutdown()
        server.server_close()


def discovery(url: str) -> dict[str, Any]:
    return {
        "issuer": url,
        "authorization_endpoint": f"{url}/authorize",
        "token_endpoint": f"{url}/token",
        "jwks_uri": f"{url}/jwks",
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
    }


def secrets(url: str) -> str:
    """The `[auth]` section that points to the provider."""
    return f"""[auth]
redirect_uri = "http://127.0.0.1:{{port}}/oauth2callback"
cookie_secret = "{"x" * 40}"
client_id = "{CLIENT}"
client_secret = "{SECRET}"
server_metadata_url = "{url}/.well-known/openid-configuration"
"""
