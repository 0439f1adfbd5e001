"""A clock that never wraps, made of ticks that do."""

PERIOD = 1 << 30
"""ticks_ms and ticks_us count modulo this on ESP32: 12.4 days and 17.9 minutes."""
_HALF = PERIOD >> 1


def elapsed(later: int, earlier: int) -> int:
    """Ticks from `earlier` to `later`, right while they are less than half a period apart."""
    return ((later - earlier + _HALF) & (PERIOD - 1)) - _HALF


class LongClock:
    """Extends wrapping ticks to a count from the start of the program.

    It must be looked at more often than every half period; the supervisor does.
    """

    def __init__(self, ticks: int):
        self._ticks = ticks
        self._now = 0

    def now(self, ticks: int) -> int:
        """The count now; never goes back."""
        step = elapsed(ticks, self._ticks)
        if step > 0:
            self._now += step
            self._ticks = ticks
        return self._now

    def at(self, ticks: int) -> int:
        """The count of a moment close to the last `now`: a little before it, or just after."""
        return self._now + elapsed(ticks, self._ticks)
