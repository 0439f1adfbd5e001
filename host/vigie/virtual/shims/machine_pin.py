"""`machine.Pin` of a classic ESP32."""

from array import array

import bus
from console import print_exception
from ops import PIN, PIN_INIT, PIN_IRQ, PIN_READ, PIN_WRITE
from unmodelled import integer, refuse

_INPUT_ONLY = range(34, 40)
_NUMBERS = tuple(range(6)) + tuple(range(12, 20)) + (21, 22, 23, 25, 26, 27) + tuple(range(32, 40))
_ABSENT = object()
_pins = {}
_levels = bytearray(40)
_epochs = array("l", [0] * 40)  # when each level was read, in the bus's reckoning


def _on_pin():
    pin = _pins.get(bus.answer[bus.WORDS])
    if pin is not None and pin._handler is not None:
        try:
            pin._handler(pin)
        except Exception as e:
            print_exception(e)


bus.handlers[PIN] = _on_pin


class _Irq:
    """What `Pin.irq` returns."""

    def __getattr__(self, name):
        refuse("Pin.irq()", name, "trigger")


class Pin:
    IN, OUT, OPEN_DRAIN = 1, 3, 7
    PULL_DOWN, PULL_UP = 1, 2
    IRQ_RISING, IRQ_FALLING = 1, 2
    WAKE_LOW, WAKE_HIGH = 4, 5
    DRIVE_0, DRIVE_1, DRIVE_2, DRIVE_3 = 0, 1, 2, 3

    def __new__(cls, number, *args, **kwargs):
        if isinstance(number, Pin):
            return number
        if number not in _NUMBERS:
            raise ValueError("invalid pin")
        if number not in _pins:
            pin = _pins[number] = object.__new__(cls)
            pin._number = number
            pin._handler = None
            pin._irq = _Irq()
        return _pins[number]

    def __init__(self, number, *args, **kwargs):
        if args or kwargs:
            self.init(*args, **kwargs)

    def __getattr__(self, name):
        refuse("Pin", name, "board")

    def __repr__(self):
        return "Pin(%d)" % self._number

    def init(self, mode=None, pull=-1, *, value=_ABSENT, drive=_ABSENT, hold=_ABSENT):
        if drive is not _ABSENT or hold is not _ABSENT:
            raise NotImplementedError("the virtual board does not model Pin(drive, hold)")
        if value is not _ABSENT:
            self.value(value)
        if mode is not None:
            mode = integer(mode)
            if mode & 2 and self._number in _INPUT_ONLY:
                raise ValueError("pin can only be input")
            if mode not in (Pin.IN, Pin.OUT):
                raise NotImplementedError("the virtual board does not model Pin mode %d" % mode)
        pull = 0 if pull is None else integer(pull)
        if pull > 0 and self._number in _INPUT_ONLY:
            raise NotImplementedError(
                "GPIO %d has no pulls: the chip would leave it floating" % self._number
            )
        bus.order(PIN_INIT, self._number, mode or 0, pull)
        _epochs[self._number] = 0

    def value(self, v=_ABSENT):
        n = self._number
        if v is _ABSENT:
            bus.spend(1)
            if _epochs[n] != bus.epoch:
                epoch = bus.epoch  # a handler may run before the level is here, and it be old
                _levels[n] = bus.order(PIN_READ, n)
                _epochs[n] = epoch
            return _levels[n]
        # An input remembers it too, for the time when it becomes an output.
        bus.order(PIN_WRITE, n, 1 if v else 0)
        _epochs[n] = 0

    __call__ = value

    def on(self):
        self.value(1)

    def off(self):
        self.value(0)

    def toggle(self):
        bus.order(PIN_WRITE, self._number, 2)
        _epochs[self._number] = 0

    def irq(self, *args, **kwargs):
        if args or kwargs:
            self._arm(*args, **kwargs)
        return self._irq

    def _arm(self, handler=None, trigger=3, wake=None):
        if wake is not None:
            raise NotImplementedError("the virtual board does not model Pin.irq(wake)")
        if not 0 <= integer(trigger) <= 3:
            raise NotImplementedError("the virtual board does not model Pin.irq on a level")
        self._handler = handler
        bus.order(PIN_IRQ, self._number, 0 if handler is None else trigger)
