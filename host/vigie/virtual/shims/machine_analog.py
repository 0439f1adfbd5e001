"""`machine.PWM` and `machine.ADC`."""

import bus
from machine_pin import Pin
from unmodelled import refuse

_ADC_PINS = (0, 2, 4, 12, 13, 14, 15, 25, 26, 27, 32, 33, 34, 35, 36, 37, 38, 39)
_LEAST_UV, _MOST_UV = 150000, 2450000  # the calibrated range at 11 dB


class PWM:
    def __init__(self, pin, *, freq=5000, duty_u16=32768):
        self._pin = Pin(pin)._number
        self._freq = freq
        self._duty_u16 = duty_u16
        self._set()

    def __getattr__(self, name):
        refuse("PWM", name, "duty duty_ns init")

    def _set(self):
        if not 1 <= self._freq <= 40000000:
            raise ValueError("frequency must be from 1Hz to 40MHz")
        bus.call("gpio.pwm", self._pin, self._freq, self._duty_u16)

    def freq(self, hz=None):
        if hz is None:
            return self._freq
        self._freq = hz
        self._set()

    def duty_u16(self, duty=None):
        if duty is None:
            return self._duty_u16
        self._duty_u16 = min(max(duty, 0), 65535)
        self._set()

    def deinit(self):
        """The signal stays on the pin as it was until the pin gets another use."""


class ADC:
    ATTN_0DB, ATTN_2_5DB, ATTN_6DB, ATTN_11DB = 0, 1, 2, 3
    WIDTH_9BIT, WIDTH_10BIT, WIDTH_11BIT, WIDTH_12BIT = 9, 10, 11, 12

    def __init__(self, pin, *, atten=0):
        if atten != ADC.ATTN_11DB:
            raise NotImplementedError("the virtual board models ADC.ATTN_11DB only")
        self._pin = Pin(pin)._number
        if self._pin not in _ADC_PINS:
            raise ValueError("invalid pin")

    def __getattr__(self, name):
        refuse("ADC", name, "atten block init read read_u16 width")

    def read_uv(self):
        return min(max(bus.call("adc.read_uv", self._pin), _LEAST_UV), _MOST_UV)
