"""Levels and tones of sound. Pure.

A level is said of a sine: one that fills the range has 0 dBFS.
"""

import math

import numpy as np
from numpy.typing import NDArray

Row = NDArray[np.float64]
"""Samples; 1 is the top of the range."""
SILENCE_DB = -200.0
"""Said of no signal at all."""


def level_dbfs(samples: Row) -> float:
    """The effective level, without its constant part."""
    if not len(samples):
        return SILENCE_DB
    return _db(float(np.mean((samples - np.mean(samples)) ** 2)) * 2)


def loudest_window(samples: Row, rate_hz: int, window_s: float) -> Row:
    """The part of this length that is loudest; all of a shorter recording."""
    length = round(window_s * rate_hz)
    if not 0 < length < len(samples):
        return samples
    sums = np.concatenate(([0.0], np.cumsum((samples - np.mean(samples)) ** 2)))
    begin = int(np.argmax(sums[length:] - sums[:-length]))
    return samples[begin : begin + length]


def weighted_dbfs(samples: Row, rate_hz: int) -> float:
    """The level as the ear hears it: A-weighted (IEC 61672), as data sheets say noise."""
    if not len(samples):
        return SILENCE_DB
    spectrum = np.fft.rfft(samples - np.mean(samples))
    hz = np.arange(len(spectrum), dtype=np.float64) * rate_hz / len(samples)
    weighted = np.fft.irfft(spectrum * _a_weight(hz), len(samples))
    return _db(float(np.mean(weighted**2)) * 2)


def tone_dbfs(samples: Row, rate_hz: int, hz: float) -> float:
    """Level of the tone of this frequency alone (Goertzel's sum, at any frequency)."""
    if not len(samples):
        return SILENCE_DB
    window = np.hanning(len(samples) + 2)[1:-1]
    turns = np.exp(-2j * np.pi * hz / rate_hz * np.arange(len(samples)))
    amplitude = 2 * abs(np.sum((samples - np.mean(samples)) * window * turns)) / np.sum(window)
    return _db(float(amplitude) ** 2)


def loudest_hz(samples: Row, rate_hz: int, least_hz: float = 100.0) -> float:
    """Frequency of the loudest tone from `least_hz` on; 0 if there is nothing to hear."""
    window = np.hanning(len(samples))
    power = np.abs(np.fft.rfft(samples * window))
    bin_hz = rate_hz / len(samples)
    first = max(1, math.ceil(least_hz / bin_hz))
    if len(power) < first + 2 or not power[first:].any():
        return 0.0
    top = first + int(np.argmax(power[first:]))
    if not 0 < top < len(power) - 1:
        return top * bin_hz
    # The top of a parabola through three bins, in decibels.
    a, b, c = (math.log(max(float(p), 1e-30)) for p in power[top - 1 : top + 2])
    bend = a - 2 * b + c
    return (top + (0.5 * (a - c) / bend if bend else 0.0)) * bin_hz


def snr_db(signal: Row, noise: Row) -> float:
    """How far a signal, recorded with the noise in it, is above the noise alone."""
    loud, soft = (float(np.var(row)) if len(row) else 0.0 for row in (signal, noise))
    return _db(max(loud - soft, 0.0)) - _db(soft)


def spl(dbfs: float, full_scale_dbspl: float) -> float:
    """Sound pressure level, dB, of a microphone whose range is filled by a sine of that level."""
    return dbfs + full_scale_dbspl


def _db(power: float) -> float:
    return max(SILENCE_DB, 10 * math.log10(power)) if power > 0 else SILENCE_DB


def _a_weight(hz: Row) -> Row:
    f2 = hz**2
    shape = (
        12194.0**2
        * f2**2
        / ((f2 + 20.6**2) * np.sqrt((f2 + 107.7**2) * (f2 + 737.9**2)) * (f2 + 12194.0**2))
    )
    return shape * 10 ** (2.0 / 20)
