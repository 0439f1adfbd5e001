"""The key: its interrupt stamps each sample with the time, and wakes whoever waits."""

import asyncio
from array import array
from time import ticks_us

from machine import Pin
from micropython import const

_RING = const(256)
_POLL = const(3)  # what asyncio asks of a stream that it waits for


class _Flag(asyncio.ThreadSafeFlag):
    """Is set by the interrupt, or because the level has changed without one.

    The chip's queue of interrupts takes eight and loses the rest without a word. asyncio asks its
    flags every tick while it waits, so looking at the pin then costs nothing and repairs that.
    """

    def __init__(self, key):
        super().__init__()
        self._key = key

    def ioctl(self, req, flags):
        """Answer asyncio."""
        if req == _POLL and not self.state and self._key.changed():
            self.set()
        return super().ioctl(req, flags)


class Key:
    """Samples of the key in a ring, because its bounce comes faster than tasks run.

    The handler runs late and sees the level of that moment (`button.core.samples`). When the ring
    is full the newest samples are lost; the level read in the end repairs that.
    """

    def __init__(self, pin: int, active_low: bool, pull):
        self._active = 0 if active_low else 1
        pulls = {"up": Pin.PULL_UP, "down": Pin.PULL_DOWN, "none": None}
        self._pin = Pin(pin, Pin.IN, pulls[pull])
        self._times = array("i", [0] * _RING)
        self._levels = bytearray(_RING)
        self._head = 0  # written by the interrupt only
        self._tail = 0  # written by the task only
        self._seen = 0  # the last level that anybody read
        self.flag = _Flag(self)
        self.pressed_at_start = self.pressed()
        self._pin.irq(self._on_edge, Pin.IRQ_FALLING | Pin.IRQ_RISING)

    def _on_edge(self, pin):
        self._seen = pin.value()
        head = self._head
        after = (head + 1) & (_RING - 1)
        if after != self._tail:
            self._times[head] = ticks_us()
            self._levels[head] = self._seen == self._active
            self._head = after
        self.flag.set()

    def pressed(self) -> bool:
        """The level now."""
        self._seen = self._pin.value()
        return self._seen == self._active

    def changed(self) -> bool:
        """Whether the level is another than the last that was read."""
        return self._pin.value() != self._seen

    def take(self):
        """The oldest sample (ticks_us, pressed), or None."""
        tail = self._tail
        if tail == self._head:
            return None
        sample = self._times[tail], self._levels[tail] == 1
        self._tail = (tail + 1) & (_RING - 1)
        return sample
