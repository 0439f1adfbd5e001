"""A ring of audio blocks in one piece of memory: what was heard last, and what waits to be kept.

Blocks are numbered for ever; number b lies in slot b modulo the size. The newest is being written.
When a new one begins and the ring is full, the oldest is overwritten, unless they are protected.
"""

from array import array

from button.core.adpcm import bytes_of
from button.core.recording import BLOCK_BYTES


class Ring:
    """Blocks `first` to `end` - 1 are whole; block `end` is being written if `open`."""

    def __init__(self, blocks: int):
        self.size = blocks
        self.memory = bytearray(blocks * BLOCK_BYTES)
        self._view = memoryview(self.memory)
        self._first_samples = array("I", [0] * blocks)
        self._heard_ms = array("I", [0] * blocks)
        self._gaps = array("I", [0] * blocks)
        self._counts = array("H", [0] * blocks)
        self.first = 0
        self.end = 0
        self.open = False
        self.protected = False  # somebody still needs every block from `first` on

    def begin(self, first_sample: int, heard_ms: int, gap: int) -> int | None:
        """Begin the next block: the offset in `memory` at which it lies; None without room."""
        slot = self.end % self.size
        if self.end - self.first == self.size:
            if self.protected:
                return None
            self.first += 1
        self._first_samples[slot] = first_sample & 0xFFFFFFFF
        self._heard_ms[slot] = heard_ms & 0xFFFFFFFF
        self._gaps[slot] = gap & 0xFFFFFFFF
        self.open = True
        return slot * BLOCK_BYTES

    def close(self, count: int) -> None:
        """The block that is being written holds so many samples now, and is whole."""
        slot = self.end % self.size
        self._counts[slot] = count
        self.open = False
        self.end += 1

    def abandon(self) -> None:
        """The block that is being written shall not be."""
        self.open = False

    def release(self, until: int) -> None:
        """Blocks before this number are not needed any more."""
        self.first = min(max(self.first, until), self.end)

    @property
    def free(self) -> int:
        """How many blocks can begin before one is overwritten."""
        return self.size - (self.end - self.first)

    def facts(self, block: int) -> tuple[int, int, int, int]:
        """First sample, when it was heard, samples missing before it, samples in it."""
        slot = block % self.size
        return (
            self._first_samples[slot],
            self._heard_ms[slot],
            self._gaps[slot],
            self._counts[slot],
        )

    def payload(self, block: int) -> memoryview:
        """The bytes of a whole block, where they lie: as many as its samples need."""
        slot = block % self.size
        at = slot * BLOCK_BYTES
        return self._view[at : at + bytes_of(self._counts[slot])]
