"""The world's clock: one asyncio loop whose time is virtual (free) or follows the wall (paced)."""
# asyncio has no public way to ask for the next timer; these attributes are the same from 3.11 to
# 3.14. pyright: reportPrivateUsage=false

import asyncio
import heapq
import math
import selectors
import time
from collections import deque
from collections.abc import Callable, Coroutine
from contextvars import Context
from typing import Any, TypeVar

_RESOLUTION_S = 1e-9
_COARSE_FROM_S = 2e6
"""From this time on, two of the numbers that can be told apart are farther than that."""
HOLD_MOST_S = 0.05
"""Who computes longer than this is not waited for."""
LATE_MOST_S = 2.0
"""What a paced world catches up; more than that, of a computer too slow for it, it does not."""


_CANCELLED_MOST = 100
"""Cancelled timers before asyncio is to clear them away: as many as it takes it for, too."""
_NO_END = "nothing is ready and no timer is set: this wait can never end"


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
            return self._paced(timeout)
        if timeout is None:
            raise Deadlock(_NO_END)
        loop.jump(timeout)
        return []

    def _paced(self, timeout: float | None) -> list[tuple[selectors.SelectorKey, int]]:
        """Wait on the wall; time then moves on, but never past the next timer."""
        loop = self._loop
        if timeout == 0 or not loop.exact:
            return self._real.select(timeout)
        if (held_s := loop.held_for_s()) > 0:
            return self._real.select(held_s)
        due_s = math.inf if timeout is None else loop.time() + timeout
        events = self._real.select(None if timeout is None else max(0.0, due_s - loop.reach_s()))
        loop.follow(due_s)
        return events


