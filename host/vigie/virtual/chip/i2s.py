"""I2S as a receiver: what ESP-IDF's DMA gives to MicroPython, with its ways to lose sound.

The clock runs from the start on. DMA fills buffers of 256 frames of 8 bytes, one after the other,
round and round. An interrupt puts each full one into a queue that is one shorter than there are
buffers; when it is full, the oldest drops out, and nobody is told. While flash is written that
interrupt waits, unless it is built to live in RAM, and then tells of the last full buffer alone.
A reader that is late reads whatever lies in a buffer by then. The sample rates that are modelled
divide the chip's clock without a rest, so samples keep pace with time for ever.
"""

import asyncio
import math
import os
from pathlib import Path

import numpy as np

from vigie.boards.parts import MicrophoneSpec
from vigie.virtual.acoustics.microphone import I2sMicrophone, Words
from vigie.virtual.acoustics.room import Room
from vigie.virtual.bus import Op
from vigie.virtual.chip.part import Calls, Ending, Orders, Part
from vigie.virtual.clock import WorldLoop
from vigie.virtual.interrupts import Event, Interrupt
from vigie.virtual.vm import Vm

_FRAMES = 256
_BUFFERS_KEPT = 64
"""Buffers whose words are not made anew when they are read again."""


class _Dma:
    """The buffers of one run, from the start of the clock."""

    def __init__(self, from_s: float, rate_hz: int, buffers: int):
        self.from_s = from_s
        self.rate_hz = rate_hz
        self.buffers = buffers
        self.queue: list[int] = []
        """Buffers that were told of, by where they lie."""
        self.reading: int | None = None
        self.read = 0
        """Frames of it that were taken."""
        self.next = 0
        """The buffer that fills up next, counted for ever."""
        self.ready = True  # at first it claims to have something

    def full_at_s(self, buffer: int) -> float:
        """When a buffer is full."""
        return self.from_s + (buffer + 1) * _FRAMES / self.rate_hz

    def told(self, buffer: int) -> None:
        """The interrupt of a full buffer."""
        if len(self.queue) == self.buffers - 1:
            del self.queue[0]
        self.queue.append(buffer % self.buffers)
        self.ready = True

    def lying_in(self, place: int, now_s: float) -> tuple[int, int]:
        """Which buffer was begun last in this place, and how many of its frames are there.

        Behind them lies the rest of what was there one round before.
        """
        done = int((now_s - self.from_s) * self.rate_hz + 1e-6)
        filling = done // _FRAMES
        newest = filling - (filling - place) % self.buffers
        return newest, min(_FRAMES, done - newest * _FRAMES)


