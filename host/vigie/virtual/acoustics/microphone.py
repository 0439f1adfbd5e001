"""An I2S microphone: from pressure to the 32-bit words that the chip reads in its left slot."""

import math

import numpy as np
from numpy.typing import NDArray

from vigie.boards.microphones import MicrophoneModel
from vigie.virtual.acoustics.room import FULL_SCALE_DBSPL
from vigie.virtual.acoustics.sounds import Signal

Words = NDArray[np.int32]

_NOISE_DBSPL = 33.0
"""Own noise of a microphone with 61 dBA of signal to noise, said of 94 dB."""


class I2sMicrophone:
    """What one microphone sends after its clock began.

    Args:
        model: its data sheet.
        seed: of its noise, and of what it sends before it has settled.
    """

    def __init__(self, model: MicrophoneModel, seed: str):
        self._model = model
        self._seed = [*seed.encode()]
        below_db = FULL_SCALE_DBSPL - model.full_scale_dbspl
        self._gain = 10 ** (below_db / 20)
        of_a_sine = 10 ** ((_NOISE_DBSPL - model.full_scale_dbspl) / 20)
        self._noise = of_a_sine / math.sqrt(2)  # levels are those of a sine's effective value
        self.dead = False
        """Its data line stays low."""

    def words(self, first: int, pressure: Signal, rate_hz: int) -> Words:
        """So many words from sample `first` on, counted since the clock began."""
        count = len(pressure)
        model = self._model
        slowest, fastest = model.rates_hz
        if self.dead or not slowest <= rate_hz <= fastest:  # it sleeps at another clock
            return np.zeros(count, np.int32)
        rng = np.random.default_rng([*self._seed, first])
        signal = pressure * self._gain + rng.standard_normal(count) * self._noise + model.offset
        garbage = rng.uniform(-1, 1, count)
        settled_at = model.settle_ms * rate_hz / 1000 + model.settle_samples
        settled = np.arange(first, first + count) >= settled_at
        signal = np.where(settled, signal, garbage)
        most = 1 << (model.bits - 1)
        samples = np.round(signal * most).clip(-most, most - 1).astype(np.int64)
        words = samples << (32 - model.bits + model.late)
        return (words & 0xFFFFFFFF).astype(np.uint32).view(np.int32)
