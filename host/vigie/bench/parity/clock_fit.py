"""Two clocks of one run: their offset and how one drifts against the other. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from statistics import median

DRIFT_MOST = 200e-6
"""Two crystals differ by less (vigie.bench.device_clock): what is more is no drift."""
_SPAN_LEAST_S = 1.0


@dataclass(frozen=True, slots=True)
class ClockFit:
    """b = a + offset_s + drift * a."""

    offset_s: float
    drift: float

    def b(self, a_s: float) -> float:
        """The time on clock b at a time of clock a; seconds."""
        return a_s + self.offset_s + self.drift * a_s


def fit(pairs: Sequence[tuple[float, float]]) -> ClockFit:
    """From moments whose time on both clocks is known, as (a, b); at least one.

    The median of all slopes and of all offsets (Theil and Sen): a moment that was stamped late
    does not move the clocks, it stands out.
    """
    slopes = [
        ((b2 - a2) - (b1 - a1)) / (a2 - a1)
        for (a1, b1), (a2, b2) in combinations(pairs, 2)
        if abs(a2 - a1) > _SPAN_LEAST_S
    ]
    # With few moments one late stamp is half of all slopes.
    drift = median(slopes) if len(pairs) > 3 and slopes else 0.0
    drift = min(DRIFT_MOST, max(-DRIFT_MOST, drift))
    return ClockFit(median(b - a - drift * a for a, b in pairs), drift)
