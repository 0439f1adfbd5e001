"""The battery's voltage through a divider on an ADC pin."""

from machine import ADC, Pin
from micropython import const

_SAMPLES = const(9)


class Battery:
    """Reads millivolts at the cell."""

    def __init__(self, pin: int, divider: float):
        self._adc = ADC(Pin(pin), atten=ADC.ATTN_11DB)
        self._divider = divider

    def read_mv(self) -> int:
        """Median of some samples: one sample next to a radio burst can be far off."""
        samples = sorted([self._adc.read_uv() for _ in range(_SAMPLES)])
        return int(samples[_SAMPLES // 2] / 1000 / self._divider)
