"""`machine.WDT` and `machine.Timer`."""

import sys

import bus
from unmodelled import refuse

_timers = {}


class WDT:
    """On this side of the bus: only it knows that nobody fed, and feeding must cost nothing."""

    def __init__(self, id=0, timeout=5000):
        if id != 0:
            raise ValueError("WDT(%d) doesn't exist" % id)
        if timeout <= 0:
            raise ValueError("WDT timeout too short")
        self._us = timeout * 1000
        bus.call("watchdog.arm", timeout)
        self.feed()

    def feed(self):
        bus.watchdog = bus.now + self._us


def _on_timer(id):
    timer = _timers.get(id)
    if timer is not None and timer._callback is not None:
        try:
            timer._callback(timer)
        except Exception as e:
            sys.print_exception(e)


bus.handlers["timer"] = _on_timer


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

    def init(self, *, mode=1, period=None, freq=None, callback=None, hard=False):
        if hard:
            raise ValueError("hard Timers are not implemented")
        us = int(1000000 / freq) if freq is not None else period * 1000
        self._callback = callback
        bus.call("timer.start", self._id, us, mode == Timer.PERIODIC)

    def deinit(self):
        self._callback = None
        bus.call("timer.stop", self._id)
