"""The world's clock: one asyncio loop whose time is virtual (free) or follows the wall (paced)."""
# asyncio has no public way to ask for the next timer; these attributes are the same from 3.11 to
# 3.14. pyright: reportPrivateUsage=false

import asyncio
import heapq
import math
import selectors
import time
from collections import deque
from collections.abc import Coroutine
from typing import Any, TypeVar

_RESOLUTION_S = 1e-9


class Deadlock(RuntimeError):
    """Nothing is ready and nothing ever will be: a wait that no event can end."""


class _JumpSelector:
    """Stands before the real selector: instead of sleeping, the clock jumps to the next timer."""

    def __init__(self, real: selectors.BaseSelector, loop: "WorldLoop"):
        self._real = real
        self._loop = loop

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        loop = self._loop
        if loop.paced:
            return self._real.select(timeout)
        if timeout is None:
            raise Deadlock("nothing is ready and no timer is set: this wait can never end")
        loop.jump(timeout)
        return []


class WorldLoop(asyncio.SelectorEventLoop):
    """An event loop for a world with its own time.

    Free: time stands still while callbacks run and jumps to the next timer when none is ready;
    files and sockets are not watched. Paced: time follows the wall clock, for people, serial ports
    and other outside programs.
    """

    _ready: deque[asyncio.Handle]
    _scheduled: list[asyncio.TimerHandle]
    _timer_cancelled_count: int
    _selector: Any

    def __init__(self, paced: bool = False):
        self.paced = paced
        self._now_s = 0.0
        self._wall_origin_s = time.monotonic()
        # epoll sleeps in whole milliseconds: a flash operation of 30 us would last one of them.
        super().__init__(selectors.SelectSelector() if paced else None)
        self._clock_resolution = _RESOLUTION_S
        self._selector = _JumpSelector(self._selector, self)

    def time(self) -> float:
        """Seconds since the world began."""
        return time.monotonic() - self._wall_origin_s if self.paced else self._now_s

    def jump(self, seconds: float) -> None:
        """Move free time on: for the selector only."""
        self._set(self._now_s + seconds)

    def _set(self, now_s: float) -> None:
        self._now_s = now_s
        # What is due within less than a step of the clock would never be: it is due now.
        self._clock_resolution = max(_RESOLUTION_S, 2 * math.ulp(now_s))

    def skip(self, seconds: float) -> None:
        """Let a paced world skip time that only stands for slow hardware (a flash erase)."""
        self._wall_origin_s -= seconds

    def next_event(self) -> float | None:
        """The earliest time at which anything can happen, or None when nothing is planned."""
        if self._ready:
            return self.time()
        timers = self._scheduled
        while timers and timers[0].cancelled():
            heapq.heappop(timers)._scheduled = False  # pyright: ignore[reportAttributeAccessIssue]
            self._timer_cancelled_count -= 1
        return timers[0].when() if timers else None

    def advance(self, to: float) -> bool:
        """Move free time to `to` if nothing happens before; False if something comes first."""
        if to <= self.time():
            return True
        first = self.next_event()
        if self.paced or (first is not None and first <= to):
            return False
        self._set(to)
        return True


_T = TypeVar("_T")


def run(main: Coroutine[Any, Any, _T], *, paced: bool = False) -> _T:
    """Run a coroutine in a world of its own, like asyncio.run."""
    with asyncio.Runner(loop_factory=lambda: WorldLoop(paced)) as runner:
        return runner.run(main)
