"""Listens: from the microphone's samples to blocks in the ring, with every gap marked."""

import asyncio
from array import array

from button.core.pace import Pace
from button.core.recording import BLOCK_SAMPLES
from button.services.service import Service

try:
    from button.core.adpcm_viper import condition, encode
except (ImportError, SyntaxError, ValueError):  # a chip for which it was not compiled
    from button.core.adpcm import condition, encode

SETTLE_SAMPLES = 5120
"""After its clock begins a microphone sends anything but sound (INMP441: 2**18 cycles, 64 to a
sample, which are 4096)."""
SILENT_FOR_MS = 1000
"""A microphone that sends nothing for so long, or always the same, is broken: a working one is
never without noise."""
_PAUSE_MS = 40
"""Between reads: fewer make less work, and the chip's buffers hold three times as much."""
_READ_SAMPLES = 1024


class Capture(Service):
    """Fills the ring while somebody wants sound. `on_block()` hears of every whole block.

    What was heard has a position in samples since the microphone was switched on.
    """

    def __init__(self, microphone, ring, clock, log, shift, on_block, on_broken):
        super().__init__()
        self._microphone = microphone
        self._ring = ring
        self._clock = clock
        self._log = log
        self._on_block = on_block
        self._on_broken = on_broken
        buffer_samples = microphone.buffer_samples
        self._pace = Pace(microphone.rate_hz, microphone.capacity, buffer_samples)
        self._words = memoryview(bytearray(4 * _READ_SAMPLES))
        self._pcm = bytearray(2 * _READ_SAMPLES)
        self._shift = shift
        self._offset = array("i", [0, shift])
        self._state = array("h", [0, 0, 0])
        self._at = 0  # where the block that is being written lies
        self._position = 0  # of the next sample
        self._gap = 0  # samples that are missing right before it
        self._settled = False
        self._same = 0  # samples that were all the same
        self._sent_us = 0  # when it last sent something
        self.wanted = False
        self.lost = 0  # samples, since it was switched on

    def want(self, wanted: bool):
        """Listen, or stop."""
        self.wanted = wanted
        self.wake()

    def heard_ms(self, position: int) -> int:
        """When a position was heard, on the clock of the program."""
        return self._pace.heard_us(position) // 1000

    def take_gap(self) -> int:
        """Samples lost since the last block ended, which then no block tells of."""
        gap, self._gap = self._gap, 0
        return gap

    def cut(self):
        """Make what is being written a whole block now."""
        if self._ring.open:
            self._close()

    async def run(self, failed):
        while True:
            self.beats += 1
            try:
                if self.wanted:
                    await self._listen()
                else:
                    self._stop()
                    await self._flag.wait()
                    self._flag.clear()
            except Exception as e:
                failed(e)
                self.wanted = False
                try:
                    self._broken(repr(e))
                except Exception as e:
                    failed(e)

    async def _listen(self):
        if not self._microphone.on:
            self._start()
        await asyncio.sleep_ms(_PAUSE_MS)
        while self._read():  # late: there is more
            pass

    def _read(self) -> bool:
        """Take what there is; whether there was as much as can be taken at once.

        Nothing else runs between the look at the clock and the end of the read: what was lost by
        then was lost before what is read.
        """
        now_us = self._clock.now_us()
        self._missing(self._pace.lost(now_us))
        n = self._microphone.read(self._words)
        count = n // 4
        self._pace.read(count)
        if self._is_dead(n, now_us):
            return False
        if n == len(self._words):
            self._take(0, count)
            return True
        hidden = self._pace.emptied(now_us)
        newest = max(0, count - self._microphone.buffer_samples)
        self._take(0, newest)
        self._missing(hidden)
        self._take(newest, count)
        self._settled = self._pace.position >= SETTLE_SAMPLES
        return False

    def _start(self):
        self._microphone.start()
        self._sent_us = self._clock.now_us()
        self._pace.start(self._sent_us)
        self._offset[0], self._offset[1] = 0, self._shift
        self._state[1] = 0
        self._settled = False
        self._position = self._gap = self._same = self.lost = 0
        self._log("microphone on")

    def _stop(self):
        if self._microphone.on:
            self.cut()
            self._microphone.stop()
            self._log("microphone off")

    def _is_dead(self, n, now_us):
        words = self._words
        if n:
            self._sent_us = now_us
            self._same = self._same + n // 4 if words[4:n] == words[: n - 4] else 0
        if now_us - self._sent_us >= SILENT_FOR_MS * 1000:
            self._broken("sends nothing")
        elif self._same * 1000 >= SILENT_FOR_MS * self._microphone.rate_hz:
            self._broken("sends always the same")
        else:
            return False
        return True

    def _broken(self, why):
        self._log("microphone: " + why)
        self._ring.abandon()
        self._microphone.stop()
        self.wanted = False
        self._on_broken()

    def _missing(self, lost):
        """So many samples were lost: what comes next begins a new block."""
        self._position += lost
        self.lost += lost
        if lost and self._settled:
            self.cut()
            self._gap += lost

    def _take(self, begin, end):
        """Put a part of what was read into blocks."""
        count = end - begin
        if not self._settled:
            self._position += count
            return
        condition(self._words[4 * begin : 4 * end], count, self._pcm, self._offset)
        done = 0
        view = memoryview(self._pcm)
        while done < count:
            if not self._ring.open and not self._begin():
                rest = count - done
                self._position += rest
                self.lost += rest
                self._gap += rest
                return
            n = min(count - done, BLOCK_SAMPLES - self._state[2])
            encode(view[2 * done : 2 * (done + n)], n, self._ring.memory, self._at, self._state)
            done += n
            self._position += n
            if self._state[2] == BLOCK_SAMPLES:
                self._close()

    def _begin(self):
        """Begin a block; False if there is no room, since nobody took what was heard."""
        position = self._position
        at = self._ring.begin(position, self.heard_ms(position), self._gap)
        if at is None:
            return False
        self._at = at
        self._gap = 0
        self._state[2] = 0
        return True

    def _close(self):
        self._ring.close(self._state[2])
        self._on_block()
