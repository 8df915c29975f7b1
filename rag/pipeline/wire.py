"""Messages between the process that writes the archive and the workers that read files.

A message is eight bytes of length and a MessagePack body, checked against its type when it is read. Nothing in it can
run code: a file that takes over its worker gains no hold on the writer.
"""

from __future__ import annotations

import struct
import threading
from typing import Any, BinaryIO, TypeVar

import msgspec
import numpy as np

from rag.pipeline.prepare import Prepared

_LENGTH = struct.Struct(">Q")
Message = TypeVar("Message")


class Setup(msgspec.Struct):
    """The first message to a worker. ``model`` is the folder of a static encoder, None where the writer encodes."""

    model: str | None
    vocabulary: list[str]
    seconds: float
    memory: int


class Ready(msgspec.Struct):
    """The worker's answer: the fingerprint of the encoder it has loaded."""

    fingerprint: str | None


class Task(msgspec.Struct):
    """One file."""

    name: str
    data: bytes


class Reply(msgspec.Struct):
    """What became of it: ``prepared``, or the ``reason`` and ``message`` of a ReadError."""

    prepared: Prepared | None = None
    reason: str = ""
    message: str = ""


def send(stream: BinaryIO, message: object) -> None:
    body = msgspec.msgpack.encode(message, enc_hook=_pack)
    stream.write(_LENGTH.pack(len(body)))
    stream.write(body)
    stream.flush()


def receive(stream: BinaryIO, kind: type[Message]) -> Message | None:
    """The next message, None where the other side has gone.

    Raises:
        msgspec.MsgspecError: what came is no such message.
    """
    header = stream.read(_LENGTH.size)
    if len(header) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(header)
    body = stream.read(length)
    if len(body) < length:
        return None
    return _decoder(kind).decode(body)


# Two threads that build what msgspec knows of one type at the same time crash the interpreter (0.22.0).
_building = threading.Lock()
_decoders: dict[type, msgspec.msgpack.Decoder[Any]] = {}


def _decoder(kind: type[Message]) -> msgspec.msgpack.Decoder[Message]:
    with _building:
        if kind not in _decoders:
            _decoders[kind] = msgspec.msgpack.Decoder(kind, dec_hook=_unpack)
        return _decoders[kind]


def _pack(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return [list(value.shape), np.ascontiguousarray(value, dtype="<f4").tobytes()]
    raise NotImplementedError(f"{type(value).__name__} cannot be sent")


def _unpack(kind: type, value: Any) -> Any:
    """An array of float32; the only type that MessagePack does not know."""
    shape, data = value
    return np.frombuffer(data, dtype="<f4").astype(np.float32).reshape(shape)
