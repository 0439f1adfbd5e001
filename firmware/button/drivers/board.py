"""Pins that the board's own hardware needs at a level, such as the switch of an antenna."""

from machine import Pin


def hold(levels):
    """Drive each (pin, level) so, for ever."""
    for pin, level in levels:
        Pin(pin, Pin.OUT, value=level)
