"""Signals to play, and to try measurements on. Pure."""

import numpy as np

from vigie.bench.physics.levels import Row


def sine(hz: float, seconds: float, rate_hz: int, dbfs: float = 0.0) -> Row:
    """A sine of this level, from -1 to 1 at 0 dBFS."""
    t_s = np.arange(round(seconds * rate_hz)) / rate_hz
    return 10 ** (dbfs / 20) * np.sin(2 * np.pi * hz * t_s)
