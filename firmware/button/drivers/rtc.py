"""The real-time clock and its memory, which outlive every reset but no loss of power."""

import os
import struct
from binascii import crc32
from time import time_ns

import machine
from micropython import const

_MAGIC = const(0x56494732)
_FORMAT = "<IIBB10s"
_RESTARTING, _KEY_STUCK = const(1), const(2)


class Rtc:
    """What the next boot must know, if there is power until then.

    clock_id: identity of the clock's present life: as long as it stands here the clock ran on.
    crashes: how often the program ended by an error without running well in between.
    restarting: the program restarted the chip by itself.
    key_stuck: the key was closed for too long.
    newest: the event id of the newest alert, or None.
    """

    def __init__(self):
        self._memory = machine.RTC()
        kept = self._memory.memory()
        size = struct.calcsize(_FORMAT)
        self.crashes = flags = 0
        newest = bytes(10)
        if len(kept) == size + 4 and struct.unpack_from("<I", kept, size)[0] == crc32(kept[:size]):
            magic, self.clock_id, self.crashes, flags, newest = struct.unpack_from(_FORMAT, kept)
        else:
            magic = 0
        if magic != _MAGIC:
            (self.clock_id,) = struct.unpack("<I", os.urandom(4))
            self.crashes = flags = 0
            newest = bytes(10)
        self.restarting = bool(flags & _RESTARTING)
        self.key_stuck = bool(flags & _KEY_STUCK)
        self.newest = newest if newest != bytes(10) else None  # type: bytes | None

    def keep(self):
        """Write it down."""
        flags = (_RESTARTING if self.restarting else 0) | (_KEY_STUCK if self.key_stuck else 0)
        newest = self.newest or bytes(10)
        kept = struct.pack(_FORMAT, _MAGIC, self.clock_id, min(self.crashes, 255), flags, newest)
        self._memory.memory(kept + struct.pack("<I", crc32(kept)))

    def now_ms(self) -> int:
        """Milliseconds on the clock that `clock_id` names."""
        return time_ns() // 1000000
