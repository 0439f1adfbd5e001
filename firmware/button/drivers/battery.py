"""The battery's voltage through a divider on an ADC pin."""

from machine import ADC, Pin
from micropython import const

from button.core.wire import BATTERY_UNKNOWN_MV

_SAMPLES = const(9)


class Battery:
    """Reads millivolts at the cell."""

    def __init__(self, pin: int, divider: float):
        self._pin = pin
        self._divider = divider
        self._adc = None

    def read_mv(self) -> int:
        """Median of some samples: one sample next to a radio burst can be far off.

        BATTERY_UNKNOWN_MV if the converter fails: an alert does not wait for a voltage.
        """
        try:
            if self._adc is None:
                self._adc = ADC(Pin(self._pin), atten=ADC.ATTN_11DB)
            samples = sorted([self._adc.read_uv() for _ in range(_SAMPLES)])
            return int(samples[_SAMPLES // 2] / 1000 / self._divider)
        except Exception:
            return BATTERY_UNKNOWN_MV
