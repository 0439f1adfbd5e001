"""Finds what a microphone lost: the chip says nothing when its buffers overflow.

Samples come in whole buffers, and must keep pace with time. The chip holds so many buffers and no
more: whoever comes later finds the oldest gone. While flash is erased nobody counts the buffers
that fill up, and all but the last of them are gone too.

Samples and microseconds come from the same crystal. From the chip's 160 MHz to 256 times 16 kHz or
8 kHz are 39 1/16 and 78 1/8, which its divider can do, so ticks and samples never part.
"""


class Pace:
    """Counts samples against microseconds. What was lost is a whole number of buffers.

    Reads should end where buffers end: the rest of one is not seen to be held.

    Args:
        rate_hz: samples a second.
        capacity: samples in the buffers that the chip keeps until they are read.
        buffer: samples in one buffer.
    """

    def __init__(self, rate_hz: int, capacity: int, buffer: int):
        self._rate_hz = rate_hz
        self._capacity = capacity
        self._buffer = buffer
        self._start_us = 0
        self.position = 0  # samples since the start, lost ones too

    def start(self, now_us: int) -> None:
        """The first sample is heard now."""
        self._start_us = now_us
        self.position = 0

    def lost(self, now_us: int) -> int:
        """How many samples were lost before those that can be read now."""
        return self._skip(now_us, self._capacity)

    def read(self, samples: int) -> None:
        """So many were read."""
        self.position += samples

    def emptied(self, before_us: int) -> int:
        """There were no more to read; how many of those heard before this time are missing.

        The buffer that was read last is the newest there is: they were lost before it.
        """
        return self._skip(before_us, 0)

    def heard_us(self, position: int) -> int:
        """When the sample at this position was heard."""
        return self._start_us + position * 1000000 // self._rate_hz

    def _skip(self, at_us, held):
        heard = (at_us - self._start_us) * self._rate_hz // 1000000
        missing = max(0, heard - self.position - held) // self._buffer * self._buffer
        self.position += missing
        return missing
