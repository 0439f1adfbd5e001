"""What hosts and controllers said to each other, in order, for reading and for comparing runs."""

import struct
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

_BTSNOOP_HEADER = b"btsnoop\0" + struct.pack(">II", 1, 1002)
"""Version 1, packets as on an HCI UART (type byte first)."""

_EPOCH_US = 0x00DCDDB30F2F8000
"""btsnoop counts from the year 0; the world's time zero is written as 1970-01-01."""

_FLAG_RECEIVED = 1
_FLAG_COMMAND_OR_EVENT = 2
_ACL_DATA = 2


class Direction(Enum):
    """Which way an HCI packet went."""

    TO_CONTROLLER = "<"
    TO_HOST = ">"


@dataclass(frozen=True, slots=True)
class HciRecord:
    """One HCI packet."""

    time_us: int
    station: str
    direction: Direction
    packet: bytes


class HciLog:
    """An HCI tap that any number of controllers share.

    Args:
        limit: keep only the latest so many packets; None keeps all.
    """

    def __init__(self, limit: int | None = None):
        self._records: deque[tuple[int, str, Direction, bytes]] = deque(maxlen=limit)

    def __iter__(self) -> Iterator[HciRecord]:
        return (HciRecord(*record) for record in self._records)

    def __len__(self) -> int:
        return len(self._records)

    def record(self, time_s: float, station: str, direction: Direction, packet: bytes) -> None:
        """Add a packet."""
        self._records.append((round(time_s * 1e6), station, direction, packet))

    def btsnoop(self, station: str) -> bytes:
        """The packets of one station as a capture file that Wireshark opens."""
        records = (_btsnoop_record(r) for r in self if r.station == station)
        return _BTSNOOP_HEADER + b"".join(records)

    def save(self, folder: Path) -> list[Path]:
        """Write one `<station>.btsnoop` for every station into a folder; returns the files."""
        folder.mkdir(parents=True, exist_ok=True)
        files: list[Path] = []
        for station in dict.fromkeys(record.station for record in self):
            file = folder / f"{station}.btsnoop"
            file.write_bytes(self.btsnoop(station))
            files.append(file)
        return files


def _btsnoop_record(record: HciRecord) -> bytes:
    flags = _FLAG_RECEIVED if record.direction is Direction.TO_HOST else 0
    if record.packet[0] != _ACL_DATA:
        flags |= _FLAG_COMMAND_OR_EVENT
    size = len(record.packet)
    header = struct.pack(">IIIIq", size, size, flags, 0, _EPOCH_US + record.time_us)
    return header + record.packet
