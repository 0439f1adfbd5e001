"""What keeps time on the chip: hardware timers, watchdog, real-time clock with its memory."""

import asyncio

from vigie.virtual.bus import FOREVER_US, Op
from vigie.virtual.chip.part import Calls, Ending, Orders, Part
from vigie.virtual.clock import WorldLoop
from vigie.virtual.interrupts import Event, Interrupt
from vigie.virtual.vm import Vm


class Timers(Part):
    """Hardware timers; their callbacks are lost like those of pins when the queue is full."""

    def __init__(self, loop: WorldLoop) -> None:
        self._loop = loop
        self._vm: Vm | None = None
        self._handles: dict[int, asyncio.TimerHandle] = {}

    def orders(self) -> Orders:
        """See Part."""
        return {
            Op.TIMER_START: lambda q: self._start(q.a, q.b, bool(q.c)),
            Op.TIMER_STOP: lambda q: self._stop(q.a),
        }

    def started(self, vm: Vm) -> None:
        """See Part."""
        self._vm = vm

    def stopped(self, ending: Ending) -> None:
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
        if self._vm:
            self._vm.interrupt(Interrupt(Event.TIMER, (number,)))


class Watchdog(Part):
    """The VM keeps the deadline and tells it in each question; here is what outlives its run."""

    def __init__(self) -> None:
        self.timeout_us: int | None = None
        self.deadline_us = FOREVER_US
        self._vm: Vm | None = None

    def orders(self) -> Orders:
        """See Part."""
        return {Op.WATCHDOG_ARM: lambda q: self._arm(q.a)}

    def started(self, vm: Vm) -> None:
        """See Part."""
        self._vm = vm

    def stopped(self, ending: Ending) -> None:
        """Only a soft reset leaves it running."""
        if ending is Ending.SOFT and self._vm:
            self.deadline_us = self._vm.clock.watchdog_us
        else:
            self.timeout_us, self.deadline_us = None, FOREVER_US
        self._vm = None

    def _arm(self, timeout_ms: int) -> None:
        self.timeout_us = timeout_ms * 1000


class RealTimeClock(Part):
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

    def stopped(self, ending: Ending) -> None:
        """See Part."""
        if ending is Ending.POWER_LOST:
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
