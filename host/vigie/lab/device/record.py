"""Runs on a board, through the raw REPL: says when the key's level changes, until Ctrl-C.

One line an edge, `microseconds level`, the level as the interrupt saw it: 1 is pressed. A line
`microseconds -` each second says that the recorder is alive and what the time is; `lost` that
edges came faster than they could be told. The firmware has no part in this.
"""

from array import array
from time import sleep_ms, ticks_add, ticks_diff, ticks_us

from machine import Pin
from micropython import const

_RING = const(512)
_ALIVE_US = const(1000000)


def record(number, active_low, pull):
    """Watch this pin."""
    active = 0 if active_low else 1
    pulls = {"up": Pin.PULL_UP, "down": Pin.PULL_DOWN, "none": None}
    key = Pin(number, Pin.IN, pulls[pull])
    times = array("i", [0] * _RING)
    levels = bytearray(_RING)
    at = [0, 0, 0]  # next to write, next to read, lost

    def on_edge(pin):
        after = (at[0] + 1) % _RING
        if after == at[1]:
            at[2] += 1
            return
        times[at[0]] = ticks_us()
        levels[at[0]] = pin.value() == active
        at[0] = after

    key.irq(on_edge, Pin.IRQ_FALLING | Pin.IRQ_RISING)
    print("recording", 1 if key.value() == active else 0)
    alive_us = ticks_us()
    try:
        while True:
            while at[1] != at[0]:
                print(times[at[1]], levels[at[1]])
                at[1] = (at[1] + 1) % _RING
            if at[2]:
                print("lost", at[2])
                at[2] = 0
            now_us = ticks_us()
            if ticks_diff(now_us, alive_us) >= 0:
                print(now_us, "-")
                alive_us = ticks_add(now_us, _ALIVE_US)
            sleep_ms(5)
    finally:
        key.irq(None)
