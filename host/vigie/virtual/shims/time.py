"""`time` on the virtual clock: epoch 2000, and ticks that wrap at 2**30, as on ESP32."""

import utime as _unix

import bus
from unmodelled import integer

_PERIOD = 1 << 30
_HALF = 1 << 29
_COST_US = 2
_UNIX_EPOCH_S = 946684800
_DAYS_BEFORE = (0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334)
ticks_origin_us = 0  # ticks at power-on: a test may start them shortly before they wrap
rtc_origin_us = 0  # the real-time clock at power-on, since 2000


def ticks_us():
    bus.spend(_COST_US)
    return (bus.now + ticks_origin_us) & (_PERIOD - 1)


def ticks_ms():
    bus.spend(_COST_US)
    return (bus.now + ticks_origin_us) // 1000 & (_PERIOD - 1)


def ticks_cpu():
    bus.spend(_COST_US)
    return bus.now * 160 & (_PERIOD - 1)


def ticks_add(ticks, delta):
    return (ticks + delta) & (_PERIOD - 1)


def ticks_diff(a, b):
    return ((a - b + _HALF) & (_PERIOD - 1)) - _HALF


def sleep_us(us):
    until = bus.now + max(integer(us), _COST_US)
    bus.wait(until)
    while bus.now < until:
        bus.wait(until)


def sleep_ms(ms):
    sleep_us(integer(ms) * 1000)


def sleep(s):
    sleep_us(int(s * 1000000))


def time_ns():
    bus.spend(_COST_US)
    return (rtc_origin_us + bus.now) * 1000


def time():
    return time_ns() // 1000000000


def gmtime(s=None):
    return _unix.gmtime((time() if s is None else s) + _UNIX_EPOCH_S)[:8]


localtime = gmtime


def mktime(t):
    """Seconds since 2000 of a date; fields beyond their range carry over, as on the chip."""
    y, month, day, h, m, s = t[:6]
    y += (month - 1) // 12
    month = (month - 1) % 12
    before = y - 1
    days = 365 * (y - 2000) + before // 4 - before // 100 + before // 400 - 484
    days += _DAYS_BEFORE[month] + day - 1
    if month > 1 and y % 4 == 0 and (y % 100 or y % 400 == 0):
        days += 1
    return ((days * 24 + h) * 60 + m) * 60 + s
