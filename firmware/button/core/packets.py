"""Frames in packets: a connection whose notifications carry 20 bytes must pass an alert too.

A packet is `header 1 | part of a frame`. The header's low bits number the packets of a frame from
0; the highest bit marks the last.
"""

LAST = 0x80
PACKETS_MOST = 32


class PacketError(ValueError):
    """A packet that does not follow the one before it; the frame is lost."""


def split(frame: bytes, room: int) -> list[bytes]:
    """The packets of a frame, of at most `room` bytes each."""
    part = room - 1
    count = (len(frame) + part - 1) // part
    if count > PACKETS_MOST:
        raise ValueError("frame of %d bytes in packets of %d" % (len(frame), room))
    packets = []
    for i in range(count):
        header = i | LAST if i == count - 1 else i
        packets.append(bytes([header]) + frame[i * part : (i + 1) * part])
    return packets


class Joiner:
    """Puts frames together again."""

    def __init__(self):
        self._parts: list[bytes] = []

    def restart(self) -> None:
        """A new connection begins."""
        self._parts = []

    def take(self, packet: bytes) -> bytes | None:
        """The frame that this packet completes, or None. Raises PacketError."""
        number = packet[0] & (LAST - 1) if packet else -1
        if number == 0:
            self._parts = []
        if number != len(self._parts) or number >= PACKETS_MOST or len(packet) < 2:
            self._parts = []
            raise PacketError("packet %d is out of order" % number)
        self._parts.append(bytes(packet[1:]))
        if not packet[0] & LAST:
            return None
        frame = b"".join(self._parts)
        self._parts = []
        return frame
