"""CSV captures as Saleae Logic and sigrok write them.

Saleae: a header `Time [s],Channel 0,...`, then a row for each change. sigrok: comments after `;`,
one of them with the sample rate, then a header and a row for each sample, with a time column or
without.
"""

import csv
import re
from collections.abc import Iterable, Iterator
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TextIO

from vigie.errors import VigieError
from vigie.lab.captures.channel import Sample

_UNITS_US = {
    "s": Decimal(10**6),
    "ms": Decimal(10**3),
    "us": Decimal(1),
    "µs": Decimal(1),
    "ns": Decimal("0.001"),
}
_WORDS = {"seconds": "s", "milliseconds": "ms", "microseconds": "us", "nanoseconds": "ns"}
_RATE = re.compile(r"samplerate:\s*([\d.]+)\s*([kMG]?)Hz", re.IGNORECASE)
_PREFIX = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9}
_HOW = "A capture has a header such as `Time [s],Channel 0`, or a comment `; Samplerate: 1 MHz`."


def read(file: Path, channel: str | None = None) -> Iterator[Sample]:
    """The samples of a channel: the one of that name, or the first.

    Raises:
        VigieError: the file is no capture; it names the line.
    """
    try:
        with file.open(encoding="utf-8", newline="") as f:
            yield from _read(f, str(file), channel)
    except OSError as e:
        raise VigieError(f"{file} cannot be read: {e.strerror}.", "Check the path.") from None
    except UnicodeDecodeError:
        raise VigieError(f"{file} is not text.", "Export the capture as CSV.") from None


def write(samples: Iterable[Sample], file: TextIO) -> None:
    """A capture with the one channel `key`, as Saleae Logic writes it."""
    file.write("Time [s],key\n")
    for t_us, level in samples:
        file.write(f"{t_us // 1_000_000}.{t_us % 1_000_000:06d},{level}\n")


def _read(file: TextIO, name: str, channel: str | None) -> Iterator[Sample]:
    period_us: Decimal | None = None
    columns: _Columns | None = None
    last_us = -1
    count = 0
    for number, line in enumerate(file, 1):
        where = f"{name}, line {number}"
        if line.startswith((";", "#")):
            if found := _RATE.search(line):
                rate_hz = Decimal(found[1]) * _PREFIX[found[2].lower()]
                period_us = Decimal(10**6) / rate_hz if rate_hz else None
            continue
        cells = [c.strip() for row in csv.reader([line]) for c in row]
        if not any(cells):
            continue
        if columns is None:
            columns = _Columns(cells, channel, where, period_us)
            continue
        t_us = columns.time_us(cells, count, where)
        count += 1
        if t_us < last_us:
            raise VigieError(f"{where}: the time goes back.", _HOW)
        last_us = t_us
        level = columns.level(cells, where)
        if level is not None:
            yield t_us, level
    if columns is None:
        raise VigieError(f"{name} holds no capture.", _HOW)


class _Columns:
    """Which column is which."""

    def __init__(
        self, header: list[str], channel: str | None, where: str, period_us: Decimal | None
    ):
        unit = _time_unit(header[0])
        self._scale = _UNITS_US[unit] if unit else None
        self._period_us = period_us
        if self._scale is None and self._period_us is None:
            raise VigieError(f"{where}: neither a time column nor a sample rate.", _HOW)
        first = 0 if self._scale is None else 1
        if len(header) <= first:
            raise VigieError(f"{where}: no channel.", _HOW)
        if channel is not None and channel not in header[first:]:
            raise VigieError(f"{where}: no channel '{channel}'.",
                             f"There are: {', '.join(header[first:])}.")  # fmt: skip
        self._column = first if channel is None else header.index(channel, first)

    def time_us(self, cells: list[str], count: int, where: str) -> int:
        """When this row was sampled."""
        if self._scale is None:
            assert self._period_us is not None
            return round(count * self._period_us)
        try:
            t_us = Decimal(cells[0]) * self._scale
            if t_us.is_finite():
                return round(t_us)
        except InvalidOperation:
            pass
        raise VigieError(f"{where}: '{cells[0]}' is no time.", _HOW)

    def level(self, cells: list[str], where: str) -> int | None:
        """0 or 1; None where the capture has a gap."""
        value = cells[self._column] if self._column < len(cells) else ""
        if value.upper() == "X":
            return None
        if value not in ("0", "1"):
            raise VigieError(f"{where}: '{value}' is neither 0 nor 1.", _HOW)
        return int(value)


def _time_unit(title: str) -> str | None:
    """The unit of a time column, or None for another column."""
    word = title.strip().lower()
    if word in _WORDS:
        return _WORDS[word]
    found = re.fullmatch(r"time\s*[\[(]?\s*(s|ms|us|µs|ns)?\s*[\])]?", word)
    return (found[1] or "s") if found else None
