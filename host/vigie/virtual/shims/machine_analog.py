"""`machine.PWM` and `machine.ADC`."""

from array import array

import bus
from machine_pin import Pin
from ops import ADC_READ, PIN_PWM
from unmodelled import integer, refuse

_ADC_PINS = (0, 2, 4, 12, 13, 14, 15, 25, 26, 27, 32, 33, 34, 35, 36, 37, 38, 39)
_LEAST_UV, _MOST_UV = 150000, 2450000  # the calibrated range at 11 dB
_INVALID_ARG = -258  # ESP_ERR_INVALID_ARG, as OSError shows it
_READ_US = 10  # as an order
_microvolts = array("l", [0] * 40)
_epochs = array("l", [0] * 40)  # when each was read, in the bus's reckoning


class PWM:
    def __init__(self, pin, freq=5000, *, duty_u16=32768):
        self._pin = Pin(pin)._number
        if self._pin >= 34:
            raise OSError(_INVALID_ARG)
        self._duty_u16 = self._checked_duty(duty_u16)
        self._freq = self._checked_freq(freq)
        self._active = True
        self._set()

    def __getattr__(self, name):
        refuse("PWM", name, "duty duty_ns init")

    def _checked_freq(self, hz):
        if not 1 <= integer(hz) <= 40000000:
            raise ValueError("frequency must be from 1Hz to 40MHz")
        return hz

    def _checked_duty(self, duty):
        if not 0 <= integer(duty) <= 65535:
            raise ValueError("duty_u16 must be from 0 to 65536")
        return duty

    def _set(self):
        bus.order(PIN_PWM, self._pin, self._freq, self._duty_u16)

    def _check_active(self):
        if not self._active:
            raise RuntimeError("PWM is inactive")

    def freq(self, hz=None):
        self._check_active()
        if hz is None:
            return self._freq
        self._freq = self._checked_freq(hz)
        self._set()

    def duty_u16(self, duty=None):
        self._check_active()
        if duty is None:
            return self._duty_u16
        self._duty_u16 = self._checked_duty(duty)
        self._set()

    def deinit(self):
        """The signal stays on the pin as it was until the pin gets another use."""
        self._active = False


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
        n = self._pin
        if _epochs[n] == bus.epoch:
            bus.spend(_READ_US)
        if _epochs[n] != bus.epoch:
            epoch = bus.epoch
            _microvolts[n] = min(max(bus.order(ADC_READ, n), _LEAST_UV), _MOST_UV)
            _epochs[n] = epoch
        return _microvolts[n]
