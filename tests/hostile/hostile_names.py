"""Names and places in the file system: links, pipes, names that end lines or hide what they are."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from hostile_case import GOOD, Case, of


def _outside(path: Path) -> None:
    secret = path.parent.parent / "outside" / "secret.txt"
    secret.parent.mkdir(exist_ok=True)
    secret.write_text(GOOD.replace("信息", "外面的事"), encoding="utf-8")
    path.symlink_to(secret)


def _linked(target: str, folder: bool = False) -> Callable[[Path], object]:
    return lambda path: path.symlink_to(target, target_is_directory=folder)


def _closed(path: Path) -> None:
    path.write_text(GOOD, encoding="utf-8")
    path.chmod(0)


CASES = (
    Case("new\nline.txt", of(GOOD)),
    Case("\x1b[31mred\x07.txt", of(GOOD)),
    Case("\u202etxt.fdp.txt", of(GOOD)),
    Case("-rf.txt", of(GOOD)),
    Case("$(reboot) `x` 'q' \"q\" ; &.txt", of(GOOD)),
    Case("名" * 80 + ".txt", of(GOOD)),
    Case("LOUD.TXT", of(GOOD)),
    Case("no-suffix", of(GOOD), ("unsupported",)),
    Case("film.mp4", of(GOOD), ("unsupported",)),
    Case("a-folder.txt", lambda path: path.mkdir(), ()),
    Case("pipe.txt", lambda path: os.mkfifo(path), ("unreadable",)),
    Case("link-out.txt", _outside, ("outside",), never="外面的事"),
    Case("link-nowhere.txt", _linked("nowhere.txt"), ("unreadable", "missing")),
    Case("link-loop.txt", _linked("link-loop.txt"), ("unreadable", "missing", "outside")),
    Case("link-to-above", _linked("..", folder=True), ()),
    Case("link-to-root", _linked("/", folder=True), ()),
    Case("closed.txt", _closed, ("unreadable",) if hasattr(os, "geteuid") and os.geteuid() else ("added",)),
    Case(".hidden.txt", of(GOOD), ()),
    Case("~$lock.docx", of(b"\x00" * 50), ()),
)
