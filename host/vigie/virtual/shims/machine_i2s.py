"""`machine.I2S` as a receiver. Words come through a file: a read takes nothing from the heap."""

import bus
import ops
from machine_pin import Pin
from ops import I2S_POLL, I2S_READ
from uctypes import addressof, bytearray_at
from unmodelled import integer, refuse

_POLLIN = 1
_EINVAL = 22
_INVALID_ARG = -258  # ESP_ERR_INVALID_ARG, as OSError shows it
_RATES = range(8000, 48001, 8000)  # divide the chip's clock without a rest
_MOST_BYTES = 65536
_peripherals = {}
_file = _nowhere = None
_running = None


def connect(path):
    """Read words from here."""
    global _file, _nowhere
    _file, _nowhere = open(path, "rb"), open("/dev/null", "wb")


def _woken():
    pass


bus.handlers[ops.I2S] = _woken  # who waits for sound looks again


class I2S:
    RX, TX = 1, 2
    MONO, STEREO = 0, 1

    def __new__(cls, id, **kwargs):
        if id not in (0, 1):
            raise ValueError("invalid id")
        if id not in _peripherals:
            _peripherals[id] = object.__new__(cls)
        return _peripherals[id]

    def __init__(self, id, *, sck, ws, sd, mode, bits, format, rate, ibuf):
        global _running
        self.deinit()
        if mode == self.TX:
            raise NotImplementedError("the virtual board models I2S.RX only")
        if mode != self.RX:
            raise ValueError("invalid mode")
        if bits not in (16, 32):
            raise ValueError("invalid bits")
        if format not in (self.MONO, self.STEREO):
            raise ValueError("invalid format")
        if _running:
            raise NotImplementedError("the virtual board models one I2S at a time")
        if integer(rate) not in _RATES:
            raise NotImplementedError("the virtual board models I2S at 8, 16, 24 ... 48 kHz only")
        if integer(ibuf) > _MOST_BYTES:
            raise NotImplementedError("the virtual board does not model where DMA memory ends")
        self._bits = bits
        self._slots = 1 + format
        self._asynchronous = False
        pins = [Pin(p)._number for p in (sck, ws, sd)]
        if pins[0] >= 34 or pins[1] >= 34:  # they can only be inputs
            raise OSError(_INVALID_ARG)
        bus.call("i2s.start", *pins, rate, ibuf)
        _running = self

    def __getattr__(self, name):
        refuse("I2S", name, "init irq write")

    @staticmethod
    def shift(**kwargs):
        raise NotImplementedError("the virtual board does not model I2S.shift")

    def readinto(self, buf, nbytes=None):
        if nbytes is not None or not isinstance(buf, bytearray):
            buf = _as_bytes(buf, nbytes)
        size = self._bits // 8 * self._slots
        wanted, rest = divmod(len(buf), size)
        if rest:
            raise OSError(_EINVAL)
        if _running is not self:
            raise OSError(_INVALID_ARG)
        n = self._read(buf, wanted, size)
        if n < wanted and not self._asynchronous:
            self._block(memoryview(buf), n, wanted, size)
            n = wanted
        return n * size

    def _read(self, buf, wanted, size):
        n = bus.order(I2S_READ, wanted, self._bits, self._slots)
        if n:
            _file.seek(0)
            _file.readinto(buf, n * size)
        return n

    def _block(self, view, n, wanted, size):
        """It holds the processor: pins are still heard, but no handler runs."""
        bus.holding = True
        try:
            while n < wanted:
                bus.wait(bus.now + bus.order(I2S_POLL))
                n += self._read(view[n * size :], wanted - n, size)
        finally:
            bus.holding = False
        bus.settle()

    def ioctl(self, op, flags):
        if op != 3:
            return -_EINVAL
        self._asynchronous = True
        if not flags & _POLLIN or _running is not self:
            return 0
        return _POLLIN if bus.order(I2S_POLL, 1) == 0 else 0

    def deinit(self):
        global _running
        if _running is self:
            bus.call("i2s.stop")
            _running = None


def _as_bytes(buf, nbytes):
    """A buffer of any kind; the first of its bytes, if so many are asked for."""
    size = _nowhere.write(buf)  # len() counts the items of an array
    if size != len(buf):
        buf = bytearray_at(addressof(buf), size)
    return buf if nbytes is None else memoryview(buf)[:nbytes]
