"""How well a recording holds what was to be heard."""

import numpy as np
from numpy.typing import NDArray

Row = NDArray[np.float64]


def offset(recorded: Row, played: Row) -> int:
    """At which sample of the recording what was played begins."""
    size = 1 << (len(recorded) + len(played) - 1).bit_length()
    product = np.fft.rfft(recorded, size) * np.conj(np.fft.rfft(played, size))
    lag = int(np.argmax(np.fft.irfft(product, size)))
    return lag if lag < len(recorded) else lag - size


def snr_db(recorded: Row, played: Row) -> float:
    """Signal to noise of a recording of what was played, which may be louder or softer in it."""
    lag = offset(recorded, played)
    first, last = max(0, -lag), min(len(played), len(recorded) - lag)
    heard, meant = recorded[lag + first : lag + last], played[first:last]
    meant = meant * (heard @ meant) / (meant @ meant)
    noise = heard - meant
    return float(10 * np.log10((meant @ meant) / (noise @ noise)))
