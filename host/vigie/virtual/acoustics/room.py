"""The room around a board: sounds that begin at some moment, and silence otherwise."""

from dataclasses import dataclass

import numpy as np

from vigie.virtual.acoustics.sounds import Signal, Sound

FULL_SCALE_DBSPL = 90.0
"""Sound pressure of a sine that fills a file's range: speech that is recorded at a usual level is
then as loud as somebody who speaks up a step away."""


@dataclass(frozen=True, slots=True)
class _Played:
    sound: Sound
    from_s: float


class Room:
    """What can be heard, as pressure: 1 is a sine of FULL_SCALE_DBSPL.

    Args:
        rate_hz: of whoever listens.
    """

    def __init__(self, rate_hz: int):
        self._rate_hz = rate_hz
        self._played: list[_Played] = []

    def play(self, sound: Sound, from_s: float) -> None:
        """Let a sound be heard from this moment on, on the world's clock."""
        self._played.append(_Played(sound.at_rate(self._rate_hz), from_s))

    def heard(self, from_s: float, count: int) -> Signal:
        """So many samples from a moment on."""
        out = np.zeros(count)
        for played in self._played:
            samples = played.sound.samples
            first = round((from_s - played.from_s) * self._rate_hz)
            begin, end = max(first, 0), min(first + count, len(samples))
            if begin < end:
                out[begin - first : end - first] += samples[begin:end]
        return out
