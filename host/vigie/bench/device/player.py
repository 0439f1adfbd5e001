"""Runs on the second board of a rig: presses the key of the board under test, watches its outputs.

Commands come as lines, each answered by one:

- `load DT LEVEL DT LEVEL ...` adds edges, DT microseconds after the one before: `loaded`
- `play` plays what was loaded, the first DT from now on: `began TICKS`, at the end `done`
- `key LEVEL` closes (1) or opens (0) the key: `key TICKS`
- `now`: `now TICKS`

In between `on PIN TICKS` and `off PIN TICKS` say that an output became active or silent, `lost N`
that N changes came too fast to be told, `alive TICKS` each second what the time is. A tone counts
as active: silent is what has had no edge for some milliseconds. TICKS are those of `ticks_us`.
"""

import sys
from array import array
from select import POLLIN, poll
from time import sleep_ms, ticks_add, ticks_diff, ticks_us

from machine import Pin
from micropython import const

_RING = const(64)
_ALIVE_US = const(1000000)
_LOOK_MS = const(5)
_SILENT_US = const(15000)  # longer than half a wave of any siren
_SLEEP_FROM_US = const(20000)  # of a pause: shorter ones are waited for by looking at the clock
_WAKE_US = const(8000)  # so long before an edge: a sleep may be longer than it should


class _Output:
    """One output of the board under test."""

    def __init__(self, number, active_low, began):
        self.number = number
        self._active = 0 if active_low else 1
        self._pin = Pin(number, Pin.IN)
        self._began = began
        self.on = False
        self.last_us = ticks_us()

    def watch(self):
        self._pin.irq(self._on_edge, Pin.IRQ_RISING | Pin.IRQ_FALLING)
        self._on_edge(self._pin)

    def forget(self):
        self._pin.irq(None)

    def _on_edge(self, pin):
        self.last_us = ticks_us()
        if pin.value() == self._active and not self.on:
            self.on = True
            self._began(self.number, self.last_us)

    def fell_silent(self):
        silent = (
            self.on
            and self._pin.value() != self._active
            and ticks_diff(ticks_us(), self.last_us) > _SILENT_US
        )
        if silent:
            self.on = False
        return silent


class Player:
    """Plays on one pin, watches others, given as (number, active low)."""

    def __init__(self, key, active_low, watched):
        self._on = 0 if active_low else 1
        self._key = Pin(key, Pin.OUT, value=1 - self._on)
        self._gaps = array("i")
        self._levels = bytearray()
        self._times = array("i", [0] * _RING)
        self._numbers = bytearray(_RING)
        self._write = self._read = self._lost = 0
        self._outputs = [_Output(number, low, self._began) for number, low in watched]
        self._alive_us = ticks_us()

    def _began(self, number, at_us):
        after = (self._write + 1) % _RING
        if after == self._read:
            self._lost += 1
            return
        self._times[self._write] = at_us
        self._numbers[self._write] = number
        self._write = after

    def serve(self):
        """Until Ctrl-C."""
        typed = poll()
        typed.register(sys.stdin, POLLIN)
        print("ready", ticks_us())
        try:
            for output in self._outputs:
                output.watch()
            while True:
                if typed.poll(_LOOK_MS):
                    self._do(sys.stdin.readline().split())
                self._tell()
        finally:
            self._key(1 - self._on)
            for output in self._outputs:
                output.forget()

    def _do(self, words):
        command = words[0] if words else ""
        if command == "load":
            for i in range(1, len(words), 2):
                self._gaps.append(int(words[i]))
                self._levels.append(int(words[i + 1]))
            print("loaded")
        elif command == "play":
            self._play(self._gaps, self._levels)
            self._gaps, self._levels = array("i"), bytearray()
            print("done")
        elif command == "key":
            self._key(self._on if int(words[1]) else 1 - self._on)
            print("key", ticks_us())
        elif command == "now":
            print("now", ticks_us())

    def _play(self, gaps, levels):
        key, on, off = self._key, self._on, 1 - self._on
        due_us = ticks_us()
        print("began", due_us)
        for i in range(len(gaps)):
            due_us = ticks_add(due_us, gaps[i])
            level = on if levels[i] else off
            while ticks_diff(due_us, ticks_us()) > _SLEEP_FROM_US:
                self._tell()
                left_us = ticks_diff(due_us, ticks_us())
                if left_us > _SLEEP_FROM_US:
                    sleep_ms(min(left_us - _WAKE_US, _SLEEP_FROM_US) // 1000)
            while ticks_diff(due_us, ticks_us()) > 0:
                pass
            key(level)

    def _tell(self):
        """Say at most one thing, which takes a few milliseconds on a slow line."""
        if self._read != self._write:
            i = self._read
            print("on", self._numbers[i], self._times[i])
            self._read = (i + 1) % _RING
            return
        for output in self._outputs:
            if output.fell_silent():
                print("off", output.number, output.last_us)
                return
        if self._lost:
            print("lost", self._lost)
            self._lost = 0
        elif ticks_diff(ticks_us(), self._alive_us) >= _ALIVE_US:
            self._alive_us = ticks_us()
            print("alive", self._alive_us)
