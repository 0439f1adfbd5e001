"""`machine.Pin` of a classic ESP32."""

import sys

import bus
from unmodelled import refuse

_INPUT_ONLY = range(34, 40)
_NUMBERS = tuple(range(6)) + tuple(range(12, 20)) + (21, 22, 23, 25, 26, 27) + tuple(range(32, 40))
_pins = {}
_levels = {}


def _read_levels():
    """Whoever reads a pin reads its level now, though interrupts for older edges still wait."""
    for number, level, _ in bus.queued("pin"):
        _levels[number] = level


def _on_pin(number, level, fires):
    _levels[number] = level
    _read_levels()
    pin = _pins.get(number)
    if fires and pin is not None and pin._handler is not None:
        try:
            pin._handler(pin)
        except Exception as e:
            sys.print_exception(e)


bus.handlers["pin"] = _on_pin


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
        return _pins[number]

    def __init__(self, number, mode=-1, pull=-1, *, value=None, drive=None, hold=None):
        if drive is not None or hold is not None:
            raise NotImplementedError("the virtual board does not model Pin(drive, hold)")
        if mode == -1 and pull == -1 and value is None:
            return
        self.init(mode, pull, value=value)

    def __getattr__(self, name):
        refuse("Pin", name, "board")

    def __repr__(self):
        return "Pin(%d)" % self._number

    def init(self, mode=-1, pull=-1, *, value=None):
        if mode == Pin.OPEN_DRAIN:
            raise NotImplementedError("the virtual board does not model Pin.OPEN_DRAIN")
        if self._number in _INPUT_ONLY:
            if mode == Pin.OUT:
                raise ValueError("pin can only be input")
            if pull not in (-1, None):
                raise NotImplementedError(
                    "GPIO %d has no pulls: the chip would leave it floating" % self._number
                )
        _levels[self._number] = bus.call(
            "gpio.init", self._number, mode, None if pull == -1 else pull, value
        )

    def value(self, v=None):
        if v is None:
            bus.spend(1)
            _read_levels()
            return _levels[self._number]
        _levels[self._number] = v = 1 if v else 0
        bus.call("gpio.write", self._number, v)

    __call__ = value

    def on(self):
        self.value(1)

    def off(self):
        self.value(0)

    def irq(self, handler=None, trigger=3, wake=None):
        if wake is not None:
            raise NotImplementedError("the virtual board does not model Pin.irq(wake)")
        self._handler = handler
        bus.call("gpio.irq", self._number, trigger if handler else 0)
        return self
