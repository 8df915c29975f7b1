"""Messages between processes: what is sent arrives, what is torn or of another kind is seen."""

from __future__ import annotations

import io
import subprocess
import sys

import msgspec
import numpy as np
import pytest

from rag.archive.writer import Encoded
from rag.config import ROOT
from rag.pipeline.wire import Ready, Reply, Task, receive, send


def stream(*messages: object) -> io.BytesIO:
    out = io.BytesIO()
    for message in messages:
        send(out, message)
    out.seek(0)
    return out


def test_messages_arrive_one_by_one() -> None:
    sent = stream(Task("讲话.txt", b"\x00\xff"), Task("b.txt", b""))
    assert [receive(sent, Task), receive(sent, Task), receive(sent, Task)] == [
        Task("讲话.txt", b"\x00\xff"),
        Task("b.txt", b""),
        None,
    ]


@pytest.mark.parametrize("shape", [(0, 4), (3, 4)])
def test_arrays_keep_shape_and_values(shape: tuple[int, int]) -> None:
    vectors = np.arange(shape[0] * shape[1], dtype=np.float32).reshape(shape) / 7
    out = io.BytesIO()
    send(out, Encoded(vectors, [vectors], [("信息", "信息")], ()))
    out.seek(0)
    back = receive(out, Encoded)
    assert back is not None
    assert back.vectors.dtype == np.float32
    assert np.array_equal(back.vectors, vectors)
    assert np.array_equal(back.sentence_vectors[0], vectors)


@pytest.mark.parametrize("cut", [1, 7, 8, 9])
def test_a_torn_message_is_no_message(cut: int) -> None:
    assert receive(io.BytesIO(stream(Task("a.txt", b"x")).getvalue()[:cut]), Task) is None


def test_a_message_of_another_kind_is_refused() -> None:
    with pytest.raises(msgspec.MsgspecError):
        receive(stream(Task("a.txt", b"x")), Ready)
    with pytest.raises(msgspec.MsgspecError):
        receive(stream({"prepared": {"document": 1, "encoded": []}}), Reply)


def test_what_has_no_place_in_a_message_is_refused() -> None:
    with pytest.raises(NotImplementedError, match="object cannot be sent"):
        send(io.BytesIO(), {"x": object()})


RACE = """
import gc, io, sys, threading
from rag.pipeline import wire
gc.set_threshold(5)
sys.setswitchinterval(1e-6)
stream = io.BytesIO()
wire.send(stream, wire.Reply(reason="x"))
def read():
    for _ in range(30):
        assert wire.receive(io.BytesIO(stream.getvalue()), wire.Reply).reason == "x"
threads = [threading.Thread(target=read) for _ in range(8)]
for thread in threads: thread.start()
for thread in threads: thread.join()
"""


def test_threads_that_read_their_first_message_at_once() -> None:
    """In a process of its own, for this crashed the interpreter four times out of five."""
    for _ in range(3):
        done = subprocess.run([sys.executable, "-c", RACE], cwd=ROOT, capture_output=True, text=True)
        assert (done.returncode, done.stderr) == (0, "")
