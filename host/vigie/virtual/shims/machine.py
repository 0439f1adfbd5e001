"""`machine`: why the chip started, resets, the real-time clock; its peripherals are in files."""

import bus
import time as _time
from machine_analog import ADC, PWM
from machine_i2s import I2S
from machine_pin import Pin
from machine_timing import WDT, Timer
from unmodelled import refuse

PWRON_RESET, HARD_RESET, WDT_RESET, DEEPSLEEP_RESET, SOFT_RESET = 1, 2, 3, 4, 5
_NAMES = (
    "ADCBlock DAC DEEPSLEEP EXT0_WAKE EXT1_WAKE I2C PIN_WAKE SDCard SLEEP SPI Signal SoftI2C "
    "SoftSPI TIMER_WAKE TOUCHPAD_WAKE TouchPad UART ULP_WAKE bitstream deepsleep dht_readinto "
    "disable_irq enable_irq freq idle lightsleep mem16 mem32 mem8 sleep time_pulse_us"
)
_facts = {}  # what the host says about this start


def __getattr__(name):
    refuse("machine", name, _NAMES)


def reset_cause():
    return _facts["cause"]


def wake_reason():
    return _facts["wake_reason"]


def unique_id():
    return _facts["unique_id"]


def reset():
    bus.call("reset", HARD_RESET)


def soft_reset():
    bus.call("reset", SOFT_RESET)


class RTC:
    """The real-time clock and the 2048 bytes that outlive every reset but not the power."""

    def __new__(cls):
        return _rtc

    def __getattr__(self, name):
        refuse("RTC", name, "alarm alarm_left cancel init irq now")

    def memory(self, data=None):
        if data is None:
            return bus.call("rtc.memory", None)
        if len(data) > 2048:
            raise ValueError("buffer too long")
        bus.call("rtc.memory", bytes(data))

    def datetime(self, to=None):
        if to is None:
            us = _time.time_ns() // 1000
            y, mo, d, h, mi, s, wd, _ = _time.gmtime(us // 1000000)
            return (y, mo, d, wd, h, mi, s, us % 1000000)
        y, mo, d, _, h, mi, s, us = to
        at_us = _time.mktime((y, mo, d, h, mi, s, 0, 0)) * 1000000 + us
        _time.rtc_origin_us = at_us - bus.now
        bus.call("rtc.set", at_us)


_rtc = object.__new__(RTC)
