"""`machine.WDT` and `machine.Timer`."""

import bus
from console import print_exception
from ops import TIMER, TIMER_START, TIMER_STOP, WATCHDOG_ARM
from unmodelled import integer, refuse

_LONGEST_MS = 0xFFFFFFFF
_timers = {}


class WDT:
    """Feeding must cost nothing: the deadline is kept on this side, and told in each question."""

    def __init__(self, id=0, timeout=5000):
        if id != 0:
            raise ValueError("WDT(%d) doesn't exist" % id)
        if integer(timeout) <= 0:
            raise ValueError("WDT timeout too short")
        self._us = timeout * 1000
        bus.order(WATCHDOG_ARM, timeout)
        self.feed()

    def feed(self):
        bus.feed(self._us)


def _on_timer():
    timer = _timers.get(bus.answer[bus.WORDS])
    if timer is not None and timer._callback is not None:
        try:
            timer._callback(timer)
        except Exception as e:
            print_exception(e)


bus.handlers[TIMER] = _on_timer


class Timer:
    """A hardware timer. Its callbacks go through the scheduler, whose queue they share."""

    ONE_SHOT, PERIODIC = 0, 1

    def __new__(cls, id, **kwargs):
        if not 0 <= id <= 3:
            raise ValueError("invalid Timer number")
        if id not in _timers:
            timer = _timers[id] = object.__new__(cls)
            timer._id = id
            timer._callback = None
        return _timers[id]

    def __init__(self, id, **kwargs):
        if kwargs:
            self.init(**kwargs)

    def __getattr__(self, name):
        refuse("Timer", name, "value")

    def init(self, *, mode=1, callback=None, period=_LONGEST_MS, tick_hz=1000, freq=None,
             hard=False):  # fmt: skip
        if hard:
            raise ValueError("hard Timers are not implemented")
        if freq is None:
            us = integer(period) * 1000000 // integer(tick_hz)
        else:
            us = int(1000000 / freq)
        if us < 1:
            raise NotImplementedError("the virtual board does not model a Timer that never rests")
        self._callback = callback
        bus.order(TIMER_START, self._id, us, 1 if mode else 0)

    def deinit(self):
        self._callback = None
        bus.order(TIMER_STOP, self._id)
