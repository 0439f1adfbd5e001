"""Which moment of this computer's clock a moment of another board's was. Pure."""

from button.core.ticks import LongClock

DRIFT = 200e-6
"""How far two crystals may disagree, as a share: up to 50 ppm each, doubled for heat and age."""
USUAL_S = 0.004
"""What a message usually takes from there to here at most, for when nothing better is known."""


class DeviceClock:
    """Narrows down the difference between two clocks by what is certain: cause before effect.

    A message is sent before it is read, and an answer comes after its question; what lies between
    is the error, a few milliseconds over USB. The difference may drift meanwhile.

    Args:
        ticks: of the other clock, at the beginning; they wrap like `ticks_us`.
        after_s: they were taken after this time of ours,
        before_s: and before this.
    """

    def __init__(self, ticks: int, after_s: float, before_s: float):
        self._ticks = LongClock(ticks)
        self._least_s = after_s
        self._most_s = before_s
        self._looked_s = before_s

    def seen(self, ticks: int, before_s: float, after_s: float | None = None) -> None:
        """These ticks were taken before (and after) these times of ours.

        At least once in eight minutes, for ticks wrap.
        """
        device_s = self._ticks.now(ticks) / 1e6
        drift_s = max(0.0, before_s - self._looked_s) * DRIFT
        self._looked_s = max(self._looked_s, before_s)
        self._least_s -= drift_s
        self._most_s = min(self._most_s + drift_s, before_s - device_s)
        if after_s is not None:
            self._least_s = max(self._least_s, after_s - device_s)
        if self._least_s > self._most_s:  # one of the clocks was set, or is worse than that
            self._most_s = before_s - device_s
            self._least_s = (before_s - USUAL_S if after_s is None else after_s) - device_s

    def at(self, ticks: int) -> float:
        """The time of ours at which these ticks were taken; to about `error_s`."""
        return (self._least_s + self._most_s) / 2 + self._ticks.at(ticks) / 1e6

    @property
    def error_s(self) -> float:
        """How far `at` may be off."""
        return (self._most_s - self._least_s) / 2
