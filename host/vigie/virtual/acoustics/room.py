"""The room around a board: sounds that begin at some moment, and silence otherwise."""

import numpy as np

from vigie.virtual.acoustics.sounds import Signal, Sound

FULL_SCALE_DBSPL = 90.0
"""Sound pressure of a sine that fills a file's range: speech that is recorded at a usual level is
then as loud as somebody who speaks up a step away."""


class _Played:
    def __init__(self, sound: Sound, from_s: float):
        self.from_s = from_s
        self._sound = sound
        self._by_rate: dict[int, Signal] = {}

    def at_rate(self, rate_hz: int) -> Signal:
        if rate_hz not in self._by_rate:
            self._by_rate[rate_hz] = self._sound.at_rate(rate_hz).samples
        return self._by_rate[rate_hz]


class Room:
    """What can be heard, as pressure: 1 is the top of a sine of FULL_SCALE_DBSPL."""

    def __init__(self) -> None:
        self._played: list[_Played] = []

    def play(self, sound: Sound, from_s: float) -> None:
        """Let a sound be heard from this moment on, on the world's clock."""
        self._played.append(_Played(sound, from_s))

    def heard(self, from_s: float, count: int, rate_hz: int) -> Signal:
        """So many samples from a moment on."""
        out = np.zeros(count)
        for played in self._played:
            samples = played.at_rate(rate_hz)
            first = round((from_s - played.from_s) * rate_hz)
            begin, end = max(first, 0), min(first + count, len(samples))
            if begin < end:
                out[begin - first : end - first] += samples[begin:end]
        return out
