#!/usr/bin/env python3
"""One command from a fresh clone: `python bootstrap.py app` (or `test`, `ingest`, `install`, `wheels`).

Needs nothing but Python 3.11 or newer. It makes `.venv` beside this file, installs the pinned requirements into it
(PyTorch's CPU build where that can be had), and starts the program there. What was installed is noted in
`.venv/yanju-installed.json`; while that note fits the requirement files, no network is used at all.
"""

import argparse
import hashlib
import io
import json
import os
import platform
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
import webbrowser
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

# Before any definition: older interpreters (from 3.6) can parse this file but not evaluate its annotations.
if sys.version_info < (3, 11):  # noqa: UP036
    sys.exit(
        f"言据需要 Python 3.11 或更新版本，当前是 {platform.python_version()}：请安装后重试。\n"
        f"Yanju needs Python 3.11 or newer, this is {platform.python_version()}: install one and run it with that."
    )

ROOT = Path(__file__).resolve().parent
RUN_FILES, DEV_FILES = ("requirements.txt",), ("requirements.txt", "requirements-dev.txt")
CONSTRAINTS = "constraints.txt"
CPU_INDEX = os.environ.get("YANJU_TORCH_INDEX", "https://download.pytorch.org/whl/cpu")
OWN_ARCHIVE = "index/default/archive.sqlite"
CHILD_DEFAULTS = {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1", "PYTHONUTF8": "1"}
APP_SETTINGS = {
    "STREAMLIT_BROWSER_GATHER_USAGE_STATS": "false",
    "STREAMLIT_SERVER_HEADLESS": "true",  # no e-mail prompt, no file in the user's home
    "STREAMLIT_SERVER_FILE_WATCHER_TYPE": "none",
}
INSTALL_FAILED = """依赖没有装全，原因见上面 pip 的最后几行：请检查网络，或设置 HTTPS_PROXY、PIP_INDEX_URL 后重试；\
离线安装：在能上网的同类电脑上运行 python bootstrap.py wheels 目录，拷来后在本机加 --wheels 目录。
The requirements were not installed, see pip's last lines: check the network or set HTTPS_PROXY or PIP_INDEX_URL; \
offline, run `python bootstrap.py wheels DIR` on a like machine with a network, and add --wheels DIR here."""


class Failure(Exception):
    """What went wrong and what to do about it, in Chinese and English."""


def say(text: str) -> None:
    print(f"言据 | {text}", flush=True)


def run(command: Sequence[str], settings: Mapping[str, str] | None = None, quiet: bool = False) -> int:
    """Run a command in the project's folder and return its exit status; 127 when it cannot be started."""
    env = {**CHILD_DEFAULTS, **os.environ, "PIP_USER": "0", "PIP_DISABLE_PIP_VERSION_CHECK": "1", **(settings or {})}
    sink = subprocess.DEVNULL if quiet else None
    try:
        child = subprocess.Popen(list(command), cwd=ROOT, env=env, stdout=sink, stderr=sink)
    except OSError:
        return 127
    try:
        return child.wait()
    except KeyboardInterrupt:  # Ctrl+C reaches the child too: let it end by itself, but leave nothing running
        for stop in (child.terminate, child.kill):
            with suppress(subprocess.TimeoutExpired):
                child.wait(timeout=3)
            stop()
        raise


def reachable(url: str, seconds: float = 3) -> bool:
    """Whether a HEAD request is answered in time; in a thread, because a name look-up knows no time-out."""
    answers: list[int] = []
    request = urllib.request.Request(url, method="HEAD")

    def probe() -> None:
        with suppress(OSError, ValueError), urllib.request.urlopen(request, timeout=seconds) as answer:
            answers.append(answer.status)

    thread = threading.Thread(target=probe, daemon=True)
    thread.start()
    thread.join(seconds)
    return bool(answers)


class Environment:
    """The project's `.venv`: made, checked, filled, and noted as complete only when it is."""

    def __init__(self, root: Path = ROOT, system: str = sys.platform, wheels: Path | None = None) -> None:
        self.root, self.system, self.wheels = root, system, wheels
        self.folder = root / ".venv"
        self.python = str(self.folder / ("Scripts/python.exe" if system == "win32" else "bin/python"))
        self.note = self.folder / "yanju-installed.json"
        self.unfinished = self.folder / "yanju-unfinished"

    def fingerprint(self, files: Sequence[str]) -> str:
        """Hash of requirement files, which the noted one must equal for an installation to be current."""
        return hashlib.sha256(b"\0".join((self.root / name).read_bytes() for name in (*files, CONSTRAINTS))).hexdigest()

    def is_current(self, files: Sequence[str]) -> bool:
        try:
            return bool(json.loads(self.note.read_text("utf-8"))[files[-1]] == self.fingerprint(files))
        except (OSError, ValueError, KeyError, TypeError):
            return False

    def is_sound(self) -> bool:
        """Whether the interpreter in `.venv` still starts, is new enough, has pip, and no installation broke off."""
        check = "import sys, importlib.util as u; sys.exit(sys.version_info < (3, 11) or not u.find_spec('pip'))"
        return not self.unfinished.exists() and run([self.python, "-c", check], quiet=True) == 0

    def make(self) -> None:
        """A fresh, empty `.venv`, marked unfinished until its packages are in."""
        say("建立 .venv / making .venv")
        try:
            if self.folder.exists():
                shutil.rmtree(self.folder)
            self.folder.mkdir()
            self.unfinished.touch()
        except OSError as error:
            raise Failure(f"请先关闭正在运行的言据，再重试 / close a running Yanju and try again: {error}") from error
        base = getattr(sys, "_base_executable", None) or sys.executable  # not the interpreter just removed
        if run([base, "-m", "venv", str(self.folder)]) != 0:
            shutil.rmtree(self.folder, ignore_errors=True)
            raise Failure(".venv 没有建成，见上（Debian、Ubuntu 要先装 python3-venv） / could not be made, see above")

    def pip(self, verb: str, *arguments: str) -> int:
        offline = ["--no-index", "--find-links", str(self.wheels)] if self.wheels else []
        return run([self.python, "-m", "pip", verb, *offline, *arguments])

    def pip_requirements(self, verb: str, files: Sequence[str], *options: str) -> int:
        listed = [part for name in files for part in ("-r", str(self.root / name))]
        return self.pip(verb, *options, *listed, "-c", str(self.root / CONSTRAINTS))

    def cpu_torch(self, verb: str, *options: str) -> None:
        """Fetch PyTorch's CPU build where pip's own index would give the CUDA one; no harm done when that fails."""
        if self.wheels or self.system == "darwin" or not CPU_INDEX:
            return
        lines = (self.root / "requirements.txt").read_text("utf-8").splitlines()
        torch = next(line for line in lines if line.startswith("torch=="))
        check = f"import importlib.metadata as m; assert 'torch==' + m.version('torch').split('+')[0] == '{torch}'"
        if verb == "install" and run([self.python, "-c", check], quiet=True) == 0:
            return
        say(f"{torch}，CPU 版 / {torch}, CPU build")
        source = ["--no-deps", "--index-url", CPU_INDEX]
        if not reachable(f"{CPU_INDEX}/torch/") or self.pip(verb, *source, *options, torch) != 0:
            say("CPU 版下载站不可用，改用默认来源 / CPU index out of reach, using pip's own: several GB more on Linux")

    def install(self, files: Sequence[str]) -> None:
        """Bring `.venv` to the pinned requirements; uses no network when it is there already."""
        sound = self.is_sound()
        if sound and self.is_current(files):
            return say("依赖已装好 / requirements are installed")
        if not sound:
            self.make()
        say("安装依赖，首次需要几分钟 / installing requirements, which takes minutes the first time")
        before = self.touched()
        self.unfinished.touch()
        self.cpu_torch("install")
        if self.pip_requirements("install", files) != 0:
            if self.touched() == before:
                self.unfinished.unlink()  # pip gave up before it changed anything
            raise Failure(INSTALL_FAILED)
        noted = {name: self.fingerprint(files[: i + 1]) for i, name in enumerate(files)}
        self.note.write_text(json.dumps(noted, indent=1), "utf-8")
        self.unfinished.unlink()
        say("安装完成 / installed")

    def touched(self) -> list[int]:
        """When each package folder last gained or lost an entry."""
        places = [*self.folder.glob("lib/*/site-packages"), *self.folder.glob("Lib/site-packages")]
        return sorted(place.stat().st_mtime_ns for place in places)

    def save_wheels(self, target: Path, files: Sequence[str]) -> int:
        """Fill a folder with everything that an offline machine of this kind needs for `--wheels`."""
        self.cpu_torch("wheel", "--wheel-dir", str(target))
        return self.pip_requirements("wheel", files, "--wheel-dir", str(target), "--find-links", str(target))


def taken(port: int) -> bool:
    with socket.socket() as connection:
        connection.settimeout(0.3)
        return connection.connect_ex(("127.0.0.1", port)) == 0


def free_port(asked: int | None) -> int:
    for port in [asked] if asked else range(8501, 8551):
        if not taken(port):
            return port
    raise Failure(f"端口 {asked or 8501} 被占用，请用 --port 换一个 / that port is taken, choose one with --port")


def has_display(system: str, env: Mapping[str, str]) -> bool:
    local = not env.get("CI") and "SSH_CONNECTION" not in env
    return local and (system in ("win32", "darwin") or bool(env.get("DISPLAY") or env.get("WAYLAND_DISPLAY")))


def open_browser_when_up(port: int) -> None:
    def wait_and_open() -> None:
        while not taken(port):
            time.sleep(0.25)
        webbrowser.open(f"http://127.0.0.1:{port}")

    threading.Thread(target=wait_and_open, daemon=True).start()


def start_app(venv: Environment, port: int | None, browser: bool) -> int:
    say("检查示例档案 / bringing the sample archive up to date")
    status = run([venv.python, "-m", "rag", "sample"])
    if status:
        problem = f"示例档案不完整，原因见上 / the sample archive is not complete, see above (exit status {status})"
        if status > 1 and not (venv.root / OWN_ARCHIVE).exists():
            raise Failure(problem)
        say(problem)
    chosen = free_port(port)
    say(f"打开 http://127.0.0.1:{chosen} ，按 Ctrl+C 停止 / open that address; Ctrl+C stops it")
    if browser:
        open_browser_when_up(chosen)
    server = ["--server.address", "127.0.0.1", "--server.port", str(chosen)]
    return run([venv.python, "-m", "streamlit", "run", "app.py", *server], APP_SETTINGS)


def absolute(arguments: Sequence[str], here: Path) -> list[str]:
    """Arguments of `rag ingest` with their paths made absolute: it runs in the project's folder, not in the user's."""
    words = [word for given in arguments for word in (given.split("=", 1) if given[:10] == "--archive=" else [given])]
    return [
        str((here / word).resolve()) if last == "--archive" or (here / word).exists() else word
        for last, word in zip(["", *words], words, strict=False)
    ]


def parse(arguments: Sequence[str]) -> tuple[argparse.Namespace, list[str]]:
    """The command with its options, and what is passed on to pytest or to `rag ingest` as it stands."""
    parser = argparse.ArgumentParser(prog="bootstrap.py", description="安装并启动言据 / install and start Yanju")
    commands = parser.add_subparsers(dest="command", required=True)

    def command(name: str, text: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=text, description=text, allow_abbrev=False)
        wheels = "离线安装用的 wheel 目录（或环境变量 YANJU_WHEELS） / folder of wheels to install from, offline"
        added.add_argument("--wheels", type=Path, default=os.environ.get("YANJU_WHEELS"), metavar="DIR", help=wheels)
        return added

    app = command("app", "启动界面（首次会安装并建示例档案） / start the app, installing it first where needed")
    app.add_argument("--port", type=int, help="端口，默认 8501 起第一个空闲的 / default: the first free one from 8501")
    app.add_argument("--no-browser", action="store_true", help="不自动打开浏览器 / do not open a browser")
    command("test", "运行测试，其余参数交给 pytest / run the tests; further arguments go to pytest")
    command("ingest", "文件入库，参数同 python -m rag ingest / add files; arguments as for python -m rag ingest")
    install = command("install", "只安装 / only install")
    save = command("wheels", "为离线电脑备齐安装包 / save all wheels for a machine without a network")
    save.add_argument("target", type=Path, metavar="DIR")
    for one in (install, save):
        one.add_argument("--dev", action="store_true", help="连同测试所需 / with what the tests need")
    options, others = parser.parse_known_args(arguments)
    if others and options.command not in ("test", "ingest"):
        parser.error("不认识的参数 / unknown arguments: " + " ".join(others))
    return options, others


def dispatch(options: argparse.Namespace, others: Sequence[str]) -> int:
    if sys.maxsize < 2**32 or (sys.platform, platform.machine()) == ("darwin", "x86_64"):  # PyTorch has no build there
        raise Failure("需要 64 位 Python，Mac 需 Apple 芯片 / a 64-bit Python is needed, and on a Mac an Apple chip")
    wheels = Path(options.wheels).resolve() if options.wheels else None
    if wheels and not wheels.is_dir():
        raise Failure(f"没有这个目录 / there is no such folder: {wheels}")
    venv = Environment(wheels=wheels)
    files = DEV_FILES if options.command == "test" or getattr(options, "dev", False) else RUN_FILES
    venv.install(files)
    if options.command == "app":
        return start_app(venv, options.port, not options.no_browser and has_display(sys.platform, os.environ))
    if options.command in ("test", "ingest"):
        module = ["pytest", *others] if options.command == "test" else ["rag", "ingest", *absolute(others, Path.cwd())]
        return run([venv.python, "-m", *module])
    if options.command == "wheels":
        return venv.save_wheels(options.target.resolve(), files)
    return 0


def main(arguments: Sequence[str] | None = None) -> int:
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a console that cannot show Chinese must not stop the installation
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        return dispatch(*parse(sys.argv[1:] if arguments is None else arguments))
    except Failure as failure:
        sys.exit(f"言据 | {failure}")
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
