"""What one file may cost, and what the report says of a file that cost more."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from rag.errors import ReadError

TIMEOUT, MEMORY, CRASHED, INTERNAL, MARKED = "timeout", "memory", "crashed", "internal", "marked"


@dataclass(frozen=True)
class FileLimits:
    """Bounds for everything that is done with one file before it is written.

    ``seconds`` of wall time, from bytes to vectors; ``memory`` in bytes, beyond what a worker needs for itself. Memory
    is bounded on Linux only; elsewhere the sizes of `ReadLimits` and the clock have to do.
    """

    seconds: float = 300.0
    memory: int = 2_000_000_000


def took_too_long(limits: FileLimits) -> ReadError:
    return ReadError(TIMEOUT, f"处理超过 {limits.seconds:g} 秒，已停止；请拆分文件或另存一份后再导入。")


def took_too_much(limits: FileLimits) -> ReadError:
    megabytes = limits.memory // 1_000_000
    return ReadError(MEMORY, f"处理所需内存超过 {megabytes} MB，已停止；请拆分文件或另存一份后再导入。")


def died(status: int | None) -> ReadError:
    return ReadError(CRASHED, f"读取这个文件的进程意外退出（状态 {status}），文件多半有问题；请另存一份后再导入。")


def broke(error: Exception) -> ReadError:
    """For an error that no reader should let through."""
    told = " ".join(f"{type(error).__name__}：{error}".split())[:300]
    return ReadError(INTERNAL, f"程序处理这个文件时出错（{told}），已跳过；其他文件不受影响。")


def marked(mark: str, number: int, folder: Path) -> ReadError:
    """For a document whose head says that it is secret or internal, and which the quarantine of ``folder`` holds."""
    return ReadError(
        MARKED,
        f"文件开头标有「{mark}」，没有导入，已放入隔离区（编号 {number}）。确认允许入库的，由管理员在「档案管理」的「隔离区」放行，"
        f"或用命令 python -m rag quarantine release {number} --archive {folder} 放行。",
    )


def altered() -> ReadError:
    """For a file in the quarantine that is not what was put there."""
    return ReadError("damaged", "隔离区里的文件与存入时不一致，没有放行。请删除它，再导入原来的文件。")


def bound_memory(more: int) -> bool:
    """Limits this process to ``more`` bytes beyond the address space it has now; whether that could be done."""
    if not sys.platform.startswith("linux"):
        return False
    import resource

    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    wanted = pages * resource.getpagesize() + more
    resource.setrlimit(resource.RLIMIT_AS, (wanted if hard == resource.RLIM_INFINITY else min(wanted, hard), hard))
    return True
