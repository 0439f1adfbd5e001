"""Makes a consistent list of edges out of what the key's interrupt saw.

The interrupt handler reads the level when it runs, not when the edge was; while flash is written
it runs late, and of many edges it sees eight. So a level that repeats is a whole pulse that nobody
saw, and a moment at which nothing could run (`blind`) may hide a whole press.
"""

_SOON_US = 10000
"""A handler that runs this soon after a blind moment was waiting for its end. It may even run
before the end is noted."""


class Samples:
    """Takes (time, level) samples in order; `level` is the last one that is known."""

    def __init__(self, level: bool):
        self.level = level
        self._last_us = 0
        self._blind_from_us = self._blind_until_us = -1 - _SOON_US

    def blind(self, from_us: int, until_us: int) -> None:
        """Nothing could be seen from then until then."""
        self._blind_from_us = from_us
        self._blind_until_us = until_us

    def sample(self, t_us: int, level: bool) -> list[tuple[int, bool]]:
        """The edges that this sample of the interrupt stands for.

        A press hidden in a blind moment is taken as long as it can have been, for it may be the
        only sign of an alert. A hidden opening is taken as short as it can have been, so that it
        cannot break a hold.
        """
        if level != self.level:
            edges = [(t_us, level)]
        elif level:
            edges = [(t_us, False), (t_us, True)]
        else:
            from_us = t_us
            if self._blind_from_us <= t_us < self._blind_until_us + _SOON_US:
                from_us = min(t_us, max(self._last_us, self._blind_from_us))
            edges = [(from_us, True), (t_us, False)]
        self.level = level
        self._last_us = t_us
        return edges

    def settle(self, t_us: int, level: bool) -> list[tuple[int, bool]]:
        """The edge that is missing if the key now has another level than the last sample."""
        return self.sample(t_us, level) if level != self.level else []
