"""How many threads a search computes with: one."""

from __future__ import annotations

from functools import cache


@cache
def one_thread_for_blas() -> None:
    """Keeps NumPy's matrix products in the thread that asks for them.

    A question's products take less than a millisecond each. Shared out over all cores they wait for the slowest, and
    the waiting threads spin: on a busy machine that doubled the time of a search. Several questions still run side by
    side, each in its own thread.
    """
    from threadpoolctl import threadpool_limits

    threadpool_limits(1, user_api="blas")
