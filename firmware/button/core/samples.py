"""Makes a consistent list of edges out of what the key's interrupt saw.

The interrupt handler reads the level when it runs, not when the edge was; while flash is written
it runs late, and of many edges it sees eight. So a level that repeats is a whole pulse that nobody
saw, and a moment at which nothing could run (`blind`) may hide the beginning of a press, or all of
it.
"""

_SOON_US = 10000
"""A handler that runs this soon after a blind moment was waiting for its end. It may even run
before the end is noted. Two blind moments this close are one: nothing ran between them."""
GUESS_EVERY_US = 10000000
"""A press that nobody saw is believed once in this time. It may have been a spark when something
was switched, and each one believed writes flash again, where the next may hide."""


class Samples:
    """Takes (time, level) samples in order; `level` is the last one that is known.

    Args:
        level: when the program began.
        apart_us: openings shorter than this do not end a press: `release_ms` of the detector.
    """

    def __init__(self, level: bool, apart_us: int):
        self.level = level
        self.guessed = False  # whether the last edges are a press that nobody saw
        self._apart_us = apart_us
        self._last_us = -apart_us
        self._blind_from_us = self._blind_until_us = -1 - _SOON_US
        self._guess_from_us = 0

    def blind(self, from_us: int, until_us: int) -> None:
        """Nothing could be seen from then until then."""
        if from_us >= self._blind_until_us + _SOON_US:
            self._blind_from_us = from_us
        self._blind_until_us = until_us

    def sample(self, t_us: int, level: bool) -> list[tuple[int, bool]]:
        """The edges that this sample of the interrupt stands for.

        A press that began unseen is taken as long as it can have been, for it may be the only sign
        of an alert; but no longer, or two presses would become one. A hidden opening is taken as
        short as it can have been, so that it cannot break a hold.
        """
        self.guessed = False
        edges = [(t_us, level)]
        if level != self.level:
            if level:
                edges = [(self._began_us(t_us), True)]
        elif level:
            edges = [(t_us, False), (t_us, True)]
        elif t_us < self._guess_from_us:
            edges = []
        else:
            self.guessed = True
            self._guess_from_us = t_us + GUESS_EVERY_US
            edges = [(self._began_us(t_us), True), (t_us, False)]
        if level and edges:
            self._guess_from_us = 0  # somebody does press
        self.level = level
        self._last_us = t_us
        return edges

    def settle(self, t_us: int, level: bool) -> list[tuple[int, bool]]:
        """The edge that is missing if the key now has another level than the last sample."""
        return self.sample(t_us, level) if level != self.level else []

    def _began_us(self, t_us):
        """The earliest moment at which a press that a sample shows can have begun."""
        if not self._blind_from_us <= t_us < self._blind_until_us + _SOON_US:
            return t_us
        earliest_us = max(self._blind_from_us, self._last_us + self._apart_us)
        return min(t_us, earliest_us)
