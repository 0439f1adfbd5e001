"""Finds what a microphone lost: the chip says nothing when its buffers overflow.

The samples that are read must keep pace with time. The buffers hold so many and no more; whoever
comes later than that finds them full, and the oldest samples gone (ESP-IDF drops the oldest).
"""


class Pace:
    """Counts samples against microseconds.

    Args:
        rate_hz: samples a second.
        capacity: samples that the buffers hold.
        slack: samples by which the count may be off: those of the buffer that is being filled.
    """

    def __init__(self, rate_hz: int, capacity: int, slack: int):
        self._rate_hz = rate_hz
        self._capacity = capacity
        self._slack = slack
        self._start_us = 0
        self.position = 0  # samples since the start, lost ones too

    def start(self, now_us: int) -> None:
        """The first sample is heard now."""
        self._start_us = now_us
        self.position = 0

    def lost(self, now_us: int) -> int:
        """How many samples were lost before those that can be read now."""
        lost = self._behind(now_us) - self._capacity
        if lost <= self._slack:
            return 0
        self.position += lost
        return lost

    def read(self, samples: int) -> None:
        """So many were read."""
        self.position += samples

    def emptied(self, now_us: int) -> int:
        """There are no more to read; how many are missing all the same, nobody knows where."""
        lost = self._behind(now_us)
        if lost <= 2 * self._slack:
            return 0
        self.position += lost
        return lost

    def heard_us(self, position: int) -> int:
        """When the sample at this position was heard."""
        return self._start_us + position * 1000000 // self._rate_hz

    def _behind(self, now_us):
        return (now_us - self._start_us) * self._rate_hz // 1000000 - self.position
