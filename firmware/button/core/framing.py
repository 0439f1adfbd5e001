"""Frames: how messages are sealed for the air. They are not yet secret nor authentic.

A frame is `version 1 | counter 4, little-endian | message`. Each end counts what it seals on one
connection, from 1; the other accepts only a greater counter than the last, so nothing is taken
twice. An authenticated and encrypted framing will have the same three methods and more bytes.
"""

import struct

VERSION = 1
OVERHEAD = 5
"""Bytes that a frame adds to its message."""


class FrameError(ValueError):
    """A frame that must not be believed."""


class PlainFraming:
    """Both directions of one connection."""

    def __init__(self):
        self.restart()

    def restart(self) -> None:
        """Forget the counters: a new connection begins."""
        self._sealed = 0
        self._opened = 0

    def seal(self, message: bytes) -> bytes:
        """The frame for a message."""
        self._sealed += 1
        return struct.pack("<BI", VERSION, self._sealed) + message

    def open(self, frame: bytes) -> bytes:
        """The message of a frame. Raises FrameError."""
        if len(frame) <= OVERHEAD:
            raise FrameError("frame of %d bytes" % len(frame))
        version, counter = struct.unpack_from("<BI", frame)
        if version != VERSION:
            raise FrameError("frame of version %d, not %d" % (version, VERSION))
        if counter <= self._opened:
            raise FrameError("frame %d again, after %d" % (counter, self._opened))
        self._opened = counter
        return bytes(frame[OVERHEAD:])
