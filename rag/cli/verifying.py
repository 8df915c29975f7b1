"""`python -m rag verify`: is the archive whole, and can it be made whole."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from rag.cli.output import Progress, print_json
from rag.cli.status import DONE, SOME_FAILED, UNUSABLE
from rag.config import archive_folder
from rag.errors import EncoderError, YanjuError

if TYPE_CHECKING:
    from rag.archive.reader import Archive
    from rag.encoder.base import Encoder
    from rag.pipeline.finding import Finding

ROUNDS = 3  # a repair can bring to light what another has to do


def verify(options: Namespace) -> int:
    """Status 0: nothing is wrong (any more); 1: something is; 2: the database file itself is damaged."""
    from rag.archive.reader import Archive
    from rag.pipeline.finding import SQLITE

    archive = Archive(archive_folder(options.archive))
    remaining = _check(archive)
    fixed: list[Finding] = []
    if options.repair:
        remaining, fixed = _repaired(archive, remaining)
    if options.json:
        print_json(verify_json(remaining, fixed))
    else:
        _print(remaining, fixed)
        if not options.repair and any(finding.repairable for finding in remaining):
            print(f"可修复的请运行：python -m rag verify --repair --archive {archive.folder}")
    if any(finding.check == SQLITE and not finding.repairable for finding in remaining):
        return UNUSABLE
    return SOME_FAILED if remaining else DONE


def verify_json(remaining: Sequence[Finding], fixed: Sequence[Finding]) -> dict[str, Any]:
    """``findings`` are those that remain, ``fixed`` those that the repair has done away with."""
    return {
        "clean": not remaining,
        "findings": [_finding_json(finding) for finding in remaining],
        "repaired": len(fixed),
        "fixed": [_finding_json(finding) for finding in fixed],
    }


def _finding_json(finding: Finding) -> dict[str, Any]:
    return {key: getattr(finding, key) for key in ("check", "target", "message", "repairable")}


def _check(archive: Archive) -> list[Finding]:
    from rag.pipeline.finding import SQLITE
    from rag.pipeline.verify import verify_archive
    from rag.search.dense_check import dense_finding
    from rag.session import shared_analyzer

    found = list(verify_archive(archive, shared_analyzer(), Progress("核对")))
    if not any(finding.check == SQLITE for finding in found) and (dense := dense_finding(archive)):
        found.append(dense)
    return found


def _repaired(archive: Archive, found: list[Finding]) -> tuple[list[Finding], list[Finding]]:
    """What remains, and what does not any more."""
    seen: dict[tuple[str, str], Finding] = {}
    for _ in range(ROUNDS):
        if not any(finding.repairable for finding in found):
            break
        seen |= {(finding.check, finding.target): finding for finding in found}
        failed = _repair(archive, found)
        found = _check(archive)
        if failed:
            break
    remaining = {(finding.check, finding.target) for finding in found}
    return found, [finding for key, finding in seen.items() if key not in remaining]


def _repair(archive: Archive, found: Sequence[Finding]) -> bool:
    """Repairs; whether something stood in the way."""
    from rag.archive.writer import Writer
    from rag.pipeline.repair import repair_archive
    from rag.search.dense_check import rebuild_dense
    from rag.session import shared_analyzer

    writer = Writer(archive.folder)
    try:
        repair_archive(archive, writer, shared_analyzer(), lambda: _encoder(archive), found)
        rebuild_dense(archive)
    except YanjuError as error:
        print(f"修复未完成：{error}", file=sys.stderr)
        return True
    finally:
        writer.close()
    return False


def _encoder(archive: Archive) -> Encoder:
    """The encoder that the archive's vectors come from.

    Raises:
        EncoderError: it cannot be loaded, or has become another one.
    """
    from rag.config import SHIPPED_MODEL
    from rag.session import chosen_encoder

    stored = archive.encoder_fingerprint
    encoder = chosen_encoder(archive.meta("encoder_source") or (SHIPPED_MODEL if stored else None))
    if stored not in (None, encoder.fingerprint):
        raise EncoderError(
            f"向量模型已不是建档时的那个（{stored} ≠ {encoder.fingerprint}）。"
            f"请运行：python -m rag reindex --archive {archive.folder}"
        )
    return encoder


def _print(remaining: Sequence[Finding], fixed: Sequence[Finding]) -> None:
    for finding in fixed:
        print(f"[已修复] {finding.target}：{finding.message}")
    for finding in remaining:
        print(f"[{'可修复' if finding.repairable else '不能自动修复'}] {finding.target}：{finding.message}")
    if not remaining:
        print(f"档案完好{f'（修复了 {len(fixed)} 处）' if fixed else ''}。")
        return
    print(f"还有 {len(remaining)} 处问题" if fixed else f"有 {len(remaining)} 处问题")
