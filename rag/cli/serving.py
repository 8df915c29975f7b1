"""The subcommands that keep running: app, serve and mcp; and sample, which makes the archive that they show first."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
import webbrowser
from argparse import Namespace
from importlib.util import find_spec
from pathlib import Path

from rag.cli.status import DONE, SOME_FAILED
from rag.config import APP, DEFAULT_ARCHIVE, SAMPLE_ARCHIVE, SAMPLE_SPEECHES, SHIPPED_MODEL, archive_folder
from rag.errors import UsageError

PORTS = range(8501, 8551)
APP_SETTINGS = {
    "STREAMLIT_BROWSER_GATHER_USAGE_STATS": "false",
    "STREAMLIT_SERVER_HEADLESS": "true",
    "STREAMLIT_SERVER_FILE_WATCHER_TYPE": "none",
}


def sample(options: Namespace) -> int:
    """Puts the invented speeches that come with the program into the sample archive; does nothing where they are in.

    After an update of the program with another shipped encoder, their vectors are made anew.
    """
    from rag.cli.arguments import parser
    from rag.cli.keeping import ingest

    _follow_the_shipped_encoder(SAMPLE_ARCHIVE)
    words = ["ingest", str(SAMPLE_SPEECHES), "--archive", str(SAMPLE_ARCHIVE), "--summary"]
    return ingest(parser().parse_args([*words, "--json"] if options.json else words))


def _follow_the_shipped_encoder(folder: Path) -> None:
    from rag.archive.connect import FILE
    from rag.archive.reader import Archive
    from rag.archive.writer import Writer
    from rag.cli.output import Progress
    from rag.pipeline.reindex import reindex_archive
    from rag.session import chosen_encoder

    if not (folder / FILE).exists():
        return
    archive = Archive(folder)
    stored, chosen = archive.encoder_fingerprint, archive.meta("encoder_source")
    if stored is None or chosen:  # whoever has chosen another encoder keeps it
        return
    encoder = chosen_encoder(SHIPPED_MODEL)
    if stored != encoder.fingerprint:
        bar, total = Progress("重算向量"), archive.count("passages")
        reindex_archive(Writer(folder), archive, encoder, None, lambda n: bar(n, total))


def app(options: Namespace) -> int:
    """Runs the browser application until it is stopped."""
    if archive_folder(options.archive) in (DEFAULT_ARCHIVE, SAMPLE_ARCHIVE):
        sample(Namespace(json=False))
    port = _free_port(options.port)
    environment = {**os.environ, **APP_SETTINGS, **({"YANJU_ARCHIVE": options.archive} if options.archive else {})}
    server = ["--server.address", options.host, "--server.port", str(port)]
    print(f"打开 http://{options.host}:{port} ，按 Ctrl+C 停止", flush=True)
    if not options.no_browser:
        threading.Thread(target=_open_when_up, args=(port,), daemon=True).start()
    child = subprocess.Popen([sys.executable, "-m", "streamlit", "run", str(APP), *server], env=environment)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # whoever ends this process ends the server too
    try:
        return DONE if child.wait() == 0 else SOME_FAILED
    except KeyboardInterrupt:
        return DONE
    finally:
        child.terminate()
        child.wait()


def serve(options: Namespace) -> int:
    """Serves the archive over HTTP until it is stopped."""
    from rag.serve.settings import ServeSettings

    _require("fastapi", "serve")
    _require("uvicorn", "serve")
    settings = ServeSettings.from_environment(os.environ, options.host, options.port)
    from rag.serve.http import run
    from rag.serve.service import Service

    service = Service(archive_folder(options.archive))
    if _taken(settings.host, settings.port):
        raise UsageError(f"端口 {settings.port} 被占用，请用 --port 换一个。")
    kind = "示例（虚构）" if service.sample else ""
    print(
        f"{kind}档案 {service.folder}：http://{settings.host}:{settings.port} ，按 Ctrl+C 停止",
        file=sys.stderr,
        flush=True,
    )
    run(service, settings)
    return DONE


def mcp(options: Namespace) -> int:
    """Serves the archive's tools to a language model over standard input and output."""
    _require("mcp", "mcp")
    from rag.serve.service import Service
    from rag.serve.tools import tool_server

    tool_server(Service(archive_folder(options.archive))).run("stdio")
    return DONE


def _require(library: str, extra: str) -> None:
    """Raises UsageError: an optional library is not installed."""
    if find_spec(library) is None:
        raise UsageError(f'这个命令需要 {library}，请先运行：python -m pip install "yanju[{extra}]"')


def _taken(host: str, port: int) -> bool:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as connection:
        connection.settimeout(0.3)
        return connection.connect_ex((host, port)) == 0


def _free_port(asked: int | None) -> int:
    for port in [asked] if asked else PORTS:
        if not _taken("127.0.0.1", port):
            return port
    raise UsageError(f"端口 {asked or PORTS[0]} 被占用，请用 --port 换一个。")


def _open_when_up(port: int) -> None:
    for _ in range(240):
        if _taken("127.0.0.1", port):
            webbrowser.open(f"http://127.0.0.1:{port}")
            return
        time.sleep(0.25)
