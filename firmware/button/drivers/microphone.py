"""The microphone: I2S, 32 bits a sample, one slot.

The chip's DMA is always stereo, 8 bytes a frame, in buffers of 256 frames outside the heap; a full
buffer that nobody reads is lost without a word (`button.core.pace`). A blocking read would stop
everything; one poll makes of it a stream that never blocks.
"""

import select

from machine import I2S, Pin
from micropython import const

_FRAMES_A_BUFFER = const(256)
_IBUF_BYTES = const(16384)


class Microphone:
    """Samples of 32 bits, left-justified, at `rate_hz`.

    `capacity` samples are kept by the chip while nobody reads, in buffers of `buffer_samples`.
    """

    def __init__(self, sck: int, ws: int, sd: int, rate_hz: int):
        self._pins = (sck, ws, sd)
        self.rate_hz = rate_hz
        self.buffer_samples = _FRAMES_A_BUFFER
        # One buffer less than there are: it is being filled.
        self.capacity = (_IBUF_BYTES // 8 // _FRAMES_A_BUFFER - 1) * _FRAMES_A_BUFFER
        self._i2s = None

    @property
    def on(self) -> bool:
        """Whether it is listening."""
        return self._i2s is not None

    def start(self):
        """Begin to listen. Raises OSError or ValueError."""
        sck, ws, sd = self._pins
        self._i2s = I2S(
            0,
            sck=Pin(sck),
            ws=Pin(ws),
            sd=Pin(sd),
            mode=I2S.RX,
            bits=32,
            format=I2S.MONO,
            rate=self.rate_hz,
            ibuf=_IBUF_BYTES,
        )
        poll = select.poll()
        poll.register(self._i2s, select.POLLIN)
        poll.poll(0)

    def read(self, buffer) -> int:
        """Fill the buffer with what there is, which may be nothing; how many bytes."""
        return self._i2s.readinto(buffer) or 0  # type: ignore  # None only before `start`

    def stop(self):
        """Listen no more."""
        if self._i2s is not None:
            self._i2s.deinit()
            self._i2s = None
