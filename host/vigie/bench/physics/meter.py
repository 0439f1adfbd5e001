"""A meter in the supply line of the board: what it draws."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import fmean
from typing import Protocol

from vigie.errors import VigieError

_NUMBER = re.compile(r"[-+]?\d+(?:\.\d*)?(?:[eE][-+]?\d+)?")


class CurrentMeter(Protocol):
    """Measures a current."""

    def read_ma(self) -> float:
        """The current now. Raises VigieError."""
        ...


class Port(Protocol):
    """What is used of pyserial's port."""

    def write(self, data: bytes, /) -> int | None:
        """Send."""
        ...

    def readline(self) -> bytes:
        """A line, or what came of it in time."""
        ...


class LineMeter:
    """A meter that answers a line with a line: SCPI (`MEAS:CURR:DC?`), or one that only talks.

    Args:
        port: open, with a timeout.
        command: what to ask; nothing for a meter that says a line by itself.
        scale_ma: milliamperes that a value of 1 means: 1000 for amperes.
    """

    def __init__(self, port: Port, command: str = "MEAS:CURR:DC?", scale_ma: float = 1000.0):
        self._port = port
        self._command = command
        self._scale_ma = scale_ma

    def read_ma(self) -> float:
        """See CurrentMeter."""
        try:
            if self._command:
                self._port.write(self._command.encode() + b"\n")
            line = self._port.readline().decode(errors="replace").strip()
        except OSError as e:
            raise VigieError(f"The meter is gone: {e}.", "Check its cable.") from None
        if not (found := _NUMBER.search(line)):
            raise VigieError(
                f"The meter says {line[:40]!r}, and that is no current.",
                "Check port, speed and command in the bench file.",
            )
        return float(found[0]) * self._scale_ma


@dataclass(frozen=True, slots=True)
class Current:
    """Of some readings."""

    readings: int
    mean_ma: float
    most_ma: float


def measure(
    meter: CurrentMeter, seconds: float, now_s: Callable[[], float] = time.monotonic
) -> Current:
    """Read for so long, at least once. Raises VigieError."""
    end_s = now_s() + seconds
    readings = [meter.read_ma()]
    while now_s() < end_s:
        readings.append(meter.read_ma())
    return Current(len(readings), fmean(readings), max(readings))
