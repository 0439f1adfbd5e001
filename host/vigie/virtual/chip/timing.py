"""What keeps time on the chip: hardware timers, watchdog, real-time clock with its memory."""

import asyncio
from collections.abc import Callable

from vigie.virtual.chip.gpio import IRQ_QUEUE
from vigie.virtual.chip.part import Calls
from vigie.virtual.clock import WorldLoop
from vigie.virtual.vm import Vm


class Timers:
    """Hardware timers; their callbacks are lost like those of pins when the queue is full."""

    def __init__(self, loop: WorldLoop) -> None:
        self._loop = loop
        self._vm: Vm | None = None
        self._handles: dict[int, asyncio.TimerHandle] = {}

    def calls(self) -> Calls:
        """See Part."""
        return {"timer.start": self._start, "timer.stop": self._stop}

    def started(self, vm: Vm) -> None:
        """See Part."""
        self._vm = vm

    def stopped(self, power_lost: bool) -> None:
        """See Part."""
        self._vm = None
        for number in list(self._handles):
            self._stop(number)

    def _start(self, number: int, period_us: int, periodic: bool) -> None:
        self._stop(number)
        at_s = self._loop.time() + period_us / 1e6
        self._plan(number, at_s, period_us / 1e6 if periodic else None)

    def _plan(self, number: int, at_s: float, period_s: float | None) -> None:
        self._handles[number] = self._loop.call_at(at_s, self._fire, number, at_s, period_s)

    def _stop(self, number: int) -> None:
        handle = self._handles.pop(number, None)
        if handle:
            handle.cancel()

    def _fire(self, number: int, at_s: float, period_s: float | None) -> None:
        if period_s is not None:
            self._plan(number, at_s + period_s, period_s)
        if self._vm and self._vm.pending("pin", "timer") < IRQ_QUEUE:
            self._vm.interrupt("timer", number)


class Watchdog:
    """The VM keeps the deadline itself; here is what must outlive its run."""

    def __init__(self, bite: Callable[[], None]) -> None:
        self._bite = bite
        self.timeout_us: int | None = None

    def calls(self) -> Calls:
        """See Part."""
        return {"watchdog.arm": self._arm, "watchdog.bites": self._bite}

    def started(self, vm: Vm) -> None:
        """See Part."""

    def stopped(self, power_lost: bool) -> None:
        """See Part."""

    def _arm(self, timeout_ms: int) -> None:
        self.timeout_us = timeout_ms * 1000


class RealTimeClock:
    """Runs on through every reset, with 2048 bytes of memory, until the power goes."""

    def __init__(self, loop: WorldLoop) -> None:
        self._loop = loop
        self._origin_s: float | None = None
        self._memory = b""

    def calls(self) -> Calls:
        """See Part."""
        return {"rtc.memory": self._access, "rtc.set": self._set}

    def started(self, vm: Vm) -> None:
        """See Part."""
        if self._origin_s is None:
            self._origin_s = self._loop.time()

    def stopped(self, power_lost: bool) -> None:
        """See Part."""
        if power_lost:
            self._origin_s = None
            self._memory = b""

    def now_us(self) -> int:
        """Microseconds since 2000 on its own reckoning: it begins there when it gets power."""
        if self._origin_s is None:
            return 0
        return round((self._loop.time() - self._origin_s) * 1e6)

    def _access(self, data: bytes | None) -> bytes | None:
        if data is None:
            return self._memory
        self._memory = data
        return None

    def _set(self, to_us: int) -> None:
        self._origin_s = self._loop.time() - to_us / 1e6
