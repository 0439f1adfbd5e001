"""The indicator: a light or a vibration motor that only the wearer notices."""

from machine import Pin


class Indicator:
    """On or off."""

    def __init__(self, pin: int, active_low: bool):
        self._on = 0 if active_low else 1
        self._pin = Pin(pin, Pin.OUT, value=1 - self._on)

    def set(self, on: bool):
        """Switch it."""
        self._pin.value(self._on if on else 1 - self._on)
