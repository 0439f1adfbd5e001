"""The numbers of a link: its schedule, and how long frames take."""

import math
from dataclasses import dataclass

from bumble.hci import Phy

INTER_FRAME_SPACE_US = 150

_BYTE_US = {Phy.LE_1M: 8, Phy.LE_2M: 4}

_FRAME_BYTES = {Phy.LE_1M: 10, Phy.LE_2M: 11}
"""Preamble, access address, header and CRC."""


@dataclass(frozen=True)
class LinkParameters:
    """The parameters of a connection in the units of HCI."""

    interval: int
    """In 1.25 ms."""
    latency: int
    """How many events the peripheral may sleep through."""
    timeout: int
    """Supervision timeout in 10 ms."""

    @property
    def interval_s(self) -> float:
        """Time from one connection event to the next."""
        return self.interval * 1.25e-3

    @property
    def supervised_events(self) -> int:
        """How many events in a row have to fail for the link to be lost."""
        return max(math.ceil(self.timeout * 10e-3 / self.interval_s - 1e-9), 1)

    @property
    def valid(self) -> bool:
        """Within the bounds of the Core specification."""
        return (
            6 <= self.interval <= 3200
            and 0 <= self.latency <= 499
            and 10 <= self.timeout <= 3200
            and self.timeout * 10 > (1 + self.latency) * self.interval * 1.25 * 2
        )


def exchange_us(phy: Phy, data_bytes: int, rounds: int) -> int:
    """How long the ends take to exchange data in turns; a turn without data is an empty frame."""
    turns_us = 2 * rounds * (_FRAME_BYTES[phy] * _BYTE_US[phy] + INTER_FRAME_SPACE_US)
    return turns_us + data_bytes * _BYTE_US[phy]
