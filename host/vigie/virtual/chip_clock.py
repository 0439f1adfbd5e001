"""The clock of one chip, in whole microseconds, on the world's clock."""

import math

from vigie.virtual.bus import FOREVER_US
from vigie.virtual.clock import WorldLoop

MAX_LEASE_S = 3600.0
"""An empty world must not let the VM run for ever: a test's time limit has to be seen."""
PACED_LEASE_S = 0.002
"""In a paced world: who only computes sees so much later what comes from outside."""
_ROUNDING_US = 0.001
"""What adding floating-point seconds can be off: the loop's time is not the chip's integer."""


class ChipClock:
    """Reads zero at `origin_s` of the world. `now_us` is what the program last knew.

    `watchdog_us` is when the watchdog bites: the program tells it in each question.
    """

    def __init__(self, loop: WorldLoop, origin_s: float | None):
        self._loop = loop
        self.origin_s = loop.time() if origin_s is None else origin_s
        self.now_us = 0
        self.watchdog_us = FOREVER_US

    def at_s(self, us: int) -> float:
        """That moment on the world's clock."""
        return self.origin_s + us / 1e6

    def catch_up(self) -> bool:
        """Take the world's time; whether it has moved.

        Rounded up: a program must never see a time before the event that woke it.
        """
        elapsed_us = (self._loop.time() - self.origin_s) * 1e6
        before, self.now_us = self.now_us, max(self.now_us, math.ceil(elapsed_us - _ROUNDING_US))
        return self.now_us > before

    def feed_watchdog(self, us: int) -> int:
        """Give it so much from now on; until when. In paced mode the program knows less."""
        self.catch_up()
        self.watchdog_us = self.now_us + us
        return self.watchdog_us

    def lease_us(self) -> int:
        """Before this time nothing happens in the world; 0 when a callback is ready."""
        limit_s = self._loop.time() + (PACED_LEASE_S if self._loop.paced else MAX_LEASE_S)
        first_s = self._loop.next_event()
        until_s = limit_s if first_s is None else min(first_s, limit_s)
        return max(0, math.floor((until_s - self.origin_s) * 1e6 + _ROUNDING_US))

    @property
    def bites(self) -> bool:
        """Whether the watchdog's time is up."""
        return self.now_us >= self.watchdog_us
