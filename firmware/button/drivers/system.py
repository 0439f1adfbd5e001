"""The chip itself: its clock, why it started, its watchdog, its random numbers, its console."""

import gc
import os
import struct
from binascii import crc32
from time import ticks_us, time_ns

import machine
from micropython import const

from button.core.ticks import LongClock

_MAGIC = const(0x56494731)
_KEY_WAKES = (2, 3, 7)  # machine.wake_reason(): EXT0, EXT1, GPIO


def _ticks() -> int:
    return ticks_us()  # type: ignore  # the stubs forbid arithmetic on ticks; LongClock is for that


class Clock:
    """Microseconds and milliseconds since the program began, which do not wrap."""

    def __init__(self):
        self._clock = LongClock(_ticks())

    def now_us(self) -> int:
        """Microseconds since the program began."""
        return self._clock.now(_ticks())

    def now_ms(self) -> int:
        """Milliseconds since the program began."""
        return self.now_us() // 1000

    def at_us(self, ticks: int) -> int:
        """When a ticks_us() of the last minutes was."""
        self.now_us()
        return self._clock.at(ticks)


class System:
    """What the program needs to know about its chip."""

    def __init__(self):
        self.clock = Clock()
        self.reset_cause = machine.reset_cause()
        self.woken_by_key = (
            self.reset_cause == machine.DEEPSLEEP_RESET and machine.wake_reason() in _KEY_WAKES
        )
        self.clock_id = self._clock_id()
        self._watchdog = None  # type: machine.WDT | None

    def _clock_id(self):
        """Identity of the real-time clock's present life.

        RTC memory and the real-time clock survive every reset but not the loss of power, so as
        long as the number stands there the clock has run on.
        """
        rtc = machine.RTC()
        kept = rtc.memory()
        if len(kept) == 12:
            magic, clock_id, crc = struct.unpack("<III", kept)
            if magic == _MAGIC and crc == crc32(kept[:8]):
                return clock_id
        (clock_id,) = struct.unpack("<I", os.urandom(4))
        kept = struct.pack("<II", _MAGIC, clock_id)
        rtc.memory(kept + struct.pack("<I", crc32(kept)))
        return clock_id

    def rtc_ms(self) -> int:
        """Milliseconds on the clock that `clock_id` names."""
        return time_ns() // 1000000

    def random(self, n: int) -> bytes:
        """Random bytes; true ones once the radio is on."""
        return os.urandom(n)

    def watchdog(self, timeout_ms: int):
        """Arm the watchdog, or give it another time limit. It cannot be stopped."""
        self._watchdog = machine.WDT(timeout=timeout_ms)

    def feed(self):
        """Tell the watchdog that all is well."""
        if self._watchdog is not None:
            self._watchdog.feed()

    def free_heap(self) -> int:
        """Bytes free on the heap after a collection."""
        gc.collect()
        return gc.mem_free()

    def log(self, text: str):
        """A line on the console, with the time."""
        ms = self.clock.now_ms()
        print("[%d.%03d] %s" % (ms // 1000, ms % 1000, text))
