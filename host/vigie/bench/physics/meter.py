"""A meter in the supply line of the board: what it draws."""

import re
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import fmean
from typing import Protocol

import serial

from vigie.bench.bench_file import MeterSpec
from vigie.bench.ports import device
from vigie.errors import VigieError

_READING = re.compile(
    r"(?:(?:CH ?\d|I|IDC|DC|CURR|CURRENT)(?:\s*[:=]\s*|\s+))?"
    r"(?P<value>[-+]?(?:\d+\.?\d*|\.\d+)(?:E[-+]?\d+)?)"
    r"\s*(?P<unit>m?A|[uµμ]A)?",
    re.IGNORECASE,
)
_UNITS_MA = {"A": 1000.0, "mA": 1.0, "uA": 0.001, "µA": 0.001, "μA": 0.001}
_ANSWER_S = 2.0


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

    def reset_input_buffer(self) -> None:
        """Forget what has come so far."""
        ...


class LineMeter:
    """A meter that answers a line with a line: SCPI (`MEAS:CURR:DC?`), or one that only talks.

    Args:
        port: open, with a timeout.
        command: what to ask; nothing for a meter that says a line by itself.
        scale_ma: milliamperes that a value of 1 means if no unit is said: 1000 for amperes.
    """

    def __init__(self, port: Port, command: str = "MEAS:CURR:DC?", scale_ma: float = 1000.0):
        self._port = port
        self._command = command
        self._scale_ma = scale_ma
        self._is_in_step = bool(command)

    def read_ma(self) -> float:
        """See CurrentMeter."""
        try:
            if self._command:
                self._port.write(self._command.encode() + b"\n")
            elif not self._is_in_step:
                self._port.reset_input_buffer()
                self._port.readline()  # its beginning is gone
                self._is_in_step = True
            line = self._port.readline().decode(errors="replace").strip()
        except OSError as e:
            raise VigieError(f"The meter is gone: {e}.", "Check its cable.") from None
        if (reading_ma := _reading_ma(line, self._scale_ma)) is None:
            raise VigieError(
                f"The meter says {line[:40]!r}, and that is no current.",
                "It must say one number, with a unit (A, mA, uA) or without: check port, speed "
                "and command in the bench file.",
            )
        return reading_ma


def _reading_ma(line: str, scale_ma: float) -> float | None:
    """The current that a line says; None unless all of it is understood."""
    found = _READING.fullmatch(line)
    if not found or (found["unit"] and found["unit"] not in _UNITS_MA):
        return None
    return float(found["value"]) * (_UNITS_MA[found["unit"]] if found["unit"] else scale_ma)


@contextmanager
def opened_meter(spec: MeterSpec) -> Generator[LineMeter]:
    """The meter of a bench. Raises VigieError."""
    try:
        port = serial.serial_for_url(device(spec.port), baudrate=spec.baud, timeout=_ANSWER_S)
    except (OSError, ValueError) as e:
        raise VigieError(
            f"The meter's port {spec.port} cannot be opened: {e}.",
            "Check its cable, the port in the bench file, and close other programs that use it.",
        ) from None
    with port:
        yield LineMeter(port, spec.command, spec.scale_ma)


@dataclass(frozen=True, slots=True)
class Current:
    """Of some readings; `most_ma` is the greatest, and peaks between readings are not in it."""

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