class I2s(Part):
    """The receiver, the microphone on it, and the file through which a VM reads.

    Args:
        loop: the world's.
        spec: the microphone and its pins, if the board has one.
        room: what there is to hear.
        file: where the words of a read are put.
        seed: of the microphone.
    """

    def __init__(
        self, loop: WorldLoop, spec: MicrophoneSpec | None, room: Room, file: Path, seed: str
    ):
        self._loop = loop
        self._spec = spec
        self._room = room
        self._file = file
        self.microphone = I2sMicrophone(spec.facts, seed) if spec else None
        self.isr_in_ram = False
        """CONFIG_I2S_ISR_IRAM_SAFE; the stock images of MicroPython are built without it."""
        self._masked: list[tuple[float, float]] = []
        self._dma: _Dma | None = None
        self._is_connected = False
        self._words: dict[int, Words] = {}
        self._alarm: asyncio.TimerHandle | None = None
        self._vm: Vm | None = None
        self._fd = -1

    def orders(self) -> Orders:
        """See Part."""
        return {
            Op.I2S_POLL: lambda q: self._poll(wake=bool(q.a)),
            Op.I2S_READ: lambda q: self._read(q.a, q.b, q.c),
        }

    def calls(self) -> Calls:
        """See Part."""
        return {"i2s.start": self._start, "i2s.stop": self._stop}

    def started(self, vm: Vm) -> None:
        """See Part."""
        self._vm = vm
        self._fd = os.open(self._file, os.O_RDWR | os.O_CREAT, 0o600)

    def stopped(self, ending: Ending) -> None:
        """Every reset ends it."""
        self._stop()
        self._vm = None
        os.close(self._fd)

    def mask(self, us: int) -> None:
        """Interrupts that do not live in RAM wait for so long from now on."""
        if self._dma and not self.isr_in_ram:
            now_s = self._loop.time()
            self._masked.append((now_s, now_s + us / 1e6))

    def _start(self, sck: int, ws: int, sd: int, rate_hz: int, ibuf_bytes: int) -> None:
        spec = self._spec
        self._is_connected = spec is not None and (sck, ws, sd) == (spec.sck, spec.ws, spec.sd)
        buffers = max(2, ibuf_bytes // (8 * _FRAMES))
        self._dma = _Dma(self._loop.time(), rate_hz, buffers)

    def _stop(self) -> None:
        self._dma = None
        self._masked.clear()
        self._words.clear()
        if self._alarm:
            self._alarm.cancel()
            self._alarm = None

    def _poll(self, *, wake: bool) -> int:
        """0 if there may be something to read, else microseconds until that is so.

        `wake`: have an event tell the program then.
        """
        dma = self._running()
        self._catch_up(dma)
        if dma.ready:
            return 0
        at_s = self._told_at_s(dma.full_at_s(dma.next))
        if wake and self._alarm is None:
            self._alarm = self._loop.call_at(at_s, self._wake)
        return max(1, math.ceil((at_s - self._loop.time()) * 1e6))

    def _wake(self) -> None:
        self._alarm = None
        if self._vm:
            self._vm.interrupt(Interrupt(Event.I2S))

    def _read(self, wanted: int, bits: int, slots: int) -> int:
        """Put up to so many frames into the file, and say how many."""
        dma = self._running()
        self._catch_up(dma)
        parts: list[Words] = []
        count = 0
        while count < wanted:
            if dma.reading is None:
                if not dma.queue:
                    dma.ready = False
                    break
                dma.reading, dma.read = dma.queue.pop(0), 0
            n = min(wanted - count, _FRAMES - dma.read)
            parts.append(self._heard(dma, dma.reading)[dma.read : dma.read + n])
            count += n
            dma.read += n
            if dma.read == _FRAMES:
                dma.reading = None
        if parts:
            os.pwrite(self._fd, _formatted(np.concatenate(parts), bits, slots), 0)
        return count

    def _running(self) -> _Dma:
        assert self._dma, "shims/machine_i2s.py knows whether it runs"
        return self._dma

    def _told_at_s(self, at_s: float) -> float:
        """When the interrupt of what happens at this moment runs.

        Between two operations of the flash, too: each ends by letting interrupts run.
        """
        for from_s, until_s in self._masked:
            if from_s <= at_s < until_s:
                return until_s
        return at_s

    def _catch_up(self, dma: _Dma) -> None:
        """All interrupts until now."""
        now_s = self._loop.time()
        told_s = None
        while dma.full_at_s(dma.next) <= now_s:
            at_s = self._told_at_s(dma.full_at_s(dma.next))
            if at_s > now_s:
                break
            if told_s == at_s and dma.full_at_s(dma.next) < at_s and dma.queue:
                dma.queue.pop()  # one interrupt for several: it tells of the last one
            dma.told(dma.next)
            told_s = at_s
            dma.next += 1
        self._masked = [m for m in self._masked if m[1] >= dma.full_at_s(dma.next - 1)]

    def _heard(self, dma: _Dma, place: int) -> Words:
        newest, fresh = dma.lying_in(place, self._loop.time())
        words = self._buffer(dma, newest)
        if fresh == _FRAMES:
            return words
        before = self._buffer(dma, newest - dma.buffers)
        return np.concatenate([words[:fresh], before[fresh:]])

    def _buffer(self, dma: _Dma, number: int) -> Words:
        """The words of a buffer, counted for ever."""
        if self.microphone is None or not self._is_connected or number < 0:
            return np.zeros(_FRAMES, np.int32)
        if number not in self._words:
            from_s = dma.from_s + number * _FRAMES / dma.rate_hz
            pressure = self._room.heard(from_s, _FRAMES, dma.rate_hz)
            while len(self._words) >= _BUFFERS_KEPT:
                del self._words[next(iter(self._words))]
            words = self.microphone.words(number * _FRAMES, pressure, dma.rate_hz)
            self._words[number] = words
        return self._words[number]


def _formatted(words: Words, bits: int, slots: int) -> bytes:
    """The left slot, and of the right one, which nobody drives, what the pull makes of it."""
    if bits == 16:
        words = (words >> 16).astype("<i2")
    if slots == 2:
        words = np.stack([words, np.zeros_like(words)], axis=1)
    return words.tobytes()
