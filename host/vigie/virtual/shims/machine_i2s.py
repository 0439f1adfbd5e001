"""`machine.I2S` as a receiver. Words come through a file: a read takes nothing from the heap."""

import bus
import ops
from machine_pin import Pin
from ops import I2S_POLL, I2S_READ
from unmodelled import integer, refuse

_POLLIN = 1
_EINVAL = 22
_file = None
_running = None


def connect(path):
    """Read words from here."""
    global _file
    _file = open(path, "rb")


def _woken():
    pass


bus.handlers[ops.I2S] = _woken  # who waits for sound looks again


class I2S:
    RX, TX = 1, 2
    MONO, STEREO = 0, 1

    def __init__(self, id, *, sck, ws, sd, mode, bits, format, rate, ibuf):
        global _running
        if id not in (0, 1):
            raise ValueError("invalid id")
        if mode == self.TX:
            raise NotImplementedError("the virtual board models I2S.RX only")
        if mode != self.RX:
            raise ValueError("invalid mode")
        if bits not in (16, 32):
            raise ValueError("invalid bits")
        if format not in (self.MONO, self.STEREO):
            raise ValueError("invalid format")
        if _running and _running._id != id:
            raise NotImplementedError("the virtual board models one I2S at a time")
        self._id = id
        self._bits = bits
        self._slots = 1 + format
        self._asynchronous = False
        pins = [Pin(p)._number for p in (sck, ws, sd)]
        bus.call("i2s.start", *pins, integer(rate), integer(ibuf))
        _running = self

    def __getattr__(self, name):
        refuse("I2S", name, "init irq shift write")

    def readinto(self, buf):
        size = self._bits // 8 * self._slots
        wanted, rest = divmod(len(buf), size)
        if rest:
            raise OSError(_EINVAL)
        if self._asynchronous:
            return self._read(buf, wanted, size)
        bus.holding = True  # it blocks the processor, and lets no handler run
        try:
            n = bus.order(I2S_READ, wanted, self._bits, self._slots)
            view = memoryview(buf)
            _take(view, n * size)
            while n < wanted:
                bus.stall(max(1, bus.order(I2S_POLL)))
                more = bus.order(I2S_READ, wanted - n, self._bits, self._slots)
                _take(view[n * size :], more * size)
                n += more
        finally:
            bus.holding = False
        bus.settle()
        return len(buf)

    def _read(self, buf, wanted, size):
        n = bus.order(I2S_READ, wanted, self._bits, self._slots)
        _take(buf, n * size)
        return n * size

    def ioctl(self, op, flags):
        if op != 3:
            return -_EINVAL
        self._asynchronous = True
        return _POLLIN if flags & _POLLIN and bus.order(I2S_POLL) == 0 else 0

    def deinit(self):
        global _running
        if _running is self:
            bus.call("i2s.stop")
            _running = None


def _take(buf, n):
    if n:
        _file.seek(0)
        _file.readinto(buf, n)
