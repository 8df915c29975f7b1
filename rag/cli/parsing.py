"""An argument parser that speaks Chinese: its errors are one sentence with the way out, its help has Chinese headings."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any, NoReturn

from rag.cli.status import UNUSABLE

# argparse's own sentences, as the message catalogue of Python has them; one that is not here is shown as it is.
_SENTENCES: tuple[tuple[str, str], ...] = (
    (r"the following arguments are required: COMMAND", "缺少命令"),
    (r"the following arguments are required: (.+)", "缺少 {0}"),
    (r"one of the arguments (.+) is required", "{0} 之中要有一个"),
    (r"unrecognized arguments: (.+)", "不认识 {0}"),
    (r"argument COMMAND: invalid choice: '?(.*?)'? \(.+", "没有 {0} 这个命令"),
    (
        r"argument (.+?): invalid choice: '?(.*?)'? \((?:choose from|maybe you meant) (.+)\)",
        "{0} 不能是 {1}，可选：{2}",
    ),
    (r"argument (.+?): expected one argument", "{0} 后面要写一个值"),
    (r"argument (.+?): expected at least one argument", "{0} 至少要写一个"),
    (r"argument (.+?): expected (\d+) arguments", "{0} 后面要写 {1} 个值"),
    (r"argument (.+?): not allowed with argument (.+)", "{0} 不能与 {1} 同用"),
    (r"argument (.+?): ignored explicit argument '(.*)'", "{0} 后面不写值（收到 {1}）"),
    (r"(?:argument .+?: )?ambiguous option: (.+) could match (.+)", "{0} 不明确，可能是 {1}"),
    (r"argument (.+?): (.+)", "{0} {1}"),
)


class Formatter(argparse.HelpFormatter):
    """Help with 「用法：」."""

    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
        super().add_usage(usage, actions, groups, "用法：" if prefix is None else prefix)


class Parser(argparse.ArgumentParser):
    """Used for the program and, through ``add_subparsers``, for each of its commands."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**{"formatter_class": Formatter, **settings, "add_help": False})
        self._positionals.title, self._optionals.title = "参数", "选项"
        self.add_argument("-h", "--help", action="help", help="显示这份帮助")
        self._given: list[str] = []

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Unknown arguments are the error of the command that they were given to, which can name its own help."""
        self._given = list(sys.argv[1:] if args is None else args)
        found, unknown = super().parse_known_args(args, namespace)
        if unknown:
            self.error(f"unrecognized arguments: {' '.join(unknown)}")
        return found, unknown

    def error(self, message: str) -> NoReturn:
        """One line on stderr; exit status 2."""
        nearest = self._nearest(message)
        hint = f"是不是 {nearest}？" if nearest else self._about_excluding()
        self.exit(UNUSABLE, f"错误：{in_chinese(message)}。{hint}用法见 {self.prog} --help\n")

    def _nearest(self, message: str) -> str:
        """The option or command that an unknown one was probably meant to be, or an empty string."""
        unknown = re.match(
            r"unrecognized arguments: (--[^\s=]+)|argument COMMAND: invalid choice: '?([^\s']+)", message
        )
        if not unknown:
            return ""
        found = get_close_matches(unknown[1] or unknown[2], list(self._names()), 1)
        return found[0] if found else ""

    def _about_excluding(self) -> str:
        """How to leave a word out of a search, where an argument looks like such a word («-招商»), or an empty string."""
        excluding = any(re.match(r"-[^\x00-\x7f]", one) for one in self._given)
        return "要排除的词与问题写在同一对引号里，如 \"工业园 -招商\"。" if excluding else ""

    def _names(self) -> Iterable[str]:
        for action in self._actions:
            yield from action.option_strings
            if isinstance(action, argparse._SubParsersAction):
                yield from action.choices


def in_chinese(message: str) -> str:
    """A sentence of argparse in Chinese, without a full stop."""
    for pattern, sentence in _SENTENCES:
        if match := re.fullmatch(pattern, message, re.DOTALL):
            return sentence.format(*(re.sub(r"'?, '?", "、", value).strip("'") for value in match.groups()))
    return message
