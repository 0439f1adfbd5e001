"""Work in parts on all cores, with the answers in order, and Ctrl-C that ends it at once."""

import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from typing import Any, TypeVar

_P = TypeVar("_P")
_R = TypeVar("_R")

_work: list[Callable[[Any], Sequence[Any]]] = []


def ordered(
    work: Callable[[_P], Sequence[_R]], parts: Iterable[_P], *, jobs: int | None = None
) -> Iterator[_R]:
    """The results of `work` on each part, in order; parts are read as they are needed.

    Args:
        work: sent to each process once, so it may carry much; parts should be small.
        parts: any number.
        jobs: processes; as many as there are cores without it; 1 works in this process.
    """
    jobs = jobs or os.cpu_count() or 1
    if jobs == 1:
        for part in parts:
            yield from work(part)
        return
    # Forked workers would inherit the world's open pipes and signal handlers.
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(jobs, context, initializer=_begin, initargs=(work,))
    waiting: deque[Future[Sequence[_R]]] = deque()
    try:
        for part in parts:
            waiting.append(pool.submit(_do, part))
            if len(waiting) > 2 * jobs:
                yield from waiting.popleft().result()
        while waiting:
            yield from waiting.popleft().result()
    finally:
        pool.shutdown(wait=not waiting, cancel_futures=True)


def _begin(work: Callable[[Any], Sequence[Any]]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever started us ends us
    _work[:] = [work]


def _do(part: Any) -> Sequence[Any]:
    return _work[0](part)
