"""Typed errors. The library raises them; the CLI and the UI turn each into one sentence, once."""

from __future__ import annotations


class YanjuError(Exception):
    """Base class: the message says what is wrong, where, and what to do about it.

    ``message`` is a Chinese sentence and with its fields unfilled the message id of its translation; ``values`` fill them:
    ``UsageError("问题过长（{n} 字）。", n=9)``. A message that is given whole has no translation and no values.
    """

    def __init__(self, message: str, **values: object) -> None:
        super().__init__(message.format(**values) if values else message)
        self.message, self.values = message, values


class UsageError(YanjuError):
    """The caller asked for something that cannot be asked for."""


class ReadError(YanjuError):
    """One input file cannot be read; the other files go on.

    ``reason`` is a stable machine-readable code such as ``"encrypted"`` or ``"no-text-layer"``.
    """

    def __init__(self, reason: str, message: str, **values: object) -> None:
        super().__init__(message, **values)
        self.reason = reason


class ArchiveError(YanjuError):
    """The archive is missing, damaged, locked, or of a version this program cannot use."""


class EncoderError(YanjuError):
    """The embedding model cannot be loaded or does not fit the archive."""


class ClassifierError(YanjuError):
    """The classifier of sentence functions cannot be loaded."""


class CitationError(YanjuError):
    """A quotation does not equal its source at its stored offsets. It is never shown."""


class BrokenQuoteError(CitationError):
    """A span is sound on both sides of something that cleaning took out of its middle, but is no quotation as a whole."""


class GenerationError(YanjuError):
    """The model endpoint gives nothing that can be used. The extractive answer stands without it."""
