"""How strong a signal is at a distance, and how often a packet is lost at a strength."""

import math
from dataclasses import dataclass

REFERENCE_LOSS_DB = 40.0
"""Free-space loss over the first metre at 2.4 GHz."""

NEAREST_M = 0.1
"""Closer than this the far-field formula means nothing."""

CLEAN_MARGIN_DB = 15.0
"""So far above the sensitivity no packet is lost."""

DEAD_MARGIN_DB = -4.0
"""So far below the sensitivity no packet is heard."""


@dataclass(frozen=True)
class PathLoss:
    """Log-distance path loss, and a receiver whose errors rise around its sensitivity."""

    tx_power_dbm: float = 0.0
    exponent: float = 3.0
    """2 in free space; about 3 with a body in the way, which gives a range of some 60 m."""
    sensitivity_dbm: float = -90.0

    def rssi_dbm(self, distance_m: float) -> float:
        """Received signal strength."""
        decades = math.log10(max(distance_m, NEAREST_M))
        return self.tx_power_dbm - REFERENCE_LOSS_DB - 10 * self.exponent * decades

    def packet_loss(self, rssi_dbm: float) -> float:
        """Probability that such a packet is not heard; exactly 0 or 1 far from the edge."""
        margin_db = rssi_dbm - self.sensitivity_dbm
        if margin_db > CLEAN_MARGIN_DB:
            return 0.0
        if margin_db < DEAD_MARGIN_DB:
            return 1.0
        return 1 / (1 + math.exp(margin_db))
