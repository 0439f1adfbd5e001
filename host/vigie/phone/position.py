"""Where the phone is, as its system would tell: fixes come now and then, and grow old."""

import logging
import math
from dataclasses import dataclass
from typing import Protocol

from vigie.phone.track import Track

_log = logging.getLogger(__name__)

IDLE_EVERY_S = 60.0
"""How often a phone that nobody asks looks where it is."""

FIRST_FIX_S = 1.0
"""How long the receiver needs when it is woken."""

WARM_S = 300.0
"""How long it then stays awake, with a fix each second."""


@dataclass(frozen=True)
class Position:
    """The last known position, as old as it is."""

    lat: float
    lon: float
    accuracy_m: float
    age_s: float


class PositionSource(Protocol):
    """Anything that knows where the phone is. Times are seconds of one clock of the caller."""

    def warm_up(self, now_s: float) -> None:
        """An alert may follow: look where we are, now and for some minutes."""
        ...

    def latest(self, now_s: float) -> Position | None:
        """The last known position; None before the first fix."""
        ...


class NoPosition:
    """A phone that never knows where it is."""

    def warm_up(self, now_s: float) -> None:
        """Nothing to wake."""

    def latest(self, now_s: float) -> Position | None:
        """Never known."""
        return None


class Guarded:
    """A source whose faults do not reach the alert: one without position is better than none."""

    def __init__(self, source: PositionSource):
        self._source = source

    def warm_up(self, now_s: float) -> None:
        """Wake it, if it can be woken."""
        try:
            self._source.warm_up(now_s)
        except Exception:
            _log.exception("a fault in the source of positions")

    def latest(self, now_s: float) -> Position | None:
        """The last known position, None if it cannot say."""
        try:
            return self._source.latest(now_s)
        except Exception:
            _log.exception("a fault in the source of positions")
            return None


class TrackPosition:
    """Plays a track. Between two points the phone is at the earlier one: nothing is invented.

    Args:
        track: the way.
        start_s: when the phone is at its first point. After the last one the receiver is silent.
    """

    def __init__(self, track: Track, start_s: float):
        self._track = track
        self._start_s = start_s
        self._end_s = start_s + track.duration_s
        self._awake: list[tuple[float, float]] = []
        """First and last possible fix of the last two times the receiver was awake."""

    def warm_up(self, now_s: float) -> None:
        """A fix each second from FIRST_FIX_S later on, for WARM_S; awake already, it stays so."""
        until_s = now_s + WARM_S
        if self._awake and self._awake[-1][0] - FIRST_FIX_S <= now_s <= self._awake[-1][1]:
            self._awake[-1] = (self._awake[-1][0], until_s)
        else:
            self._awake = [*self._awake[-1:], (now_s + FIRST_FIX_S, until_s)]

    def latest(self, now_s: float) -> Position | None:
        """The last fix up to now, and its age."""
        if now_s < self._start_s:
            return None
        fixed_s = self._last_fix_s(now_s)
        fix = self._track.at(fixed_s - self._start_s)
        return Position(fix.lat, fix.lon, fix.accuracy_m, now_s - fixed_s)

    def _last_fix_s(self, now_s: float) -> float:
        if now_s >= self._end_s:
            return self._end_s
        last_s = _last_tick_s(self._start_s, IDLE_EVERY_S, now_s)
        for first_s, until_s in self._awake:
            if first_s <= now_s:
                last_s = max(last_s, _last_tick_s(first_s, 1.0, min(now_s, until_s)))
        return last_s


def _last_tick_s(first_s: float, every_s: float, now_s: float) -> float:
    """The last of the times first, first + every, ... up to now; rounding never passes now."""
    return min(now_s, first_s + math.floor((now_s - first_s) / every_s) * every_s)