class WorldLoop(asyncio.SelectorEventLoop):
    """An event loop for a world with its own time.

    Free: time stands still while callbacks run and jumps to the next timer when none is ready;
    files and sockets are not watched.

    Paced: time is the wall clock's, for people, serial ports and other outside programs. Once
    somebody has held it, it is exact: timers find the time that they were set for, even if this
    computer is late, and time stands still while it is held. So a busy computer makes the world
    late, and not wrong. What it cannot catch up it falls behind the wall: `behind_s`.
    """

    _ready: deque[asyncio.Handle]
    _scheduled: list[asyncio.TimerHandle]
    _debug: bool
    _stopping: bool
    _timer_cancelled_count: int
    _selector: Any

    def __init__(self, paced: bool = False):
        self.paced = paced
        self._now_s = 0.0
        self._wall_origin_s = time.monotonic()
        self.exact = not paced
        self.behind_s = 0.0
        self._held_until_s: dict[object, float] = {}
        self._crawl_origin_s = -math.inf
        # epoll sleeps in whole milliseconds: a flash operation of 30 us would last one of them.
        super().__init__(selectors.SelectSelector() if paced else None)
        self._clock_resolution = _RESOLUTION_S
        self._selector = _JumpSelector(self._selector, self)

    def time(self) -> float:
        """Seconds since the world began."""
        return self._now_s if self.exact else self.wall_s()

    def wall_s(self) -> float:
        """What the time would be in a paced world that is never late."""
        return time.monotonic() - self._wall_origin_s

    def jump(self, seconds: float) -> None:
        """Move free time on: for the selector only."""
        self._set(self._now_s + seconds)

    def follow(self, due_s: float) -> None:
        """Move paced time on, to the wall's or to when something is due: for the selector only."""
        self._fall_behind(self.wall_s() - self._now_s - LATE_MOST_S)
        self._set(max(self._now_s, min(self.reach_s(), due_s)))

    def reach_s(self) -> float:
        """How far paced time may have come by now.

        That of the wall; but while somebody computes for too long, it only goes as fast as the
        wall's from when that was noticed: what was late before is not for them to pay.
        """
        return min(self.wall_s(), time.monotonic() - self._crawl_origin_s)

    def _fall_behind(self, seconds: float) -> None:
        if seconds > 0:
            self._wall_origin_s += seconds
            self.behind_s += seconds

    def _set(self, now_s: float) -> None:
        self._now_s = now_s
        if now_s < _COARSE_FROM_S:
            return
        # What is due within less than a step of the clock would never be: it is due now.
        self._clock_resolution = max(_RESOLUTION_S, 2 * math.ulp(now_s))

    def hold(self, who: object) -> None:
        """Let paced time stand still while `who` computes, for `HOLD_MOST_S` at most."""
        if not self.exact:
            self._set(self.wall_s())
            self.exact = True
        self._held_until_s[who] = time.monotonic() + HOLD_MOST_S

    def release(self, who: object) -> None:
        """They have computed, or are gone."""
        self._held_until_s.pop(who, None)
        if not self._held_until_s:
            self._crawl_origin_s = -math.inf

    def held_for_s(self) -> float:
        """For how long of the wall time stands still now, at most."""
        now_s = time.monotonic()
        left_s = max(self._held_until_s.values(), default=0.0) - now_s
        if self._held_until_s and left_s <= 0 and math.isinf(self._crawl_origin_s):
            self._crawl_origin_s = now_s - self._now_s
        return left_s

    def run_forever(self) -> None:
        """See asyncio. Between two runs an exact world stands still."""
        if self.paced and self.exact:
            self._fall_behind(self.wall_s() - self._now_s)
        super().run_forever()

    def _run_once(self) -> None:
        """One round of asyncio's, in a free world without what only files and wall clocks need.

        Where there is more to do than to go on, such as clearing away cancelled timers, it is
        asyncio's own.
        """
        if self.paced or self._stopping or self._debug or self._is_littered():
            super()._run_once()  # pyright: ignore
            return
        ready, timers = self._ready, self._scheduled
        self._drop_cancelled()
        if not ready:
            if (first_s := self.next_event()) is None:
                raise Deadlock(_NO_END)
            self._set(max(self._now_s, first_s))
        due_s = self._now_s + self._clock_resolution
        while timers and timers[0].when() < due_s:
            timer = heapq.heappop(timers)
            timer._scheduled = False  # pyright: ignore[reportAttributeAccessIssue]
            if timer._cancelled:
                self._timer_cancelled_count -= 1
            else:
                ready.append(timer)
        for _ in range(len(ready)):
            handle = ready.popleft()
            if not handle._cancelled:
                handle._run()

    def call_soon(
        self, callback: Callable[..., object], *args: Any, context: Context | None = None
    ) -> asyncio.Handle:
        """See asyncio: the same on a shorter way, for it is called most of all."""
        if self._debug:
            return super().call_soon(callback, *args, context=context)
        self._check_closed()  # pyright: ignore
        handle = asyncio.Handle(callback, args, self, context)
        self._ready.append(handle)
        return handle

    def skip(self, seconds: float) -> None:
        """Let a paced world hurry over time that only stands for slow hardware (a flash erase)."""
        self._wall_origin_s -= seconds

    @property
    def busy(self) -> bool:
        """Whether more happens at this moment, or the loop is about to end: no time may pass."""
        return bool(self._ready) or self._stopping

    def next_event(self) -> float | None:
        """The earliest time at which anything can happen, or None when nothing is planned."""
        if self.busy:
            return self.time()
        self._drop_cancelled()
        timers = self._scheduled
        return timers[0].when() if timers else None

    def _is_littered(self) -> bool:
        """Whether asyncio would clear away cancelled timers."""
        return min(self._timer_cancelled_count, len(self._scheduled)) > _CANCELLED_MOST

    def _drop_cancelled(self) -> None:
        timers = self._scheduled
        while timers and timers[0]._cancelled:
            heapq.heappop(timers)._scheduled = False  # pyright: ignore[reportAttributeAccessIssue]
            self._timer_cancelled_count -= 1

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
